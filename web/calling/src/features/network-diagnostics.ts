import type { NetworkDiagnosticType } from "../api/index.js";
import { DiagnosticQuality } from "../api/kinds.js";
import type { CallContext, Unsubscribe } from "../call/internal.js";
import type { StreamStats } from "../stats/report.js";
import { type CallSample, onSample } from "../stats/sampler.js";
import type { Report } from "./diagnostics.js";
import { subscriptions } from "./feature.js";

/** From when on a network is poor and bad: part of packets lost, milliseconds of delay and of its variation. */
const POOR = { loss: 0.03, rtt: 400, jitter: 40 };
const BAD = { loss: 0.1, rtt: 800, jitter: 100 };
/** Seconds in a row that a quality has to last before it is told. */
const LASTING = 4;
/** Codes of `icecandidateerror` from here on are our own: the relay could not be reached (WebRTC, section 4.8.3). */
const UNREACHABLE = 701;

/** Watches the signalling, the connections of the media and the quality of what they carry. */
export function watchNetwork(context: CallContext, report: Report<NetworkDiagnosticType>): Unsubscribe {
  const subscribed = subscriptions();
  const states = new Map<string, RTCPeerConnectionState>();

  function connected(): void {
    const lost = context.signalling === "Reconnecting" || [...states.values()].includes("disconnected");
    const failed = [...states.values()].includes("failed");
    report("networkReconnect", failed ? DiagnosticQuality.Bad : lost ? DiagnosticQuality.Poor : DiagnosticQuality.Good);
    const offline = globalThis.navigator?.onLine === false;
    report("noNetwork", offline || (failed && context.signalling !== "Connected"));
  }

  const relays = new WeakSet<RTCPeerConnection>();
  function watchRelays(): void {
    for (const direction of ["publish", "subscribe"] as const) {
      const connection = context.media?.connection(direction);
      if (!connection || relays.has(connection)) continue;
      relays.add(connection);
      connection.addEventListener("icecandidateerror", ({ url, errorCode }) => {
        if (/^turns?:/.test(url ?? "") && errorCode >= UNREACHABLE) report("networkRelaysNotReachable", true);
      });
      connection.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate?.type === "relay") report("networkRelaysNotReachable", false);
      });
    }
  }

  let unhearMedia: Unsubscribe = () => {};
  function watchMedia(): void {
    unhearMedia();
    states.clear();
    watchRelays();
    unhearMedia =
      context.media?.onState((direction, state) => {
        watchRelays();
        states.set(direction, state);
        connected();
      }) ?? (() => {});
    connected();
  }

  const send = lasting((quality) => report("networkSendQuality", quality));
  const receive = lasting((quality) => report("networkReceiveQuality", quality));
  subscribed.add(
    context.onSignalling(connected),
    context.onMedia(watchMedia),
    () => unhearMedia(),
    onSample(context, (sample) => {
      send(qualityOf(sample, "publish"));
      receive(qualityOf(sample, "subscribe"));
    }),
  );
  for (const event of ["online", "offline"]) {
    globalThis.addEventListener?.(event, connected);
    subscribed.add(() => globalThis.removeEventListener?.(event, connected));
  }
  watchMedia();
  return subscribed.end;
}

/** The quality of the better half of the streams: one sender with a bad network does not make ours bad. */
function qualityOf(sample: CallSample, direction: StreamStats["direction"]): DiagnosticQuality | undefined {
  const qualities = sample.streams
    .filter((stream) => stream.direction === direction && stream.loss !== undefined)
    .map(({ values, loss }) => {
      const worse = (bounds: typeof BAD) =>
        (loss ?? 0) > bounds.loss || Number(values.rttInMs ?? 0) > bounds.rtt || Number(values.jitterInMs ?? 0) > bounds.jitter;
      return worse(BAD) ? DiagnosticQuality.Bad : worse(POOR) ? DiagnosticQuality.Poor : DiagnosticQuality.Good;
    })
    .sort((one, other) => one - other);
  return qualities[Math.floor((qualities.length - 1) / 2)];
}

/** Tells a quality when it has lasted; unknown seconds tell nothing. */
function lasting(tell: (quality: DiagnosticQuality) => void): (quality: DiagnosticQuality | undefined) => void {
  let candidate: DiagnosticQuality | undefined;
  let seconds = 0;
  return (quality) => {
    if (quality === undefined) return;
    seconds = quality === candidate ? seconds + 1 : 1;
    candidate = quality;
    if (seconds >= LASTING) tell(quality);
  };
}
