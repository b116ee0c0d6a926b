// Diagnostics for the user: network and devices.

import type { CallFeature } from "./features.js";
import type { DiagnosticQuality } from "./kinds.js";
import type { RemoteParticipant } from "./participants.js";

/** Tells the user what is wrong with the network or the devices. */
export interface UserFacingDiagnosticsFeature extends CallFeature {
  readonly network: NetworkDiagnostics;
  readonly media: MediaDiagnostics;
  readonly remote: RemoteDiagnostics;
}

/** Diagnostics of the network. */
export interface NetworkDiagnostics {
  getLatest(): LatestNetworkDiagnostics;
  on(event: "diagnosticChanged", listener: (args: NetworkDiagnosticChangedEventArgs) => void): void;
  off(event: "diagnosticChanged", listener: (args: NetworkDiagnosticChangedEventArgs) => void): void;
}

/** Diagnostics of devices and media. */
export interface MediaDiagnostics {
  getLatest(): LatestMediaDiagnostics;
  on(event: "diagnosticChanged", listener: (args: MediaDiagnosticChangedEventArgs) => void): void;
  off(event: "diagnosticChanged", listener: (args: MediaDiagnosticChangedEventArgs) => void): void;
}

/** Diagnostics that others share. */
export interface RemoteDiagnostics {
  isSendingDiagnosticsEnabled: boolean;
  startSendingDiagnostics(): void;
  stopSendingDiagnostics(): void;
  getLatest(): RemoteParticipantDiagnosticsData;
  on(event: "diagnosticChanged", listener: (args: RemoteParticipantDiagnosticsData) => void): void;
  off(event: "diagnosticChanged", listener: (args: RemoteParticipantDiagnosticsData) => void): void;
}

/** The last value of each network diagnostic that has been raised. */
export interface LatestNetworkDiagnostics {
  networkReconnect?: LatestDiagnosticValue;
  networkReceiveQuality?: LatestDiagnosticValue;
  networkSendQuality?: LatestDiagnosticValue;
  noNetwork?: LatestDiagnosticValue;
  networkRelaysNotReachable?: LatestDiagnosticValue;
}

/** The last value of each media diagnostic that has been raised. */
export interface LatestMediaDiagnostics {
  speakingWhileMicrophoneIsMuted?: LatestDiagnosticValue;
  noSpeakerDevicesEnumerated?: LatestDiagnosticValue;
  noMicrophoneDevicesEnumerated?: LatestDiagnosticValue;
  cameraFreeze?: LatestDiagnosticValue;
  cameraStartFailed?: LatestDiagnosticValue;
  cameraStartTimedOut?: LatestDiagnosticValue;
  capturerStartFailed?: LatestDiagnosticValue;
  microphoneNotFunctioning?: LatestDiagnosticValue;
  microphoneMuteUnexpectedly?: LatestDiagnosticValue;
  cameraStoppedUnexpectedly?: LatestDiagnosticValue;
  capturerStoppedUnexpectedly?: LatestDiagnosticValue;
  screenshareRecordingDisabled?: LatestDiagnosticValue;
  microphonePermissionDenied?: LatestDiagnosticValue;
  cameraPermissionDenied?: LatestDiagnosticValue;
  microphoneNotMuteButSilent?: LatestDiagnosticValue;
}

export type LatestDiagnosticValue = {
  value: DiagnosticQuality | DiagnosticFlag;
  valueType: DiagnosticValueType;
};

export type NetworkDiagnosticType = keyof LatestNetworkDiagnostics;

export type MediaDiagnosticType = keyof LatestMediaDiagnostics;

export type ServerDiagnosticType = "serverConnection";

export type DiagnosticFlag = boolean;

export type DiagnosticValueType = "DiagnosticQuality" | "DiagnosticFlag";

export type DiagnosticChangedEventArgs = {
  value: DiagnosticQuality | DiagnosticFlag;
  valueType: DiagnosticValueType;
};

export type NetworkDiagnosticChangedEventArgs = DiagnosticChangedEventArgs & { diagnostic: NetworkDiagnosticType };

export type MediaDiagnosticChangedEventArgs = DiagnosticChangedEventArgs & { diagnostic: MediaDiagnosticType };

export type RemoteDiagnostic = {
  readonly participantId: string;
  readonly rawId: string;
  readonly remoteParticipant?: RemoteParticipant;
  readonly diagnostic: NetworkDiagnosticType | MediaDiagnosticType | ServerDiagnosticType;
  readonly value: DiagnosticQuality | DiagnosticFlag;
  readonly valueType: DiagnosticValueType;
};

/** What others told about themselves. */
export interface RemoteParticipantDiagnosticsData {
  diagnostics: RemoteDiagnostic[];
}
