import type { CallContext } from "../call/internal.js";
import type { StatsSample } from "../signalling/protocol.js";
import type { StreamStats } from "./report.js";
import { CallReader } from "./sampler.js";

const EVERY = 10_000;
const STREAMS_MAX = 32;

/** Tells the server every ten seconds how good the media of a call is, for the call's record. */
export function reportQuality(context: CallContext): void {
  const reader = new CallReader(context);
  const timer = setInterval(() => void tell().catch(() => undefined), EVERY);
  context.onEnd(() => clearInterval(timer));

  async function tell(): Promise<void> {
    const sample = await reader.read();
    const flows = ({ direction }: StreamStats) => context.media?.connection(direction)?.connectionState === "connected";
    const streams = (sample?.streams ?? []).filter(flows).flatMap(qualityOf).slice(0, STREAMS_MAX);
    if (streams.length > 0) await context.request("stats", { streams });
  }
}

/** A stream in the protocol's words; empty for its first report, which has no rates yet. */
function qualityOf({ direction, place, mid, rid, values, loss, frozen }: StreamStats): StatsSample[] {
  const number = (name: string) => (typeof values[name] === "number" ? values[name] : undefined);
  const sending = direction === "publish";
  const bitrate = number("bitrate");
  if (bitrate === undefined) return [];
  const sample: StatsSample = {
    id: sending ? (rid ?? mid) : `${place.participant} ${place.stream}`,
    type: place.type,
    direction: sending ? "outbound" : "inbound",
    bitrate,
    loss: loss ?? 0,
    codec: typeof values.codecName === "string" ? values.codecName : undefined,
    rtt: number("rttInMs"),
    jitter: number("jitterInMs"),
  };
  if (place.type === "Audio") return [sample];
  const end = sending ? "Sent" : "Received";
  sample.frameRate = number(sending ? "frameRateSent" : "frameRateDecoded") ?? 0;
  sample.width = number(`frameWidth${end}`) ?? 0;
  sample.height = number(`frameHeight${end}`) ?? 0;
  if (!sending) sample.freeze = frozen ?? 0;
  return [sample];
}
