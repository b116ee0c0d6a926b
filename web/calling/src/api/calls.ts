// Calls: state, options, and what can be done in one.

import type {
  CommunicationIdentifier,
  CommunicationIdentifierKind,
  CommunicationUserIdentifier,
  MicrosoftTeamsAppIdentifier,
  MicrosoftTeamsUserIdentifier,
  PhoneNumberIdentifier,
  TeamsExtensionUserIdentifier,
  UnknownIdentifier,
} from "@azure/communication-common";
import type { LocalAudioStream, LocalVideoStream } from "../devices/index.js";
import type { OnBehalfOfOptions } from "./agents.js";
import type { CollectionUpdatedEvent, Disposable, PropertyChangedEvent } from "./events.js";
import type { CallFeature, CallFeatureFactory } from "./features.js";
import type { CallKind } from "./kinds.js";
import type { Lobby, ParticipantRole, RemoteParticipant } from "./participants.js";
import type { RemoteAudioStream } from "./streams.js";

/** What both kinds of calls have. */
export interface CallCommon extends Disposable {
  readonly kind: CallKind;
  /** Changes at most once, before the call is connected (`idChanged`). */
  readonly id: string;
  readonly callerInfo: CallerInfo;
  readonly transferorInfo?: CallerInfo;
  readonly state: CallState;
  readonly callEndReason?: CallEndReason;
  readonly direction: CallDirection;
  readonly isMuted: boolean;
  readonly isIncomingAudioMuted: boolean;
  readonly isScreenSharingOn: boolean;
  readonly isLocalVideoStarted: boolean;
  readonly localVideoStreams: ReadonlyArray<LocalVideoStream>;
  readonly localAudioStreams: ReadonlyArray<LocalAudioStream>;
  /** At most one: the others come mixed. */
  readonly remoteAudioStreams: ReadonlyArray<RemoteAudioStream>;
  readonly remoteParticipants: ReadonlyArray<RemoteParticipant>;
  readonly role: ParticipantRole;
  readonly lobby: Lobby;
  feature<TFeature extends CallFeature>(factory: CallFeatureFactory<TFeature>): TFeature;
  hangUp(options?: HangUpOptions): Promise<void>;
  mute(): Promise<void>;
  unmute(): Promise<void>;
  muteAllRemoteParticipants(): Promise<void>;
  muteIncomingAudio(): Promise<void>;
  unmuteIncomingAudio(): Promise<void>;
  sendDtmf(dtmfTone: DtmfTone): Promise<void>;
  startVideo(localVideoStream: LocalVideoStream): Promise<void>;
  stopVideo(localVideoStream: LocalVideoStream): Promise<void>;
  hold(): Promise<void>;
  resume(): Promise<void>;
  startScreenSharing(localVideoStream?: LocalVideoStream): Promise<void>;
  stopScreenSharing(): Promise<void>;
  startAudio(localAudioStream: LocalAudioStream): Promise<void>;
  stopAudio(): void;
  setConstraints(constraints: CallConstraints): Promise<void>;
  on(event: "stateChanged", listener: PropertyChangedEvent): void;
  off(event: "stateChanged", listener: PropertyChangedEvent): void;
  on(event: "idChanged", listener: PropertyChangedEvent): void;
  off(event: "idChanged", listener: PropertyChangedEvent): void;
  on(event: "isMutedChanged", listener: PropertyChangedEvent): void;
  off(event: "isMutedChanged", listener: PropertyChangedEvent): void;
  on(event: "isIncomingAudioMutedChanged", listener: PropertyChangedEvent): void;
  off(event: "isIncomingAudioMutedChanged", listener: PropertyChangedEvent): void;
  on(event: "isScreenSharingOnChanged", listener: PropertyChangedEvent): void;
  off(event: "isScreenSharingOnChanged", listener: PropertyChangedEvent): void;
  on(event: "isLocalVideoStartedChanged", listener: PropertyChangedEvent): void;
  off(event: "isLocalVideoStartedChanged", listener: PropertyChangedEvent): void;
  on(event: "remoteParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
  off(event: "remoteParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
  on(event: "localVideoStreamsUpdated", listener: CollectionUpdatedEvent<LocalVideoStream>): void;
  off(event: "localVideoStreamsUpdated", listener: CollectionUpdatedEvent<LocalVideoStream>): void;
  on(event: "localAudioStreamsUpdated", listener: CollectionUpdatedEvent<LocalAudioStream>): void;
  off(event: "localAudioStreamsUpdated", listener: CollectionUpdatedEvent<LocalAudioStream>): void;
  on(event: "remoteAudioStreamsUpdated", listener: CollectionUpdatedEvent<RemoteAudioStream>): void;
  off(event: "remoteAudioStreamsUpdated", listener: CollectionUpdatedEvent<RemoteAudioStream>): void;
  on(event: "roleChanged", listener: PropertyChangedEvent): void;
  off(event: "roleChanged", listener: PropertyChangedEvent): void;
  on(event: "mutedByOthers", listener: PropertyChangedEvent): void;
  off(event: "mutedByOthers", listener: PropertyChangedEvent): void;
  on(event: "callerInfoChanged", listener: PropertyChangedEvent): void;
  off(event: "callerInfoChanged", listener: PropertyChangedEvent): void;
  on(event: "transferorInfoChanged", listener: PropertyChangedEvent): void;
  off(event: "transferorInfoChanged", listener: PropertyChangedEvent): void;
}

/** A call. */
export interface Call extends CallCommon {
  readonly info: CallInfo;
  addParticipant(identifier: CommunicationUserIdentifier | MicrosoftTeamsUserIdentifier): RemoteParticipant;
  addParticipant(identifier: PhoneNumberIdentifier, options?: AddPhoneNumberOptions): RemoteParticipant;
  removeParticipant(identifier: CommunicationIdentifier): Promise<void>;
}

/** A call of a Teams user. */
export interface TeamsCall extends CallCommon {
  readonly info: TeamsCallInfo;
  readonly isEmergencyCall?: boolean | undefined;
  addParticipant(
    participant:
      MicrosoftTeamsUserIdentifier | PhoneNumberIdentifier | MicrosoftTeamsAppIdentifier | TeamsExtensionUserIdentifier | UnknownIdentifier,
    options?: AddTeamsParticipantOptions,
  ): RemoteParticipant;
  removeParticipant(
    participant: MicrosoftTeamsUserIdentifier | PhoneNumberIdentifier | TeamsExtensionUserIdentifier | UnknownIdentifier,
  ): Promise<void>;
}

export type CallState =
  "None" | "Connecting" | "Ringing" | "Connected" | "LocalHold" | "RemoteHold" | "InLobby" | "Disconnecting" | "Disconnected" | "EarlyMedia";

export type CallDirection = "Incoming" | "Outgoing";

/** Why a call ended. At run time it also has `message` and `resultCategories`. */
export interface CallEndReason {
  readonly code: number;
  readonly subCode?: number;
}

/** Who calls. */
export interface CallerInfo {
  readonly identifier: CommunicationIdentifierKind | undefined;
  readonly displayName?: string;
}

/** What is known about a call. */
export interface CallInfoCommon {
  getServerCallId(): Promise<string>;
  /** Undefined on a Parley server: a value would mean a Teams meeting. */
  readonly threadId: string | undefined;
  readonly participantId: string;
  onCallInfoChanged(event: "callInfoChanged", listener: PropertyChangedEvent): void;
  offCallInfoChanged(event: "callInfoChanged", listener: PropertyChangedEvent): void;
}

/** What is known about a call. */
export interface CallInfo extends CallInfoCommon {
  readonly groupId: string | undefined;
}

/** What is known about a call of a Teams user. */
export interface TeamsCallInfo extends CallInfoCommon {}

/** How to leave. */
export interface HangUpOptions {
  /** Ends the call for all; needs the capability `hangUpForEveryOne`. */
  forEveryone: boolean;
}

/** Options of adding a phone number. */
export interface AddPhoneNumberOptions {
  alternateCallerId?: PhoneNumberIdentifier;
}

/** Options of adding a Teams user. */
export interface AddTeamsParticipantOptions {
  threadId?: string;
}

export type DtmfTone =
  "A" | "B" | "C" | "D" | "Flash" | "Num0" | "Num1" | "Num2" | "Num3" | "Num4" | "Num5" | "Num6" | "Num7" | "Num8" | "Num9" | "Pound" | "Star";

/** Bounds of what is sent. */
export interface CallConstraints {
  video?: VideoConstraints;
}

/** Options of joining a call. */
export interface JoinCallOptions {
  videoOptions?: VideoOptions;
  audioOptions?: AudioOptions;
}

/** Options of starting a call. */
export interface StartCallOptions extends JoinCallOptions {
  alternateCallerId?: PhoneNumberIdentifier;
  customContext?: CustomContext;
}

/** Options of starting a call as a Teams user. */
export interface StartTeamsCallOptions extends JoinCallOptions {
  customContext?: CustomContext;
  onBehalfOfOptions?: OnBehalfOfOptions;
}

/** Options of starting a group call as a Teams user. */
export interface StartTeamsGroupCallOptions extends StartTeamsCallOptions {
  threadId?: string;
}

/** Options of accepting a call. */
export interface AcceptCallOptions {
  videoOptions?: VideoOptions;
  audioOptions?: AudioOptions;
}

/** Audio at the beginning of a call. */
export interface AudioOptions {
  muted?: boolean;
  localAudioStreams?: LocalAudioStream[];
}

/** Video at the beginning of a call. */
export interface VideoOptions {
  localVideoStreams?: LocalVideoStream[];
  constraints?: VideoConstraints;
}

/** Bounds of the video that is sent. */
export interface VideoConstraints {
  send?: VideoSendConstraints;
}

/** Bounds of the video that is sent: height in pixels, frames per second, bits per second. */
export type VideoSendConstraints = {
  frameHeight?: MediaConstraintRange;
  frameRate?: MediaConstraintRange;
  bitrate?: MediaConstraintRange;
};

/** An upper bound. */
export interface MediaConstraintRange {
  max?: number;
}

/** What the caller says to the callee beside the call. */
export interface CustomContextOptions {
  userToUser?: string;
  /** @deprecated As in the official package. */
  xHeaders?: xHeader[];
}

/**
 * What the caller says to the callee beside the call: at most 5 headers of each kind, names up to 64 and values up to
 * 1,024 characters.
 */
export interface CustomContext extends CustomContextOptions {
  sipHeaders?: xHeader[];
  voipHeaders?: xHeader[];
}

export type xHeader = {
  key: string;
  value: string;
};

/** A group call, by a GUID that the application chose. */
export interface GroupCallLocator {
  /** A GUID. */
  groupId: string;
}

export type GroupLocator = GroupCallLocator;

/** The call of a room. */
export interface RoomCallLocator {
  /** Id of the room. */
  roomId: string;
}

export type RoomLocator = RoomCallLocator;

/** A Teams meeting by its link. */
export interface TeamsMeetingLinkLocator {
  meetingLink: string;
}

/** A Teams meeting by its id. */
export interface TeamsMeetingIdLocator {
  meetingId: string;
  passcode?: string;
}

/** A Teams meeting by its coordinates. */
export interface TeamsMeetingCoordinatesLocator {
  threadId: string;
  organizerId: string;
  tenantId: string;
  messageId: string;
}
