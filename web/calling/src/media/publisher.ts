import { CallingError } from "../call/errors.js";
import type { LocalSource, Unsubscribe } from "../call/internal.js";
import type { PublishedTrack } from "../signalling/protocol.js";
import type { MediaSignals, Outgoing, SendBounds } from "./session.js";

type Kind = keyof Outgoing;

/** One kind of track: its place in the connection, and what is sent there now. */
interface Slot {
  transceiver?: RTCRtpTransceiver;
  source?: LocalSource;
  track?: MediaStreamTrack;
  release: () => void;
}

const KINDS: Kind[] = ["audio", "video", "screen"];
const TYPES: Record<Kind, PublishedTrack["type"]> = { audio: "Audio", video: "Video", screen: "ScreenSharing" };

/** Layers of the camera at 720 lines: a quarter, a half, the whole. Bits per second. */
const LAYERS = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
];
const SCREEN_BITRATE = 2_500_000;

/** The connection that carries what this client sends; the client offers. Changes run one after the other. */
export class Publisher {
  connection: RTCPeerConnection | undefined;

  private muted = false;
  private held = false;
  private bounds: SendBounds = {};
  private closed = false;
  private readonly slots: Record<Kind, Slot> = { audio: empty(), video: empty(), screen: empty() };
  private last: Promise<unknown> = Promise.resolve();

  /** @param connect makes a connection with the relays of now */
  constructor(
    private readonly signals: MediaSignals,
    private readonly connect: () => Promise<RTCPeerConnection>,
  ) {}

  /** Rejects when a camera or screen cannot be opened or may not be sent; a microphone that cannot be opened is left out. */
  async send(outgoing: Outgoing): Promise<void> {
    // Devices are opened outside of the queue: a person may think about a permission for long.
    const opened = await Promise.all(KINDS.map((kind) => this.openSource(kind, outgoing[kind])));
    await this.next(async () => {
      const before = KINDS.filter((kind) => this.slots[kind].track);
      KINDS.forEach((kind, i) => this.fill(kind, outgoing[kind], opened[i]));
      const now = KINDS.filter((kind) => this.slots[kind].track);
      if (now.length > 0 || this.connection) {
        if (before.join() !== now.join()) await this.negotiate(false);
        else await Promise.all(KINDS.map((kind) => this.place(kind)));
      }
    });
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    const { track } = this.slots.audio;
    if (track) track.enabled = !muted;
  }

  setHeld(held: boolean): void {
    if (this.held === held) return;
    this.held = held;
    void this.next(() => Promise.all(KINDS.map((kind) => this.place(kind))));
  }

  async setBounds(bounds: SendBounds): Promise<void> {
    this.bounds = bounds;
    await this.next(() => this.limit());
  }

  /** Other paths through the network, the same connection. */
  restart(): Promise<unknown> {
    return this.next(async () => {
      if (this.connection) await this.negotiate(true);
    });
  }

  /** The server knows nothing of the connection: a new one. */
  renew(): Promise<unknown> {
    return this.next(async () => {
      this.drop();
      if (KINDS.some((kind) => this.slots[kind].track)) await this.negotiate(false);
    });
  }

  /** What the n-th media section carries. */
  typeOf(mid: string): PublishedTrack["type"] | undefined {
    const kind = KINDS.find((kind) => this.slots[kind].transceiver?.mid === mid);
    return kind && TYPES[kind];
  }

  close(): void {
    this.closed = true;
    this.drop();
    for (const kind of KINDS) this.fill(kind, undefined, undefined);
  }

  private next<T>(change: () => Promise<T>): Promise<T | undefined> {
    const guarded = async () => (this.closed ? undefined : change());
    const done = this.last.then(guarded, guarded);
    this.last = done.catch(() => undefined);
    return done;
  }

  private async openSource(kind: Kind, source: LocalSource | undefined): Promise<MediaStreamTrack | undefined> {
    if (!source || source === this.slots[kind].source) return undefined;
    try {
      return await source.track();
    } catch (error) {
      if (kind === "audio") return undefined;
      throw error;
    }
  }

  private fill(kind: Kind, source: LocalSource | undefined, track: MediaStreamTrack | undefined): void {
    const slot = this.slots[kind];
    if (source && source === slot.source) return;
    slot.release();
    this.slots[kind] = { transceiver: slot.transceiver, release: () => {} };
    if (!source || !track || this.closed) return;
    const unhold = source.hold();
    const unhear: Unsubscribe = source.onTrack((other) => {
      this.take(kind, other);
      void this.next(() => this.place(kind));
    });
    Object.assign(this.slots[kind], {
      source,
      release: () => {
        unhear();
        unhold();
        this.letGo(kind);
      },
    });
    this.take(kind, track);
  }

