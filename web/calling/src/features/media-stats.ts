import type {
  IncomingAudioMediaStats,
  IncomingVideoMediaStats,
  MediaStatsAggregation,
  MediaStatsCallFeature,
  MediaStatsCollector,
  MediaStatsCollectorOptions,
  MediaStatsReportSample,
  MediaStatsReportSampleEvent,
  MediaStatsReportSummary,
  MediaStatsReportSummaryEvent,
  MediaStatValue,
  OutgoingAudioMediaStats,
  OutgoingVideoMediaStats,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import type { StreamStats } from "../stats/report.js";
import { type CallSample, onSample } from "../stats/sampler.js";

/** Seconds of one aggregation, and aggregations of one summary; a summary covers a minute. */
const AGGREGATION_INTERVAL = 10;
const DATA_POINTS = 6;
/** Seconds that a summary may cover; each keeps its samples until it is reported. */
const SUMMARY_SECONDS_MAX = 3_600;

/** Statistics of the call's media, from the browser: a sample every second, and summaries. */
export function mediaStats(context: CallContext): MediaStatsCallFeature {
  const collectors = new Set<MediaStatsCollector>();
  return {
    name: "MediaStats",
    createCollector(options?: MediaStatsCollectorOptions): MediaStatsCollector {
      const made = collector(context, options ?? {}, () => collectors.delete(made));
      collectors.add(made);
      return made;
    },
    dispose() {
      for (const one of [...collectors]) one.dispose();
    },
  };
}

function collector(context: CallContext, options: MediaStatsCollectorOptions, disposed: () => void): MediaStatsCollector {
  const interval = options.aggregationInterval ?? AGGREGATION_INTERVAL;
  const points = options.dataPointsPerAggregation ?? DATA_POINTS;
  if (!(Number.isInteger(interval) && interval > 0 && Number.isInteger(points) && points > 0 && interval * points <= SUMMARY_SECONDS_MAX)) {
    throw new CallingError(400, 0, `aggregationInterval times dataPointsPerAggregation are 1 to ${SUMMARY_SECONDS_MAX} seconds.`);
  }
  const emitter = new Emitter<{ sampleReported: MediaStatsReportSampleEvent; summaryReported: MediaStatsReportSummaryEvent }>();
  let samples: MediaStatsReportSample[] = [];
  const unsubscribe = onSample(context, (sample) => {
    const report = reportOf(sample);
    samples.push(report);
    emitter.emit("sampleReported", report);
    if (samples.length < interval * points) return;
    const all = samples;
    samples = [];
    emitter.emit("summaryReported", summaryOf(all, interval, sample.at));
  });
  return {
    on: emitter.on,
    off: emitter.off,
    dispose() {
      unsubscribe();
      emitter.forget();
      disposed();
    },
  };
}

/** A sample as the SDK shows it: by kind and direction, the layers of a simulcast under the largest of them. */
export function reportOf(sample: CallSample): MediaStatsReportSample {
  const of = (type: StreamStats["place"]["type"], direction: StreamStats["direction"]) =>
    sample.streams.filter((stream) => stream.place.type === type && stream.direction === direction).map((stream) => defined(stream.values));
  const audio = {
    send: of("Audio", "publish") as OutgoingAudioMediaStats<number, string>[],
    receive: of("Audio", "subscribe") as IncomingAudioMediaStats<number, string>[],
  };
  const pictures = (type: "Video" | "ScreenSharing") => ({
    send: layered(of(type, "publish") as OutgoingVideoMediaStats<number, string>[]),
    receive: of(type, "subscribe") as IncomingVideoMediaStats<number, string>[],
  });
  return { audio, video: pictures("Video"), screenShare: pictures("ScreenSharing"), transports: sample.transports };
}

function layered(layers: OutgoingVideoMediaStats<number, string>[]): OutgoingVideoMediaStats<number, string>[] {
  // One camera and one screen are sent at most, so that all of a kind belong together.
  const [largest, ...others] = [...layers].sort((one, other) => (other.frameWidthSent ?? 0) - (one.frameWidthSent ?? 0));
  if (!largest) return [];
  return [others.length > 0 ? { ...largest, altLayouts: others } : largest];
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

type Stats = { id: string; altLayouts?: Stats[] } & { [name: string]: unknown };

function summaryOf(samples: MediaStatsReportSample[], interval: number, timestamp: Date): MediaStatsReportSummary {
  const over = (pick: (sample: MediaStatsReportSample) => object[]) =>
    summarized(
      samples.map((sample) => pick(sample) as Stats[]),
      interval,
      timestamp,
    );
  const summary = {
    audio: { send: over((sample) => sample.audio.send), receive: over((sample) => sample.audio.receive) },
    video: { send: over((sample) => sample.video.send), receive: over((sample) => sample.video.receive) },
    screenShare: { send: over((sample) => sample.screenShare.send), receive: over((sample) => sample.screenShare.receive) },
    transports: over((sample) => sample.transports),
  };
  return summary as unknown as MediaStatsReportSummary;
}

/** For each stream that was seen: each value as the list of what it was, and numbers in aggregations of so many seconds. */
function summarized(perSecond: Stats[][], interval: number, timestamp: Date): object[] {
  const ids = [...new Set(perSecond.flatMap((streams) => streams.map(({ id }) => id)))];
  return ids.map((id) => {
    const seen = perSecond.map((streams) => streams.find((stream) => stream.id === id));
    const names = [...new Set(seen.flatMap((stream) => Object.keys(stream ?? {})))].filter((name) => name !== "id");
    const summary: { [name: string]: unknown } = { id };
    for (const name of names) {
      if (name === "altLayouts")
        summary[name] = summarized(
          seen.map((stream) => stream?.altLayouts ?? []),
          interval,
          timestamp,
        );
      else
        summary[name] = valueOf(
          seen.map((stream) => stream?.[name]),
          interval,
          timestamp,
        );
    }
    return summary;
  });
}

function valueOf(values: unknown[], interval: number, timestamp: Date): MediaStatValue<unknown> {
  const raw = values.filter((value) => value !== undefined);
  if (!raw.every((value) => typeof value === "number")) return { raw, timestamp };
  const aggregation: MediaStatsAggregation = { count: [], sum: [], min: [], max: [] };
  for (let from = 0; from < values.length; from += interval) {
    const part = values.slice(from, from + interval).filter((value) => typeof value === "number");
    aggregation.count.push(part.length);
    aggregation.sum.push(part.reduce((sum, value) => sum + value, 0));
    aggregation.min.push(part.length > 0 ? Math.min(...part) : 0);
    aggregation.max.push(part.length > 0 ? Math.max(...part) : 0);
  }
  return { aggregation, raw, timestamp };
}
