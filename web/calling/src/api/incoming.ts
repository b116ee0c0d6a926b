// Calls that ring.

import type { AcceptCallOptions, Call, CallEndReason, CallInfo, CallerInfo, CustomContext, TeamsCall, TeamsCallInfo } from "./calls.js";
import type { PropertyChangedEvent } from "./events.js";
import type { IncomingCallKind } from "./kinds.js";

/** What both kinds of incoming calls have. */
export interface IncomingCallCommon {
  readonly kind: IncomingCallKind;
  readonly id: string;
  readonly callerInfo: CallerInfo;
  readonly transferorInfo?: CallerInfo;
  readonly callEndReason?: CallEndReason;
  readonly customContext?: CustomContext;
  reject(): Promise<void>;
  on(event: "callEnded", listener: CallEndedEvent): void;
  off(event: "callEnded", listener: CallEndedEvent): void;
  on(event: "callerInfoChanged", listener: PropertyChangedEvent): void;
  off(event: "callerInfoChanged", listener: PropertyChangedEvent): void;
  on(event: "transferorInfoChanged", listener: PropertyChangedEvent): void;
  off(event: "transferorInfoChanged", listener: PropertyChangedEvent): void;
}

/** A call that rings. */
export interface IncomingCall extends IncomingCallCommon {
  readonly info: CallInfo;
  accept(options?: AcceptCallOptions): Promise<Call>;
}

/** A call that rings at a Teams user. */
export interface TeamsIncomingCall extends IncomingCallCommon {
  readonly info: TeamsCallInfo;
  accept(options?: AcceptCallOptions): Promise<TeamsCall>;
}

export type CallEndedEvent = (args: { callEndReason: CallEndReason }) => void;
