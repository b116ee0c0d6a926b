import type { TransportMediaStats } from "../api/index.js";
import type { CallContext, Unsubscribe } from "../call/internal.js";
import type { Direction } from "../media/session.js";
import { type Entry, ReportReader, type StreamStats } from "./report.js";

/** All streams of a call at one moment. */
export interface CallSample {
  readonly at: Date;
  readonly streams: StreamStats[];
  readonly transports: TransportMediaStats<number>[];
}

/** Milliseconds between two samples. */
const INTERVAL = 1_000;

const samplers = new WeakMap<CallContext, (listener: (sample: CallSample) => void) => Unsubscribe>();

/** Hears a sample of the call's media every second, as long as anybody listens and media flows. One reading serves all listeners. */
export function onSample(context: CallContext, listener: (sample: CallSample) => void): Unsubscribe {
  let subscribe = samplers.get(context);
  if (!subscribe) samplers.set(context, (subscribe = sampler(context)));
  return subscribe(listener);
}

/** Reads everything that a call sends and receives; rates are over the time since the last reading. */
export class CallReader {
  private readonly readers = new Map<Direction, { connection: RTCPeerConnection; reader: ReportReader }>();

  constructor(private readonly context: CallContext) {}

  /** Undefined while there is no media. */
  async read(): Promise<CallSample | undefined> {
    const { media } = this.context;
    if (!media) return undefined;
    const streams: StreamStats[] = [];
    const transports: TransportMediaStats<number>[] = [];
    for (const direction of ["publish", "subscribe"] as const) {
      const connection = media.connection(direction);
      if (!connection || connection.connectionState === "closed") continue;
      const report = (await connection.getStats()) as unknown as Iterable<[string, Entry]>;
      const stats = this.reader(direction, connection).read(report, (mid) => media.place(direction, mid));
      streams.push(...stats.streams);
      // Both connections may name their transports alike.
      transports.push(...stats.transports.map((transport) => ({ ...transport, id: `${direction}-${transport.id}` })));
    }
    return { at: new Date(), streams, transports };
  }

  /** Another connection counts from the beginning. */
  private reader(direction: Direction, connection: RTCPeerConnection): ReportReader {
    let known = this.readers.get(direction);
    if (known?.connection !== connection) this.readers.set(direction, (known = { connection, reader: new ReportReader(direction) }));
    return known.reader;
  }
}

function sampler(context: CallContext): (listener: (sample: CallSample) => void) => Unsubscribe {
  const listeners = new Set<(sample: CallSample) => void>();
  const reader = new CallReader(context);
  let timer: ReturnType<typeof setInterval> | undefined;
  let reading = false;

  async function read(): Promise<void> {
    // A report that takes longer than a second is not asked for twice.
    if (reading) return;
    reading = true;
    try {
      const sample = await reader.read();
      if (sample) for (const listener of [...listeners]) listener(sample);
    } finally {
      reading = false;
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  context.onEnd(() => {
    stop();
    listeners.clear();
  });
  return (listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => void read().catch(() => undefined), INTERVAL);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) stop();
    };
  };
}
