import type { StatsSample } from "../signalling/protocol.js";
import type { Direction, TrackPlace } from "./session.js";

const STREAMS_MAX = 32;

type Entry = { id: string; type: string; timestamp: number; [name: string]: unknown };

/** Makes samples of quality out of two reports of a connection: rates are taken over the time between them. */
export class QualitySampler {
  private before = new Map<string, Entry>();

  /** @param place what a media section carries */
  sample(report: RTCStatsReport, direction: Direction, place: (mid: string) => TrackPlace | undefined): StatsSample[] {
    const all = new Map<string, Entry>();
    report.forEach((entry: Entry) => all.set(entry.id, entry));
    const wanted = direction === "publish" ? "outbound-rtp" : "inbound-rtp";
    const samples: StatsSample[] = [];
    for (const entry of all.values()) {
      if (entry.type !== wanted || typeof entry.mid !== "string") continue;
      const of = place(entry.mid);
      const before = this.before.get(entry.id);
      if (of && before) samples.push(sampleOf(entry, before, all, of, direction));
    }
    this.before = all;
    return samples.slice(0, STREAMS_MAX);
  }
}

function sampleOf(now: Entry, before: Entry, all: Map<string, Entry>, place: TrackPlace, direction: Direction): StatsSample {
  const number = (entry: Entry | undefined, name: string) => (typeof entry?.[name] === "number" ? (entry[name] as number) : undefined);
  const grown = (name: string) => (number(now, name) ?? 0) - (number(before, name) ?? 0);
  const entryOf = (name: string) => all.get(String(now[name]));
  const seconds = Math.max(0.001, (now.timestamp - before.timestamp) / 1_000);
  const codec = entryOf("codecId")?.mimeType;
  const sending = direction === "publish";
  const remote = entryOf("remoteId");
  const transport = entryOf("transportId");
  const pair = transport && all.get(String(transport.selectedCandidatePairId));
  const rtt = number(remote, "roundTripTime") ?? number(pair, "currentRoundTripTime");
  const jitter = number(sending ? remote : now, "jitter");
  const lost = grown("packetsLost");
  const came = grown("packetsReceived");
  const sample: StatsSample = {
    id: sending ? String(now.rid ?? now.mid) : `${place.participant} ${place.stream}`,
    type: place.type,
    direction: sending ? "outbound" : "inbound",
    bitrate: Math.round((grown(sending ? "bytesSent" : "bytesReceived") * 8) / seconds),
  };
  if (typeof codec === "string") sample.codec = codec.replace(/^\w+\//, "");
  if (rtt !== undefined) sample.rtt = Math.round(rtt * 1_000);
  if (jitter !== undefined) sample.jitter = Math.round(jitter * 1_000);
  if (sending) sample.loss = bounded(number(remote, "fractionLost") ?? 0);
  else sample.loss = lost + came > 0 ? bounded(lost / (lost + came)) : 0;
  if (place.type !== "Audio") {
    sample.frameRate = number(now, "framesPerSecond") ?? 0;
    sample.width = number(now, "frameWidth") ?? 0;
    sample.height = number(now, "frameHeight") ?? 0;
    if (!sending) sample.freeze = Math.round(grown("totalFreezesDuration") * 1_000);
  }
  return sample;
}

function bounded(part: number): number {
  return Math.min(1, Math.max(0, part));
}
