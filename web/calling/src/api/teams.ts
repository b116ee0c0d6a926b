// What exists with Microsoft Teams only. Typed, so that applications compile; a Parley server has none of it.

import type { CommunicationIdentifier, PhoneNumberIdentifier } from "@azure/communication-common";
import type { Call, JoinCallOptions, TeamsCall, TeamsMeetingCoordinatesLocator } from "./calls.js";
import type { CollectionUpdatedEvent, PropertyChangedEvent } from "./events.js";
import type { CallAgentFeature, CallFeature } from "./features.js";
import type { RemoteVideoStreamCommon, StreamSize } from "./streams.js";

/** PowerPoint Live. */
export interface PPTLiveCallFeature extends CallFeature {
  readonly isActive: boolean;
  readonly target: HTMLElement;
  readonly activePresenterId?: CommunicationIdentifier;
  on(event: "isActiveChanged", listener: PropertyChangedEvent): void;
  off(event: "isActiveChanged", listener: PropertyChangedEvent): void;
}

/** Breakout rooms. */
export interface BreakoutRoomsCallFeature extends CallFeature {
  readonly assignedBreakoutRooms?: BreakoutRoom;
  readonly breakoutRoomsSettings?: BreakoutRoomsSettings;
  readonly breakoutRooms?: BreakoutRoom[];
  on(event: BreakoutRoomsUpdated, listener: BreakoutRoomsUpdatedListener): void;
  off(event: BreakoutRoomsUpdated, listener: BreakoutRoomsUpdatedListener): void;
}

/** A breakout room. */
export interface BreakoutRoom {
  readonly threadId: string;
  readonly displayName?: string;
  readonly state: BreakoutRoomState;
  readonly autoMoveParticipantToBreakoutRoom?: boolean;
  readonly invitees?: Invitee[];
  readonly call?: Call | TeamsCall;
  join(): Promise<Call | TeamsCall>;
  returnToMainMeeting(): Promise<Call | TeamsCall>;
}

export type BreakoutRoomState = "open" | "closed";

/** Settings of breakout rooms. */
export interface BreakoutRoomsSettings {
  disableReturnToMainMeeting?: boolean;
  roomEndTime?: TimestampInfo;
}

export type BreakoutRoomsUpdated = "breakoutRoomsUpdated";

export type BreakoutRoomsUpdatedListener = (eventData: BreakoutRoomsEventData) => void;

export type BreakoutRoomsEventData = BreakoutRoomsEvent | AssignedBreakoutRoomsEvent | BreakoutRoomsSettingsEvent | JoinBreakoutRoomsEvent;

/** Rooms changed. */
export interface BreakoutRoomsEvent {
  type: "breakoutRooms";
  data: BreakoutRoom[] | undefined;
}

/** The assigned room changed. */
export interface AssignedBreakoutRoomsEvent {
  type: "assignedBreakoutRooms";
  data: BreakoutRoom | undefined;
}

/** Settings changed. */
export interface BreakoutRoomsSettingsEvent {
  type: "breakoutRoomsSettings";
  data: BreakoutRoomsSettings | undefined;
}

/** A room was joined. */
export interface JoinBreakoutRoomsEvent {
  type: "join";
  data: Call | TeamsCall;
}

/** Somebody assigned to a room. */
export interface Invitee {
  readonly identifier: CommunicationIdentifier;
}

/** Together mode. */
export interface TogetherModeCallFeature extends CallFeature {
  readonly togetherModeStream: ReadonlyArray<TogetherModeVideoStream>;
  readonly togetherModeSeatingMap: TogetherModeSeatingMap;
  get sceneSize(): TogetherModeSceneSize;
  set sceneSize(size: TogetherModeSceneSize);
  start(): Promise<void>;
  on(event: "togetherModeStreamsUpdated", listener: CollectionUpdatedEvent<TogetherModeVideoStream>): void;
  off(event: "togetherModeStreamsUpdated", listener: CollectionUpdatedEvent<TogetherModeVideoStream>): void;
  on(event: "togetherModeSceneUpdated", listener: TogetherModeSceneUpdatedListener): void;
  off(event: "togetherModeSceneUpdated", listener: TogetherModeSceneUpdatedListener): void;
  on(event: "togetherModeSeatingUpdated", listener: TogetherModeSeatingUpdatedListener): void;
  off(event: "togetherModeSeatingUpdated", listener: TogetherModeSeatingUpdatedListener): void;
}

