import { CallingError } from "../call/errors.js";
import type { LocalSource, Unsubscribe } from "../call/internal.js";

/** Changes a track, for instance blurs it; gives the changed one. `stop` ends what it made, not the track that it was given. */
export interface TrackEffect {
  apply(track: MediaStreamTrack): Promise<{ track: MediaStreamTrack; stop(): void }>;
}

/** What a local stream captures; behind `localStream[INTERNAL]`. Devices are opened when they are first needed. */
export interface Capture extends LocalSource {
  /** What is sent, as a stream. */
  stream(): Promise<MediaStream>;
  /** Takes another source; what is open is exchanged, and listeners hear of the new track. Keeps the old source when the new one does not open. */
  replace(open: Opener): Promise<void>;
  /** Puts an effect on the source, or takes it away. */
  setEffect(effect: TrackEffect | undefined): Promise<void>;
  /** Whether a device is open. */
  readonly isOpen: boolean;
  dispose(): void;
}

/** Opens a source. Only `owned` tracks are stopped by us: a stream that the application brought stays its own. */
export interface Opener {
  open(): Promise<MediaStream>;
  readonly owned: boolean;
}

export function capture(kind: "audio" | "video", opener: Opener, disposeOnCallEnd: boolean): Capture {
  interface Open {
    from: Opener;
    source: MediaStreamTrack;
    sent: MediaStreamTrack;
    stopEffect: () => void;
    unhear: () => void;
  }
  const trackListeners = new Set<(track: MediaStreamTrack) => void>();
  const endListeners = new Set<() => void>();
  let current = opener;
  let effect: TrackEffect | undefined;
  let open: Open | undefined;
  let holds = 0;
  let opens = 0;
  let disposed = false;
  // Changes run one after the other: a quick second choice of a device must not be overtaken by the first.
  let last: Promise<unknown> = Promise.resolve();

  function next<T>(change: () => Promise<T>): Promise<T> {
    const done = last.then(change, change);
    last = done.catch(() => undefined);
    return done;
  }

  async function start(from: Opener): Promise<Open> {
    if (disposed) throw new CallingError(400, 0, "The stream has been disposed of.");
    const stream = await from.open();
    const source = (kind === "audio" ? stream.getAudioTracks() : stream.getVideoTracks())[0];
    if (!source) throw new CallingError(400, 0, `The stream has no ${kind} track.`);
    const onEnded = () => endListeners.forEach((listener) => listener());
    source.addEventListener("ended", onEnded);
    const opened: Open = { from, source, sent: source, stopEffect: () => {}, unhear: () => source.removeEventListener("ended", onEnded) };
    if (disposed) {
      stop(opened);
      throw new CallingError(400, 0, "The stream was disposed of while its device was opening.");
    }
    return opened;
  }

  async function affect(opened: Open): Promise<void> {
    opened.stopEffect();
    opened.stopEffect = () => {};
    opened.sent = opened.source;
    if (!effect) return;
    const changed = await effect.apply(opened.source);
    opened.sent = changed.track;
    opened.stopEffect = changed.stop;
  }

  function stop(opened: Open): void {
    opened.unhear();
    opened.stopEffect();
    if (opened.from.owned) opened.source.stop();
  }

  function close(): void {
    if (open) stop(open);
    open = undefined;
  }

  function tell(): void {
    const track = open?.sent;
    if (track) trackListeners.forEach((listener) => listener(track));
  }

  async function opened(): Promise<Open> {
    if (open && open.source.readyState !== "ended") return open;
    close();
    const fresh = await start(current);
    try {
      await affect(fresh);
    } catch (error) {
      stop(fresh);
      throw error;
    }
    open = fresh;
    // Whoever used the track before it was closed goes on with the new one.
    if (opens++ > 0) tell();
    return fresh;
  }

  return {
    disposeOnCallEnd,
    get isOpen() {
      return open !== undefined;
    },
    track: () => next(async () => (await opened()).sent),
    stream: () => next(async () => new MediaStream([(await opened()).sent])),
    hold() {
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        if (--holds === 0) void next(async () => (holds === 0 ? close() : undefined));
      };
    },
    replace: (from) =>
      next(async () => {
        if (open) {
          const fresh = await start(from);
          const old = open;
          open = fresh;
          current = from;
          stop(old);
          try {
            await affect(fresh);
          } finally {
            tell();
          }
        } else {
          current = from;
        }
      }),
    setEffect: (wanted) =>
      next(async () => {
        const before = effect;
        effect = wanted;
        if (!open) return;
        try {
          await affect(open);
        } catch (error) {
          effect = before === wanted ? undefined : before;
          await affect(open).catch(() => (effect = undefined));
          throw error;
        } finally {
          tell();
        }
      }),
    onTrack: (listener) => subscribe(trackListeners, listener),
    onEnded: (listener) => subscribe(endListeners, listener),
    dispose() {
      disposed = true;
      close();
      trackListeners.clear();
      endListeners.clear();
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): Unsubscribe {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
