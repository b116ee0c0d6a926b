// The others in a call, and the lobby.

import type { CommunicationIdentifier, CommunicationIdentifierKind } from "@azure/communication-common";
import type { CallEndReason } from "./calls.js";
import type { CollectionUpdatedEvent, PropertyChangedEvent, PropertyChangedEventWithArgs } from "./events.js";
import type { RemoteVideoStream } from "./streams.js";

/** Who somebody in a call is. */
export interface ParticipantInfo {
  readonly identifier: CommunicationIdentifierKind;
  readonly displayName?: string;
  readonly hasDisplayNameChanged?: boolean;
  readonly endpointDetails: EndpointDetails[];
}

/** One of the devices or tabs with which somebody takes part. */
export interface EndpointDetails {
  participantId: string;
}

export type ParticipantRole = "Unknown" | "Attendee" | "Presenter" | "Organizer" | "Co-organizer" | "Consumer" | "Collaborator";

export type RemoteParticipantState = "Idle" | "Connecting" | "Ringing" | "Connected" | "Hold" | "InLobby" | "EarlyMedia" | "Disconnected";

/** Somebody else in a call; a user with several devices is one participant. */
export interface RemoteParticipant extends ParticipantInfo {
  readonly state: RemoteParticipantState;
  readonly callEndReason?: CallEndReason;
  readonly videoStreams: ReadonlyArray<RemoteVideoStream>;
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly role: ParticipantRole;
  mute(): Promise<void>;
  on(event: "stateChanged", listener: PropertyChangedEvent): void;
  off(event: "stateChanged", listener: PropertyChangedEvent): void;
  on(event: "isMutedChanged", listener: PropertyChangedEvent): void;
  off(event: "isMutedChanged", listener: PropertyChangedEvent): void;
  on(event: "displayNameChanged", listener: PropertyChangedEvent | PropertyChangedEventWithArgs<string, DisplayNameChangedReason>): void;
  off(event: "displayNameChanged", listener: PropertyChangedEvent | PropertyChangedEventWithArgs<string, DisplayNameChangedReason>): void;
  on(event: "roleChanged", listener: PropertyChangedEvent): void;
  off(event: "roleChanged", listener: PropertyChangedEvent): void;
  on(event: "isSpeakingChanged", listener: PropertyChangedEvent): void;
  off(event: "isSpeakingChanged", listener: PropertyChangedEvent): void;
  on(event: "videoStreamsUpdated", listener: CollectionUpdatedEvent<RemoteVideoStream>): void;
  off(event: "videoStreamsUpdated", listener: CollectionUpdatedEvent<RemoteVideoStream>): void;
}

export type DisplayNameChangedReason = "editedDisplayName";

/** Those who wait to be let in. */
export interface Lobby {
  readonly participants: ReadonlyArray<RemoteParticipant>;
  admit(participant: CommunicationIdentifier, options?: AdmitLobbyParticipantOptions): Promise<void>;
  reject(participant: CommunicationIdentifier, options?: RejectLobbyParticipantOptions): Promise<void>;
  admitAll(options?: AdmitLobbyParticipantOptions): Promise<AdmitAllOperationResult>;
  on(event: "lobbyParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
  off(event: "lobbyParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
}

/** Options of admitting; none yet. */
export interface AdmitLobbyParticipantOptions {}

/** Options of rejecting; none yet. */
export interface RejectLobbyParticipantOptions {}

/** How many were let in. */
export interface AdmitAllOperationResult {
  readonly successCount: number;
  readonly failureCount: number;
}
