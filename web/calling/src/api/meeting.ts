// Being together in a call: recording, transcription, hands, reactions, spotlight, text, speakers, transfer.

import type {
  CommunicationIdentifier,
  CommunicationIdentifierKind,
  CommunicationUserIdentifier,
  MicrosoftTeamsUserIdentifier,
} from "@azure/communication-common";
import type { CallCommon, CustomContext } from "./calls.js";
import type { CollectionUpdatedEvent, PropertyChangedEvent } from "./events.js";
import type { CallFeature } from "./features.js";
import type { RecordingState } from "./kinds.js";
import type { ParticipantInfo } from "./participants.js";

/** Whether the call is recorded. */
export interface RecordingCallFeature extends CallFeature {
  readonly isRecordingActive: boolean;
  readonly recordings: RecordingInfo[];
  readonly isTeamsConsentRequired: boolean;
  grantTeamsConsent(): Promise<void>;
  on(event: "isRecordingActiveChanged", listener: PropertyChangedEvent): void;
  off(event: "isRecordingActiveChanged", listener: PropertyChangedEvent): void;
  on(event: "recordingsUpdated", listener: CollectionUpdatedEvent<RecordingInfo>): void;
  off(event: "recordingsUpdated", listener: CollectionUpdatedEvent<RecordingInfo>): void;
}

/** One recording. */
export interface RecordingInfo {
  state: RecordingState;
  on(event: "recordingStateChanged", listener: PropertyChangedEvent): void;
  off(event: "recordingStateChanged", listener: PropertyChangedEvent): void;
}

/** Whether the call is transcribed. */
export interface TranscriptionCallFeature extends CallFeature {
  readonly isTranscriptionActive: boolean;
  readonly isTeamsConsentRequired: boolean;
  grantTeamsConsent(): Promise<void>;
  on(event: TranscriptionPropertyChangedEventType, listener: PropertyChangedEvent): void;
  off(event: TranscriptionPropertyChangedEventType, listener: PropertyChangedEvent): void;
}

export type TranscriptionPropertyChangedEventType = "isTranscriptionActiveChanged";

/** Raises and lowers hands. */
export interface RaiseHandCallFeature extends CallFeature {
  raiseHand(): Promise<void>;
  lowerHand(): Promise<void>;
  lowerHands(identifiers: (CommunicationUserIdentifier | MicrosoftTeamsUserIdentifier)[]): Promise<void>;
  lowerAllHands(): Promise<void>;
  getRaisedHands(): RaisedHand[];
  on(event: RaisedHandEventType, listener: RaisedHandListener): void;
  off(event: RaisedHandEventType, listener: RaisedHandListener): void;
  on(event: LoweredHandEventType, listener: LoweredHandListener): void;
  off(event: LoweredHandEventType, listener: LoweredHandListener): void;
}

/** A raised hand; `order` counts from 1. */
export interface RaisedHand {
  identifier: CommunicationUserIdentifier | MicrosoftTeamsUserIdentifier;
  order: number;
}

/** Whose hand. */
export interface RaisedHandChangedEvent {
  identifier: CommunicationUserIdentifier | MicrosoftTeamsUserIdentifier;
}

export type RaisedHandEventType = "raisedHandEvent";

export type RaisedHandListener = (data: RaisedHandChangedEvent) => void;

export type LoweredHandEventType = "loweredHandEvent";

export type LoweredHandListener = (data: RaisedHandChangedEvent) => void;

/** Sends and receives reactions. */
export interface ReactionCallFeature extends CallFeature {
  sendReaction(reactionMessage: ReactionMessage): Promise<void>;
  on(event: "reaction", listener: ReactionListener): void;
  off(event: "reaction", listener: ReactionListener): void;
}

export type Reaction = "like" | "heart" | "laugh" | "surprised" | "applause";

/** A reaction. */
export interface ReactionMessage {
  reactionType: Reaction;
}

/** Who reacted how. */
export interface ReactionEventPayload {
  identifier: CommunicationUserIdentifier | MicrosoftTeamsUserIdentifier;
  reactionMessage: ReactionMessage;
}

export type ReactionListener = (data: ReactionEventPayload) => void;

/** Puts participants into the spotlight for all. */
export interface SpotlightCallFeature extends CallFeature {
  readonly maxParticipantsToSpotlight: number;
  startSpotlight(participants?: CommunicationIdentifier[]): Promise<void>;
  stopSpotlight(participants?: CommunicationIdentifier[]): Promise<void>;
  stopAllSpotlight(): Promise<void>;
  getSpotlightedParticipants(): SpotlightedParticipant[];
  on(event: SpotlightChangedEventType, listener: CollectionUpdatedEvent<SpotlightedParticipant>): void;
  off(event: SpotlightChangedEventType, listener: CollectionUpdatedEvent<SpotlightedParticipant>): void;
}

