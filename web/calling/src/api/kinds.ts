// Values that tell objects apart at run time, as the official package names them.

/** Whose agent it is. */
export enum CallAgentKind {
  CallAgent = "CallAgent",
  TeamsCallAgent = "TeamsCallAgent",
}

/** Whose call it is. */
export enum CallKind {
  Call = "Call",
  TeamsCall = "TeamsCall",
}

/** Whose incoming call it is. */
export enum IncomingCallKind {
  IncomingCall = "IncomingCall",
  TeamsIncomingCall = "TeamsIncomingCall",
}

/** How good something is; a higher number is worse. */
export enum DiagnosticQuality {
  Good = 1,
  Poor = 2,
  Bad = 3,
}

/** Whether the browser lets us use a device. */
export enum DevicePermissionAccess {
  Granted = "granted",
  Denied = "denied",
  Prompt = "prompt",
}

/** State of one recording. */
export enum RecordingState {
  None = 0,
  Started = 1,
  Paused = 2,
  Ended = 3,
}