  /** A microphone's track is cloned, so that it can be silent here and heard elsewhere: in another call, or by who measures loudness. */
  private take(kind: Kind, track: MediaStreamTrack): void {
    this.letGo(kind);
    const slot = this.slots[kind];
    slot.track = kind === "audio" ? track.clone() : track;
    if (kind === "audio") slot.track.enabled = !this.muted;
    if (kind === "screen" && "contentHint" in track && !track.contentHint) track.contentHint = "detail";
  }

  private letGo(kind: Kind): void {
    const slot = this.slots[kind];
    if (kind === "audio") slot.track?.stop();
    slot.track = undefined;
  }

  private async place(kind: Kind): Promise<void> {
    const { transceiver, track } = this.slots[kind];
    await transceiver?.sender.replaceTrack(this.held ? null : (track ?? null));
    if (kind === "video" && track) await this.limit();
  }

  private async negotiate(iceRestart: boolean): Promise<void> {
    const connection = (this.connection ??= await this.connect());
    if (this.closed) {
      this.drop();
      return;
    }
    for (const kind of KINDS) {
      const slot = this.slots[kind];
      if (slot.track && !slot.transceiver) {
        slot.transceiver = connection.addTransceiver(this.held ? slot.track.kind : slot.track, {
          direction: "sendonly",
          sendEncodings: kind === "video" ? this.layers() : kind === "screen" ? [{ maxBitrate: SCREEN_BITRATE }] : undefined,
        });
        if (kind !== "audio") preferVp8(slot.transceiver);
      } else if (slot.transceiver) {
        slot.transceiver.direction = slot.track ? "sendonly" : "inactive";
        await this.place(kind);
      }
    }
    await connection.setLocalDescription(await connection.createOffer({ iceRestart }));
    const tracks = KINDS.flatMap((kind) => {
      const { transceiver, track } = this.slots[kind];
      return track && transceiver?.mid ? [{ mid: transceiver.mid, type: TYPES[kind] }] : [];
    });
    try {
      const { sdp } = await this.signals.request("media.publish", { sdp: connection.localDescription!.sdp, tracks });
      await connection.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      if (connection.signalingState === "have-local-offer") await connection.setLocalDescription({ type: "rollback" }).catch(() => {});
      // An answer that does not fit, or an offer that the server does not understand: only a new connection helps.
      if (!(error instanceof CallingError) || error.code === 410) this.drop();
      throw error;
    }
  }

  private drop(): void {
    this.connection?.close();
    this.connection = undefined;
    for (const kind of KINDS) this.slots[kind].transceiver = undefined;
  }

  private layers(): RTCRtpEncodingParameters[] {
    const { bitrate, frameRate, frameHeight } = this.bounds;
    const height = this.slots.video.track?.getSettings().height;
    const shrink = frameHeight && height ? Math.max(1, height / frameHeight) : 1;
    const whole = LAYERS.reduce((sum, one) => sum + one.maxBitrate, 0);
    const part = bitrate ? Math.min(1, bitrate / whole) : 1;
    return LAYERS.map((layer) => ({
      ...layer,
      scaleResolutionDownBy: layer.scaleResolutionDownBy * shrink,
      maxBitrate: Math.round(layer.maxBitrate * part),
      ...(frameRate ? { maxFramerate: frameRate } : {}),
    }));
  }

  /** Applies the bounds to what is being sent. */
  private async limit(): Promise<void> {
    const { transceiver, track } = this.slots.video;
    const parameters = transceiver?.sender.getParameters();
    if (!track || !parameters || parameters.encodings.length === 0) return;
    const wanted = this.layers();
    let changed = false;
    for (const [i, encoding] of parameters.encodings.entries()) {
      const layer = wanted.find((one) => one.rid === encoding.rid) ?? wanted[Math.min(i, wanted.length - 1)]!;
      for (const name of ["maxBitrate", "maxFramerate", "scaleResolutionDownBy"] as const) {
        changed ||= encoding[name] !== layer[name];
        if (layer[name] === undefined) delete encoding[name];
        else encoding[name] = layer[name];
      }
    }
    if (changed) await transceiver!.sender.setParameters(parameters).catch(() => {});
  }
}

/** Three layers of VP8 cost the least where encoders are software, and every browser does simulcast with it. */
function preferVp8(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities?.("video")?.codecs;
  if (!codecs || !("setCodecPreferences" in transceiver)) return;
  const isVp8 = (codec: { mimeType: string }) => codec.mimeType.toLowerCase() === "video/vp8";
  transceiver.setCodecPreferences([...codecs.filter(isVp8), ...codecs.filter((codec) => !isVp8(codec))]);
}

function empty(): Slot {
  return { release: () => {} };
}
