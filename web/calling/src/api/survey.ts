// What the user thought of a call.

import type { CallFeature } from "./features.js";

/** Sends a survey about the call. */
export interface CallSurveyFeature extends CallFeature {
  submitSurvey(survey: CallSurvey, options?: SubmitSurveyOptions): Promise<CallSurveyResponse>;
}

/** What the user thought of the call. */
export interface CallSurvey {
  overallRating?: CallRating<OverallIssue>;
  audioRating?: CallRating<AudioIssue>;
  videoRating?: CallRating<VideoIssue>;
  screenshareRating?: CallRating<ScreenshareIssue>;
}

/** A survey that was sent. */
export interface CallSurveyResponse extends CallSurvey {
  readonly id: string;
  readonly callId: string;
  readonly localParticipantId: string;
}

/** Options of sending; none yet. */
export interface SubmitSurveyOptions {}

/** A score with its issues. */
export interface CallRating<TIssue extends AudioIssue | OverallIssue | ScreenshareIssue | VideoIssue> {
  score: number;
  issues?: TIssue[];
  scale?: RatingScale;
}

/** What the score means; 1 to 5 with 2 as low when absent. */
export interface RatingScale {
  lowerBound: number;
  upperBound: number;
  lowScoreThreshold: number;
}

export type OverallIssue = "CallCannotJoin" | "CallCannotInvite" | "HadToRejoin" | "CallEndedUnexpectedly" | "OtherIssues";

export type AudioIssue =
  | "NoLocalAudio"
  | "NoRemoteAudio"
  | "Echo"
  | "AudioNoise"
  | "LowVolume"
  | "AudioStoppedUnexpectedly"
  | "DistortedSpeech"
  | "AudioInterruption"
  | "OtherIssues";

export type VideoIssue =
  "NoVideoReceived" | "NoVideoSent" | "LowQuality" | "Freezes" | "StoppedUnexpectedly" | "DarkVideoReceived" | "AudioVideoOutOfSync" | "OtherIssues";

export type ScreenshareIssue =
  "NoContentLocal" | "NoContentRemote" | "CannotPresent" | "LowQuality" | "Freezes" | "StoppedUnexpectedly" | "LargeDelay" | "OtherIssues";