/** The composed picture of together mode. */
export interface TogetherModeVideoStream extends RemoteVideoStreamCommon {
  readonly isAvailable: boolean;
  on(event: "isAvailableChanged", listener: PropertyChangedEvent): void;
  off(event: "isAvailableChanged", listener: PropertyChangedEvent): void;
  on(event: "sizeChanged", listener: PropertyChangedEvent): void;
  off(event: "sizeChanged", listener: PropertyChangedEvent): void;
  on(event: "isReceivingChanged", listener: PropertyChangedEvent): void;
  off(event: "isReceivingChanged", listener: PropertyChangedEvent): void;
}

/** Size of the scene. */
export interface TogetherModeSceneSize extends StreamSize {}

/** Where somebody sits, in pixels. */
export interface TogetherModeSeatingPosition {
  top: number;
  left: number;
  width: number;
  height: number;
}

export type TogetherModeSeatingMap = Map<string, TogetherModeSeatingPosition>;

export type TogetherModeSceneUpdatedListener = (data: TogetherModeSeatingMap) => void;

export type TogetherModeSeatingUpdatedListener = (data: TogetherModeSeatingMap) => void;

/** Phone numbers of a meeting. */
export interface TeamsMeetingAudioConferencingCallFeature extends CallFeature {
  getTeamsMeetingAudioConferencingDetails(): Promise<TeamsMeetingAudioConferencingDetails>;
}

/** Phone numbers of a meeting. */
export interface TeamsMeetingAudioConferencingDetails {
  readonly phoneConferenceId: string;
  readonly phoneNumbers: TeamsMeetingAudioConferencingPhoneNumber[];
}

/** A phone number of a meeting. */
export interface TeamsMeetingAudioConferencingPhoneNumber {
  readonly tollPhoneNumber?: PhoneNumberIdentifier;
  readonly tollFreePhoneNumber?: PhoneNumberIdentifier;
  readonly countryName?: string;
  readonly cityName?: string;
}

/** Takes a call over from another device. */
export interface ActiveCallTransferFeature extends CallAgentFeature {
  activeCallTransfer(activeCall: ActiveCallDetails | ActiveMeetingDetails, options?: ActiveCallTransferOptions): Promise<Call | TeamsCall>;
  getActiveCallDetails(): Promise<(ActiveCallDetails | ActiveMeetingDetails)[] | undefined>;
  on(event: "activeCallsUpdated", listener: ActiveCallsUpdatedEvent): void;
  off(event: "activeCallsUpdated", listener: ActiveCallsUpdatedEvent): void;
  on(event: "noActiveCalls", listener: NoActiveCallsEvent): void;
  off(event: "noActiveCalls", listener: NoActiveCallsEvent): void;
}

/** Options of taking a call over. */
export interface ActiveCallTransferOptions {
  isTransfer: boolean;
  joinCallOptions?: JoinCallOptions;
}

/** A call on another device. */
export interface ActiveCallDetailsCommon {
  callId: string;
  userJoinTime: Date;
}

/** A call on another device. */
export interface ActiveCallDetails extends ActiveCallDetailsCommon {
  participants: CommunicationIdentifier[];
}

/** A meeting on another device. */
export interface ActiveMeetingDetails extends ActiveCallDetailsCommon {
  meetingLocator: TeamsMeetingCoordinatesLocator;
}

export type ActiveCallsUpdatedEvent = (args: { activeCalls: (ActiveCallDetails | ActiveMeetingDetails)[] }) => void;

export type NoActiveCallsEvent = () => void;

type TimestampInfo = { attemptTimestamp: number | "" } | { deltaTimeInMs: number | "" };

export type DisconnectReason =
  | "client"
  | "unload"
  | "dispose"
  | "userInitiated"
  | "sydneyInitiated"
  | "fatalError"
  | "botLeft"
  | "devicePermissions"
  | "configureFailure"
  | "userDidNotJoinPreheatedSession"
  | "mediaSessionDisconnected"
  | "sessionDisconnected"
  | "preheatFailed"
  | "userNavigatedAway"
  | "preheatDisposed"
  | "timeout";

export type DisconnectCategory = "Expected" | "Unexpected";

/** Whether a session that ended for a reason was meant to end. */
export const disconnectCategoryMap: Record<DisconnectReason, DisconnectCategory> = {
  client: "Expected",
  unload: "Expected",
  dispose: "Expected",
  userInitiated: "Expected",
  sydneyInitiated: "Expected",
  fatalError: "Unexpected",
  botLeft: "Expected",
  devicePermissions: "Unexpected",
  configureFailure: "Unexpected",
  userDidNotJoinPreheatedSession: "Expected",
  mediaSessionDisconnected: "Unexpected",
  sessionDisconnected: "Unexpected",
  preheatFailed: "Unexpected",
  userNavigatedAway: "Expected",
  preheatDisposed: "Expected",
  timeout: "Unexpected",
};
