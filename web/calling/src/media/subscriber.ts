import { CallingError } from "../call/errors.js";
import type { Unsubscribe, VideoWatch } from "../call/internal.js";
import type { OfferedTrack, WantedStream } from "../signalling/protocol.js";
import type { MediaSignals, TrackPlace } from "./session.js";
import { Voices } from "./voices.js";

/** A video that somebody wishes to see, with everybody who does. */
interface Wish {
  participant: string;
  stream: number;
  watches: Set<Watch>;
  track: MediaStreamTrack | undefined;
  linger: ReturnType<typeof setTimeout> | undefined;
}

interface Watch {
  width: number;
  height: number;
  arrived(track: MediaStreamTrack): void;
  failed(error: CallingError): void;
  listeners: Set<(track: MediaStreamTrack) => void>;
}

const STREAMS_MAX = 25;
/** A new wish is told at once (all wishes of one turn together), another size a little later. */
const SOON = 10;
const LATER = 200;
/** A view that is made anew at once shall not make the server stop and begin again. */
const LINGER = 500;
const RETRY = 1_000;
/** A page that nobody looks at for so long gets the smallest layers: the pictures are there at once when it is looked at again. */
const HIDDEN_AFTER = 5_000;

const GONE = () => new CallingError(404, 43202, "The stream is no longer available.", "ExpectedError");

/** The connection that carries what the others send; the server offers. */
export class Subscriber {
  connection: RTCPeerConnection | undefined;
  readonly voices = new Voices();

  private closed = false;
  private newest = 0;
  private last: Promise<unknown> = Promise.resolve();
  private readonly wishes = new Map<string, Wish>();
  private places = new Map<string, TrackPlace>();
  private told: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = 0;
  private readonly heard = new WeakSet<MediaStreamTrack>();
  private readonly seen = () => this.plan(document.hidden ? HIDDEN_AFTER : SOON);

  constructor(
    private readonly signals: MediaSignals,
    private readonly connect: () => Promise<RTCPeerConnection>,
    private readonly listener: { receiving(participant: string, stream: number): void; voices(): void },
  ) {}

  /** Asks for what is wished for, and for all voices. */
  begin(): void {
    document.addEventListener("visibilitychange", this.seen);
    this.plan(0);
  }

  watch(participant: string, stream: number, width: number, height: number): VideoWatch {
    const wish = this.wish(participant, stream);
    const listeners: Watch["listeners"] = new Set();
    let watch!: Watch;
    const track = new Promise<MediaStreamTrack>((arrived, failed) => (watch = { width, height, arrived, failed, listeners }));
    track.catch(() => {});
    wish.watches.add(watch);
    clearTimeout(wish.linger);
    if (this.closed) watch.failed(GONE());
    else if (wish.track) watch.arrived(wish.track);
    this.plan(SOON);
    return {
      track,
      onTrack: (listener): Unsubscribe => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      resize: (w, h) => {
        watch.width = w;
        watch.height = h;
        this.plan(LATER);
      },
      close: () => {
        watch.failed(GONE());
        if (!wish.watches.delete(watch) || wish.watches.size > 0) return;
        wish.linger = setTimeout(() => {
          this.wishes.delete(keyOf(wish));
          this.plan(SOON);
        }, LINGER);
      },
    };
  }

  isReceiving(participant: string, stream: number): boolean {
    const track = this.wishes.get(keyOf({ participant, stream }))?.track;
    return track === undefined || !track.muted;
  }

  place(mid: string): TrackPlace | undefined {
    return this.places.get(mid);
  }

  /** The server's offer; an older one that has not been worked on yet is left out. */
  offered(offer: number, sdp: string, tracks: OfferedTrack[]): void {
    this.newest = offer;
    this.next(async () => {
      if (offer !== this.newest) return;
      const answer = await this.answerTo(sdp);
      this.places = new Map(tracks.map(({ mid, ...place }) => [mid, place]));
      this.sort();
      await this.signals.request("media.answer", { offer, sdp: answer });
    });
  }

  restart(): void {
    this.next(async () => {
      if (this.connection) await this.signals.request("media.restart", { connection: "subscribe" });
    });
  }

