import type { TransportMediaStats } from "../api/index.js";
import type { Direction, TrackPlace } from "../media/session.js";

/** One RTP stream of one second, in the words of `IncomingVideoMediaStats` and its sisters. Rates are over the time since the last report. */
export interface StreamStats {
  readonly direction: Direction;
  readonly place: TrackPlace;
  readonly mid: string;
  readonly rid: string | undefined;
  readonly values: { id: string; [name: string]: number | string | undefined };
  /** From 0 to 1, of the packets since the last report; undefined when none were to come. */
  readonly loss: number | undefined;
  /** Milliseconds for which the picture stood since the last report. */
  readonly frozen: number | undefined;
}

export interface ConnectionStats {
  streams: StreamStats[];
  transports: TransportMediaStats<number>[];
}

/** An entry of a report (Identifiers for WebRTC's Statistics API). */
export type Entry = { id: string; type: string; timestamp: number; [name: string]: unknown };

/** Reads reports of one connection, one after the other. */
export class ReportReader {
  private before = new Map<string, Entry>();
  private readonly longestFreeze = new Map<string, number>();

  constructor(private readonly direction: Direction) {}

  /** @param place what a media section carries; streams of unknown ones are left out */
  read(report: Iterable<[string, Entry]>, place: (mid: string) => TrackPlace | undefined): ConnectionStats {
    const all = new Map<string, Entry>(report);
    const streams: StreamStats[] = [];
    const transports: TransportMediaStats<number>[] = [];
    for (const entry of all.values()) {
      if (entry.type === (this.direction === "publish" ? "outbound-rtp" : "inbound-rtp")) {
        const mid = typeof entry.mid === "string" ? entry.mid : "";
        const where = place(mid);
        if (where) streams.push(this.stream(entry, mid, where, all));
      } else if (entry.type === "transport") {
        transports.push(transport(entry, all));
      }
    }
    this.before = all;
    return { streams, transports };
  }