/** Somebody in the spotlight; `order` counts from 1. */
export interface SpotlightedParticipant {
  identifier: CommunicationIdentifier;
  order?: number;
}

export type SpotlightChangedEventType = "spotlightChanged";

/** Text that others read while it is typed. */
export interface RealTimeTextFeature extends CallFeature {
  sendRealTimeText(text: string): Promise<void>;
  sendRealTimeText(text: string, finalized: boolean): Promise<void>;
  on(event: RealTimeTextReceivedEventType, listener: RealTimeTextReceivedEventHandler): void;
  off(event: RealTimeTextReceivedEventType, listener: RealTimeTextReceivedEventHandler): void;
}

/** A text, or the part of it that has been typed. */
export interface RealTimeTextInfo {
  sequenceId: number;
  sender: ParticipantInfo;
  text: string;
  resultType: RealTimeTextResultType;
  receivedTimestamp: Date;
  updatedTimestamp: Date;
  isLocal: boolean;
}

export type RealTimeTextResultType = "Partial" | "Final";

export type RealTimeTextReceivedEventType = "realTimeTextReceived";

export type RealTimeTextReceivedEventHandler = (data: RealTimeTextInfo) => void;

/** Who speaks, loudest first. */
export interface DominantSpeakersCallFeature extends CallFeature {
  readonly dominantSpeakers: DominantSpeakersInfo;
  on(event: "dominantSpeakersChanged", listener: PropertyChangedEvent): void;
  off(event: "dominantSpeakersChanged", listener: PropertyChangedEvent): void;
}

/** Who speaks, loudest first. */
export interface DominantSpeakersInfo {
  speakersList: ReadonlyArray<CommunicationIdentifierKind>;
  timestamp: Date;
}

/** How many videos can be shown well at the moment. */
export interface OptimalVideoCountCallFeature extends CallFeature {
  readonly optimalVideoCount: number;
  readonly lastOvcChangeReason: OvcChangeReason;
  on(event: "optimalVideoCountChanged", listener: PropertyChangedEvent): void;
  off(event: "optimalVideoCountChanged", listener: PropertyChangedEvent): void;
}

export type OvcChangeReason = "bandwidth" | "performance" | "externalLimit" | "unknown";

/** Transfers the other side of a 1:1 call. */
export interface TransferCallFeature extends CallFeature {
  transfer(target: TransferToParticipantLocator, options?: TransferToParticipantOptions): Transfer;
  transfer(target: TransferToCallLocator, options?: TransferToCallOptions): Transfer;
  transfer(target: TransferToVoicemailLocator, options?: TransferToVoicemailOptions): Transfer;
  on(event: TransferAcceptedEventType, listener: TransferAcceptedEvent): void;
  off(event: TransferAcceptedEventType, listener: TransferAcceptedEvent): void;
}

/** A transfer on its way. */
export interface Transfer {
  readonly state: TransferState;
  readonly error?: TransferErrorCode;
  on(event: "stateChanged", listener: PropertyChangedEvent): void;
  off(event: "stateChanged", listener: PropertyChangedEvent): void;
}

export type TransferState = "None" | "Transferring" | "Transferred" | "Failed";

/** Why a transfer failed. */
export interface TransferErrorCode {
  readonly code: number;
  readonly subCode?: number;
}

/** A transfer to somebody. */
export interface TransferToParticipantLocator {
  targetParticipant: CommunicationIdentifier;
}

/** Options of a transfer to somebody. */
export interface TransferToParticipantOptions {
  disableForwardingAndUnanswered?: boolean;
  customContext?: CustomContext;
}

/** A transfer into another call. */
export interface TransferToCallLocator {
  targetCallId: string;
}

/** Options of a transfer into another call. */
export interface TransferToCallOptions {
  customContext?: CustomContext;
}

/** A transfer to voicemail (Teams). */
export interface TransferToVoicemailLocator {
  targetParticipantVoicemail: MicrosoftTeamsUserIdentifier;
}

/** Options of a transfer to voicemail. */
export interface TransferToVoicemailOptions {}

export type TransferAcceptedEventType = "transferAccepted";

export type TransferAcceptedEvent = (args: TransferEventArgs) => void;

/** The call that one was transferred to. */
export interface TransferEventArgs {
  targetCall: CallCommon;
}