  /** The server knows nothing of the connection; its next offer is for a new one. */
  renew(): void {
    this.next(async () => {
      this.drop();
      this.told = undefined;
      this.plan(0);
    });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
    this.drop();
    this.voices.close();
    for (const wish of this.wishes.values()) {
      clearTimeout(wish.linger);
      for (const watch of wish.watches) watch.failed(GONE());
    }
    this.wishes.clear();
  }

  private wish(participant: string, stream: number): Wish {
    const key = keyOf({ participant, stream });
    let wish = this.wishes.get(key);
    if (!wish) {
      wish = { participant, stream, watches: new Set(), track: undefined, linger: undefined };
      this.wishes.set(key, wish);
    }
    return wish;
  }

  private next(change: () => Promise<void>): void {
    const guarded = async () => {
      if (!this.closed) await change();
    };
    this.last = this.last.then(guarded).catch(() => undefined);
  }

  private async answerTo(sdp: string): Promise<string> {
    try {
      return await this.accept((this.connection ??= await this.connect()), sdp);
    } catch {
      // The offer does not continue what this connection is: the server has begun another one.
      this.drop();
      return this.accept((this.connection = await this.connect()), sdp);
    }
  }

  private async accept(connection: RTCPeerConnection, sdp: string): Promise<string> {
    await connection.setRemoteDescription({ type: "offer", sdp });
    await connection.setLocalDescription();
    return connection.localDescription!.sdp;
  }

  /** Hands each track to those who wait for it. */
  private sort(): void {
    const voices: MediaStreamTrack[] = [];
    const videos = new Map<string, MediaStreamTrack>();
    for (const transceiver of this.connection?.getTransceivers() ?? []) {
      const place = transceiver.mid === null ? undefined : this.places.get(transceiver.mid);
      if (!place || place.participant === undefined) continue;
      const { track } = transceiver.receiver;
      if (place.type === "Audio") voices.push(track);
      else videos.set(keyOf({ participant: place.participant, stream: place.stream }), track);
    }
    this.voices.play(voices);
    if (voices.length > 0) this.listener.voices();
    for (const [key, wish] of this.wishes) {
      const track = videos.get(key);
      if (track && track !== wish.track) this.arrived(wish, track);
      else wish.track = track;
    }
  }

  private arrived(wish: Wish, track: MediaStreamTrack): void {
    wish.track = track;
    if (!this.heard.has(track)) {
      this.heard.add(track);
      const changed = () => {
        for (const one of this.wishes.values()) if (one.track === track) this.listener.receiving(one.participant, one.stream);
      };
      track.addEventListener("mute", changed);
      track.addEventListener("unmute", changed);
    }
    for (const watch of wish.watches) {
      watch.arrived(track);
      for (const listener of watch.listeners) listener(track);
    }
  }

  /** Tells the server what is wished for, in this many milliseconds at the latest. */
  private plan(wait: number): void {
    if (this.closed) return;
    const due = Date.now() + wait;
    if (this.timer !== undefined && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.tell();
    }, wait);
  }

  private async tell(): Promise<void> {
    const streams: WantedStream[] = [...this.wishes.values()].map(({ participant, stream, watches }) => ({
      participant,
      stream,
      width: document.hidden ? 1 : Math.max(1, ...[...watches].map((one) => Math.round(one.width))),
      height: document.hidden ? 1 : Math.max(1, ...[...watches].map((one) => Math.round(one.height))),
    }));
    // More than the server takes: the largest.
    streams.sort((a, b) => b.width * b.height - a.width * a.height);
    const list = streams.slice(0, STREAMS_MAX);
    const text = JSON.stringify(list);
    if (text === this.told) return;
    this.told = text;
    try {
      await this.signals.request("media.subscribe", { streams: list });
    } catch (error) {
      if (this.told === text) this.told = undefined;
      if (error instanceof CallingError && (error.code === 503 || error.code === 429)) this.plan(RETRY);
    }
  }

  private drop(): void {
    this.connection?.close();
    this.connection = undefined;
    this.places = new Map();
    for (const wish of this.wishes.values()) wish.track = undefined;
    this.voices.play([]);
  }
}

function keyOf({ participant, stream }: { participant: string; stream: number }): string {
  return `${participant} ${stream}`;
}
