// Captions.

import type { CallerInfo } from "./calls.js";
import type { PropertyChangedEvent } from "./events.js";
import type { CallFeature } from "./features.js";
import type { ParticipantInfo } from "./participants.js";

/** Captions of a call. */
export interface CaptionsCallFeature extends CallFeature {
  readonly captions: CaptionsCommon;
  on(event: CaptionsKindChangedEventType, listener: PropertyChangedEvent): void;
  off(event: CaptionsKindChangedEventType, listener: PropertyChangedEvent): void;
}

export type CaptionsKindChangedEventType = "CaptionsKindChanged";

export type CaptionsKind = "TeamsCaptions" | "Captions";

/** What both kinds of captions have. */
export interface CaptionsCommon {
  startCaptions(startCaptionsOptions?: StartCaptionsOptions): Promise<void>;
  stopCaptions(): Promise<void>;
  setSpokenLanguage(language: string): Promise<void>;
  readonly supportedSpokenLanguages: string[];
  readonly isCaptionsFeatureActive: boolean;
  readonly activeSpokenLanguage: string;
  readonly kind: CaptionsKind;
}

/** Options of starting captions. */
export interface StartCaptionsOptions {
  spokenLanguage: string;
}

/** Captions of what is said in a call. */
export interface Captions extends CaptionsCommon {
  on(event: CaptionsReceivedEventType, listener: CaptionsHandler): void;
  off(event: CaptionsReceivedEventType, listener: CaptionsHandler): void;
  on(event: CaptionsPropertyChangedEventType, listener: PropertyChangedEvent): void;
  off(event: CaptionsPropertyChangedEventType, listener: PropertyChangedEvent): void;
  on(event: SpokenLanguageChangedEventType, listener: PropertyChangedEvent): void;
  off(event: SpokenLanguageChangedEventType, listener: PropertyChangedEvent): void;
}

/** One caption. */
export interface CaptionsInfo {
  resultType: CaptionsResultType;
  speaker: ParticipantInfo;
  spokenLanguage: string;
  spokenText: string;
  timestamp: Date;
}

export type CaptionsHandler = (data: CaptionsInfo) => void;

export type CaptionsResultType = "Partial" | "Final";

export type CaptionsReceivedEventType = "CaptionsReceived";

export type CaptionsPropertyChangedEventType = "CaptionsActiveChanged";

export type SpokenLanguageChangedEventType = "SpokenLanguageChanged";

/** Captions of a Teams meeting. */
export interface TeamsCaptions extends CaptionsCommon {
  readonly supportedCaptionLanguages: string[];
  readonly activeCaptionLanguage: string;
  setCaptionLanguage(language: string): Promise<void>;
  on(event: CaptionsPropertyChangedEventType, listener: PropertyChangedEvent): void;
  off(event: CaptionsPropertyChangedEventType, listener: PropertyChangedEvent): void;
  on(event: CaptionsReceivedEventType, listener: TeamsCaptionsHandler): void;
  off(event: CaptionsReceivedEventType, listener: TeamsCaptionsHandler): void;
  on(event: CaptionLanguageChangedEventType, listener: PropertyChangedEvent): void;
  off(event: CaptionLanguageChangedEventType, listener: PropertyChangedEvent): void;
  on(event: SpokenLanguageChangedEventType, listener: PropertyChangedEvent): void;
  off(event: SpokenLanguageChangedEventType, listener: PropertyChangedEvent): void;
}

/** One caption of a Teams meeting. */
export interface TeamsCaptionsInfo {
  captionText: string;
  captionLanguage: string;
  resultType: CaptionsResultType;
  speaker: CallerInfo;
  spokenLanguage: string;
  spokenText: string;
  timestamp: Date;
}

export type TeamsCaptionsHandler = (data: TeamsCaptionsInfo) => void;

export type CaptionLanguageChangedEventType = "CaptionLanguageChanged";
