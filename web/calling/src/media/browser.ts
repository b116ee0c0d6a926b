import { deviceIdOf } from "../devices/ids.js";
import type { VideoWatch } from "../call/internal.js";
import { Publisher } from "./publisher.js";
import type { Direction, MediaSession, MediaSignals, Outgoing, SendBounds, TrackPlace } from "./session.js";
import { Subscriber } from "./subscriber.js";

/** A path that is silent for this long is given up; shorter gaps heal by themselves. */
const SILENCE_MAX = 3_000;
const AGAIN = 5_000;
/** Relays are worth this much waiting, and no more. */
const RELAYS_PATIENCE = 1_500;

/** The media of one call in a browser. */
export function browserMedia(signals: MediaSignals): MediaSession {
  const states = new Set<(direction: Direction, state: RTCPeerConnectionState) => void>();
  const receiving = new Set<(participant: string, stream: number) => void>();
  const hearing = new Set<() => void>();
  const restarts: { [direction in Direction]?: ReturnType<typeof setTimeout> } = {};
  let incomingMuted = false;
  let held = false;

  const publisher: Publisher = new Publisher(signals, () => connect("publish"));
  const subscriber: Subscriber = new Subscriber(signals, () => connect("subscribe"), {
    receiving: (participant, stream) => receiving.forEach((listener) => listener(participant, stream)),
    voices: () => hearing.forEach((listener) => listener()),
  });

  async function connect(direction: Direction): Promise<RTCPeerConnection> {
    const iceServers = await within(RELAYS_PATIENCE, signals.relays(), []);
    const connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
    connection.addEventListener("connectionstatechange", () => {
      const state = connection.connectionState;
      states.forEach((listener) => listener(direction, state));
      clearTimeout(restarts[direction]);
      if (state === "disconnected") heal(direction, SILENCE_MAX);
      else if (state === "failed") heal(direction, 0);
    });
    return connection;
  }

  /** Restarts ICE until the connection is well again. */
  function heal(direction: Direction, wait: number): void {
    restarts[direction] = setTimeout(() => {
      const state = of(direction).connection?.connectionState;
      if (state !== "disconnected" && state !== "failed") return;
      of(direction).restart();
      heal(direction, AGAIN);
    }, wait);
  }

  function of(direction: Direction): Publisher | Subscriber {
    return direction === "publish" ? publisher : subscriber;
  }

  function place(direction: Direction, mid: string): TrackPlace | undefined {
    if (direction === "subscribe") return subscriber.place(mid);
    const type = publisher.typeOf(mid);
    return type && { type, stream: 0 };
  }

  function silence(): void {
    subscriber.voices.setMuted(incomingMuted || held);
  }

  subscriber.begin();
  return {
    send: (outgoing: Outgoing) => publisher.send(outgoing),
    setMuted: (muted) => publisher.setMuted(muted),
    setIncomingMuted(muted) {
      incomingMuted = muted;
      silence();
    },
    setHeld(now) {
      held = now;
      publisher.setHeld(now);
      silence();
    },
    setBounds: (bounds: SendBounds) => publisher.setBounds(bounds),
    setSpeaker: (id) => subscriber.voices.setSpeaker(deviceIdOf({ id })),
    watch: (participant, stream, width, height) => subscriber.watch(participant, stream, width, height),
    async streamOf(watch: VideoWatch) {
      const stream = new MediaStream([await watch.track]);
      watch.onTrack((track) => {
        for (const old of stream.getTracks()) stream.removeTrack(old);
        stream.addTrack(track);
      });
      return stream;
    },
    isReceiving: (participant, stream) => subscriber.isReceiving(participant, stream),
    onReceiving: (listener) => subscribed(receiving, listener),
    remoteAudio: () => (subscriber.voices.stream.getTracks().length > 0 ? subscriber.voices.stream : undefined),
    onRemoteAudio: (listener) => subscribed(hearing, listener),
    offered: (offer, sdp, tracks) => subscriber.offered(offer, sdp, tracks),
    restart: (direction) => void Promise.resolve(of(direction).restart()).catch(() => {}),
    renew() {
      void publisher.renew().catch(() => {});
      subscriber.renew();
    },
    connection: (direction) => of(direction).connection,
    place,
    onState: (listener) => subscribed(states, listener),
    close() {
      for (const one of Object.values(restarts)) clearTimeout(one);
      publisher.close();
      subscriber.close();
    },
  };
}

function subscribed<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function within<T>(milliseconds: number, promise: Promise<T>, otherwise: T): Promise<T> {
  return Promise.race([promise, new Promise<T>((resolve) => setTimeout(() => resolve(otherwise), milliseconds))]);
}