  private stream(entry: Entry, mid: string, place: TrackPlace, all: Map<string, Entry>): StreamStats {
    const before = this.before.get(entry.id);
    const seconds = before ? Math.max(0.001, (entry.timestamp - before.timestamp) / 1000) : 0;
    const grown = (name: string, of: Entry = entry): number | undefined => {
      const then = number(this.before.get(of.id), name);
      const now = number(of, name);
      return then === undefined || now === undefined ? undefined : Math.max(0, now - then);
    };
    const rate = (name: string, of?: Entry): number | undefined => per(grown(name, of), seconds);
    const sending = this.direction === "publish";
    const remote = all.get(String(entry.remoteId));
    const codec = all.get(String(entry.codecId))?.mimeType;
    const source = all.get(String(entry.mediaSourceId));
    const loser = sending ? remote : entry;
    const lost = loser && grown("packetsLost", loser);
    const passed = grown(sending ? "packetsSent" : "packetsReceived");
    const losses = lost === undefined || passed === undefined ? undefined : sending ? lost / Math.max(passed, lost) : lost / (passed + lost);
    const path = selectedPair(all.get(String(entry.transportId)), all);

    const values: StreamStats["values"] = {
      id: entry.id,
      codecName: typeof codec === "string" ? codec.replace(/^\w+\//, "") : undefined,
      bitrate: rounded(rate(sending ? "bytesSent" : "bytesReceived"), 8),
      jitterInMs: rounded(number(sending ? remote : entry, "jitter"), 1000),
      packets: number(entry, sending ? "packetsSent" : "packetsReceived"),
      packetsPerSecond: rounded(per(passed, seconds)),
      packetsLost: number(loser, "packetsLost"),
      packetsLostPerSecond: rounded(per(lost, seconds)),
      rttInMs: rounded(number(remote, "roundTripTime") ?? number(path, "currentRoundTripTime"), 1000),
      transportId: typeof entry.transportId === "string" ? entry.transportId : undefined,
    };
    if (place.type === "Audio" && sending) {
      values.audioInputLevel = rounded(number(source, "audioLevel"), 65_535);
    } else if (place.type === "Audio") {
      values.jitterBufferDelayInMs = bufferDelay(grown);
      values.audioOutputLevel = rounded(number(entry, "audioLevel"), 65_535);
      const concealed = grown("concealedSamples");
      const received = grown("totalSamplesReceived");
      values.healedRatio = concealed === undefined || !received ? undefined : concealed / received;
    } else if (sending) {
      Object.assign(values, {
        frameRateInput: rounded(number(source, "framesPerSecond")),
        frameWidthInput: number(source, "width"),
        frameHeightInput: number(source, "height"),
        framesEncoded: number(entry, "framesEncoded"),
        frameRateEncoded: rounded(rate("framesEncoded")),
        framesSent: number(entry, "framesSent"),
        frameRateSent: rounded(rate("framesSent")),
        frameWidthSent: number(entry, "frameWidth"),
        frameHeightSent: number(entry, "frameHeight"),
        keyFramesEncoded: number(entry, "keyFramesEncoded"),
      });
    } else {
      Object.assign(values, {
        streamId: place.stream,
        jitterBufferDelayInMs: bufferDelay(grown),
        frameRateDecoded: rounded(rate("framesDecoded")),
        frameRateReceived: rounded(rate("framesReceived")),
        frameWidthReceived: number(entry, "frameWidth"),
        frameHeightReceived: number(entry, "frameHeight"),
        longestFreezeDurationInMs: this.freeze(entry, grown),
        totalFreezeDurationInMs: rounded(number(entry, "totalFreezesDuration"), 1000),
        framesReceived: number(entry, "framesReceived"),
        framesDropped: number(entry, "framesDropped"),
        framesDecoded: number(entry, "framesDecoded"),
        keyFramesDecoded: number(entry, "keyFramesDecoded"),
      });
    }
    const loss = losses === undefined || Number.isNaN(losses) ? undefined : Math.min(1, losses);
    const rid = typeof entry.rid === "string" ? entry.rid : undefined;
    return { direction: this.direction, place, mid, rid, values, loss, frozen: rounded(grown("totalFreezesDuration"), 1000) };
  }

  /** The standard tells how many freezes there were and how long all of them took; within one second there is mostly one. */
  private freeze(entry: Entry, grown: (name: string) => number | undefined): number | undefined {
    const count = grown("freezeCount");
    const seconds = grown("totalFreezesDuration");
    if (count === undefined || seconds === undefined) return this.longestFreeze.get(entry.id);
    const longest = Math.max(this.longestFreeze.get(entry.id) ?? 0, count > 0 ? Math.round((seconds / count) * 1000) : 0);
    this.longestFreeze.set(entry.id, longest);
    return longest;
  }
}

function transport(entry: Entry, all: Map<string, Entry>): TransportMediaStats<number> {
  const pair = selectedPair(entry, all);
  const stats: TransportMediaStats<number> = { id: entry.id };
  const rtt = rounded(number(pair, "currentRoundTripTime"), 1000);
  const incoming = number(pair, "availableIncomingBitrate");
  const outgoing = number(pair, "availableOutgoingBitrate");
  if (rtt !== undefined) stats.rttInMs = rtt;
  if (incoming !== undefined) stats.availableIncomingBitrate = incoming;
  if (outgoing !== undefined) stats.availableOutgoingBitrate = outgoing;
  return stats;
}

/** Firefox names no selected pair in its transports; there the nominated one is it. */
function selectedPair(transport: Entry | undefined, all: Map<string, Entry>): Entry | undefined {
  const named = all.get(String(transport?.selectedCandidatePairId));
  return (
    named ??
    [...all.values()].find(
      (entry) => entry.type === "candidate-pair" && (entry.selected === true || (entry.nominated === true && entry.state === "succeeded")),
    )
  );
}

function bufferDelay(grown: (name: string) => number | undefined): number | undefined {
  const delay = grown("jitterBufferDelay");
  const emitted = grown("jitterBufferEmittedCount");
  return delay === undefined || !emitted ? undefined : Math.round((delay / emitted) * 1000);
}

function number(entry: Entry | undefined, name: string): number | undefined {
  const value = entry?.[name];
  return typeof value === "number" ? value : undefined;
}

function per(amount: number | undefined, seconds: number): number | undefined {
  return amount === undefined || seconds === 0 ? undefined : amount / seconds;
}

function rounded(value: number | undefined, factor = 1): number | undefined {
  return value === undefined ? undefined : Math.round(value * factor);
}
