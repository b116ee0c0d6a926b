import type {
  DiagnosticFlag,
  LatestDiagnosticValue,
  LatestMediaDiagnostics,
  LatestNetworkDiagnostics,
  MediaDiagnosticChangedEventArgs,
  MediaDiagnostics,
  MediaDiagnosticType,
  NetworkDiagnosticChangedEventArgs,
  NetworkDiagnostics,
  NetworkDiagnosticType,
  RemoteDiagnostics,
  RemoteParticipantDiagnosticsData,
  UserFacingDiagnosticsFeature,
} from "../api/index.js";
import { DiagnosticQuality } from "../api/kinds.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { subscriptions } from "./feature.js";
import { watchDevices } from "./media-diagnostics.js";
import { watchNetwork } from "./network-diagnostics.js";

/** Takes the value of a diagnostic; it is told on when it differs from the last one. */
export type Report<Name> = (diagnostic: Name, value: DiagnosticQuality | DiagnosticFlag) => void;

/**
 * What the user should know about the network and the devices. Flags and qualities are only told when they first turn bad and whenever they
 * change after that, so that a call without trouble has no diagnostics.
 */
export function userFacingDiagnostics(context: CallContext): UserFacingDiagnosticsFeature {
  const network = board<NetworkDiagnosticType, NetworkDiagnosticChangedEventArgs>();
  const media = board<MediaDiagnosticType, MediaDiagnosticChangedEventArgs>();
  const subscribed = subscriptions(watchNetwork(context, network.report), watchDevices(context, media.report));
  context.onEnd(subscribed.end);
  return {
    name: "UserFacingDiagnostics",
    network: network.shown as NetworkDiagnostics & { getLatest(): LatestNetworkDiagnostics },
    media: media.shown as MediaDiagnostics & { getLatest(): LatestMediaDiagnostics },
    remote: remoteDiagnostics(),
    dispose: subscribed.end,
  };
}

function board<Name extends string, Args extends object>() {
  const emitter = new Emitter<{ diagnosticChanged: (args: Args) => void }>();
  const latest: { [name in Name]?: LatestDiagnosticValue } = {};
  const report: Report<Name> = (diagnostic, value) => {
    const before = latest[diagnostic]?.value;
    if (value === before) return;
    const isFine = value === false || value === DiagnosticQuality.Good;
    if (before === undefined && isFine) return;
    const told: LatestDiagnosticValue = { value, valueType: typeof value === "boolean" ? "DiagnosticFlag" : "DiagnosticQuality" };
    latest[diagnostic] = told;
    (emitter as Emitter<{ diagnosticChanged: (args: object) => void }>).emit("diagnosticChanged", { diagnostic, ...told });
  };
  return { report, shown: { getLatest: () => ({ ...latest }), on: emitter.on, off: emitter.off } };
}

/** The protocol carries no diagnostics of others: nothing is sent, nothing comes. */
function remoteDiagnostics(): RemoteDiagnostics {
  const emitter = new Emitter<{ diagnosticChanged: (args: RemoteParticipantDiagnosticsData) => void }>();
  return {
    isSendingDiagnosticsEnabled: false,
    startSendingDiagnostics: () => {},
    stopSendingDiagnostics: () => {},
    getLatest: () => ({ diagnostics: [] }),
    on: emitter.on,
    off: emitter.off,
  };
}
