// Agents: what may ring, start and join calls.

import type {
  CommunicationIdentifier,
  CommunicationUserIdentifier,
  MicrosoftTeamsAppIdentifier,
  MicrosoftTeamsUserIdentifier,
  PhoneNumberIdentifier,
  UnknownIdentifier,
} from "@azure/communication-common";
import type {
  Call,
  CallEndReason,
  GroupLocator,
  JoinCallOptions,
  RoomLocator,
  StartCallOptions,
  StartTeamsCallOptions,
  StartTeamsGroupCallOptions,
  TeamsCall,
  TeamsMeetingIdLocator,
  TeamsMeetingLinkLocator,
} from "./calls.js";
import type { CollectionUpdatedEvent } from "./events.js";
import type { IncomingCall, TeamsIncomingCall } from "./incoming.js";
import type { CallAgentKind } from "./kinds.js";

/** Options of an agent. */
export interface CallAgentOptions {
  displayName?: string;
  emergencyCallOptions?: EmergencyCallOptions;
}

/** Options of emergency calls. There are none on a Parley server. */
export interface EmergencyCallOptions {
  countryCode?: string;
}

/** What both kinds of agents have. */
export interface CallAgentCommon {
  readonly kind: CallAgentKind;
  readonly connectionState: ConnectionState;
  dispose(): Promise<void>;
}

/** Rings, starts and joins calls for one user. One per client. */
export interface CallAgent extends CallAgentCommon {
  readonly calls: ReadonlyArray<Call>;
  readonly displayName?: string;
  startCall(
    participants: (CommunicationUserIdentifier | PhoneNumberIdentifier | MicrosoftTeamsAppIdentifier | UnknownIdentifier)[],
    options?: StartCallOptions,
  ): Call;
  startCall(participants: CommunicationIdentifier[], options?: StartCallOptions): Call;
  join(groupLocator: GroupLocator, options?: JoinCallOptions): Call;
  join(meetingLocator: TeamsMeetingLinkLocator, options?: JoinCallOptions): Call;
  join(meetingLocator: TeamsMeetingIdLocator, options?: JoinCallOptions): Call;
  join(roomLocator: RoomLocator, options?: JoinCallOptions): Call;
  on(event: "handleIncomingCall", listener: HandleIncomingCallEvent): void;
  off(event: "handleIncomingCall", listener: HandleIncomingCallEvent): void;
  on(event: "incomingCall", listener: IncomingCallEvent): void;
  off(event: "incomingCall", listener: IncomingCallEvent): void;
  on(event: "callsUpdated", listener: CollectionUpdatedEvent<Call>): void;
  off(event: "callsUpdated", listener: CollectionUpdatedEvent<Call>): void;
  on(event: "connectionStateChanged", listener: ConnectionStateChangedEvent): void;
  off(event: "connectionStateChanged", listener: ConnectionStateChangedEvent): void;
}

/** Whether the agent is connected to the server. */
export type ConnectionState = "Connected" | "Disconnected";

export type ConnectionStateChangedReason = "invalidToken" | "connectionIssue";

export type ConnectionStateChangedEvent = (args: {
  newValue: ConnectionState;
  oldValue: ConnectionState;
  reason?: ConnectionStateChangedReason;
}) => void;

export type IncomingCallEvent = (args: { incomingCall: IncomingCall }) => void;

export type HandleIncomingCallEvent = (args: { callId: string; participantId: string } & CallEndReason) => void;

/** Options of a Teams agent. */
export interface TeamsCallAgentOptions {}

/** Agent of a Teams user. A Parley server has no Teams users. */
export interface TeamsCallAgent extends CallAgentCommon {
  readonly calls: ReadonlyArray<TeamsCall>;
  startCall(
    participant: MicrosoftTeamsUserIdentifier | PhoneNumberIdentifier | MicrosoftTeamsAppIdentifier | UnknownIdentifier,
    options?: StartTeamsCallOptions,
  ): TeamsCall;
  startCall(
    participants: (MicrosoftTeamsUserIdentifier | PhoneNumberIdentifier | MicrosoftTeamsAppIdentifier | UnknownIdentifier)[],
    options?: StartTeamsGroupCallOptions,
  ): TeamsCall;
  join(meetingLocator: TeamsMeetingLinkLocator, options?: JoinCallOptions): TeamsCall;
  join(meetingLocator: TeamsMeetingIdLocator, options?: JoinCallOptions): TeamsCall;
  on(event: "incomingCall", listener: TeamsIncomingCallEvent): void;
  off(event: "incomingCall", listener: TeamsIncomingCallEvent): void;
  on(event: "callsUpdated", listener: CollectionUpdatedEvent<TeamsCall>): void;
  off(event: "callsUpdated", listener: CollectionUpdatedEvent<TeamsCall>): void;
  on(event: "connectionStateChanged", listener: ConnectionStateChangedEvent): void;
  off(event: "connectionStateChanged", listener: ConnectionStateChangedEvent): void;
}

export type TeamsIncomingCallEvent = (args: { incomingCall: TeamsIncomingCall }) => void;

/** In whose name a Teams user calls. */
export interface OnBehalfOfOptions {
  userId: MicrosoftTeamsUserIdentifier | MicrosoftTeamsAppIdentifier;
}
