// Effects on one's own video and audio; the effects themselves come from another package.

import type { CommunicationServicesError } from "./errors.js";
import type { AudioStreamFeature, VideoStreamFeature } from "./features.js";

/** Runs an effect on a local video stream. */
export interface VideoEffectsFeature extends VideoStreamFeature {
  isSupported(effect: VideoEffectProcessor): Promise<boolean>;
  startEffects(effect: VideoEffectProcessor): Promise<void>;
  stopEffects(): Promise<void>;
  readonly activeEffects: VideoEffectName[];
  on(event: "effectsStarted", listener: VideoEffectsFeatureListener): void;
  off(event: "effectsStarted", listener: VideoEffectsFeatureListener): void;
  on(event: "effectsStopped", listener: VideoEffectsFeatureListener): void;
  off(event: "effectsStopped", listener: VideoEffectsFeatureListener): void;
  on(event: "effectsError", listener: VideoEffectsFeatureErrorListener): void;
  off(event: "effectsError", listener: VideoEffectsFeatureErrorListener): void;
  on(event: "fpsWarningThresholdReached", listener: VideoEffectsFeatureListener): void;
  off(event: "fpsWarningThresholdReached", listener: VideoEffectsFeatureListener): void;
  on(event: "timeForEffectsWarningReached", listener: VideoEffectsFeatureListener): void;
  off(event: "timeForEffectsWarningReached", listener: VideoEffectsFeatureListener): void;
}

/** An effect on video. */
export interface VideoEffect {
  readonly name: VideoEffectName;
  /** @deprecated As in the official package. */
  isSupported(): Promise<boolean>;
}

/** Configuration of an effect. */
export interface VideoEffectConfig {
  effectInitTimeThresholdInMs?: number;
  fpsWarningThreshold?: number;
}

export type VideoEffectName = "BackgroundBlur" | "BackgroundReplacement";

export type VideoEffectProcessor = BackgroundBlurEffect | BackgroundReplacementEffect;

/** Blurs the background. */
export interface BackgroundBlurEffect extends VideoEffect {
  configure(config: BackgroundBlurConfig): Promise<void>;
}

export type BackgroundBlurConfig = VideoEffectConfig;

/** Replaces the background. */
export interface BackgroundReplacementEffect extends VideoEffect {
  configure(config: BackgroundReplacementConfig): Promise<void>;
}

/** The picture behind. */
export interface BackgroundReplacementConfig extends VideoEffectConfig {
  backgroundImageUrl: string;
}

export type VideoEffectError = "FailedToProcess" | "FailedToFetchImage";

export type VideoEffectErrorPayload = {
  code: number;
  message: string;
};

export type VideoEffectsFeatureEvent =
  "effectsStarted" | "effectsStopped" | "effectsError" | "fpsWarningThresholdReached" | "timeForEffectsWarningReached";

export type VideoEffectsFeatureListener = (effects: VideoEffectName[]) => void;

export type VideoEffectsFeatureErrorListener = (error: VideoEffectErrorPayload) => void;

/** Runs effects on a local audio stream. */
export interface AudioEffectsFeature extends AudioStreamFeature {
  isSupported(effect: EchoCancellationEffect | DeepNoiseSuppressionEffect | "BrowserEchoCancellation" | "BrowserNoiseSuppression"): Promise<boolean>;
  startEffects(audioEffects: AudioEffectsStartConfig): Promise<void>;
  stopEffects(audioEffects: AudioEffectsStopConfig): Promise<void>;
  readonly activeEffects: ActiveAudioEffects;
  on(event: "effectsStarted", listener: AudioEffectsFeatureListener): void;
  off(event: "effectsStarted", listener: AudioEffectsFeatureListener): void;
  on(event: "effectsStopped", listener: AudioEffectsFeatureListener): void;
  off(event: "effectsStopped", listener: AudioEffectsFeatureListener): void;
  on(event: "effectsError", listener: AudioEffectsFeatureErrorListener): void;
  off(event: "effectsError", listener: AudioEffectsFeatureErrorListener): void;
}

/** An effect on audio. */
export interface AudioEffect {
  /** @deprecated As in the official package. */
  isSupported(): Promise<boolean>;
}

/** Effects that run. */
export interface ActiveAudioEffects {
  echoCancellation: EchoCancellationEffectName[];
  noiseSuppression: NoiseSuppressionEffectName[];
}

/** Effects to start. */
export interface AudioEffectsStartConfig {
  echoCancellation?: "BrowserEchoCancellation" | EchoCancellationEffect;
  noiseSuppression?: "BrowserNoiseSuppression" | DeepNoiseSuppressionEffect;
}

/** Effects to stop. */
export interface AudioEffectsStopConfig {
  noiseSuppression?: boolean;
}

/** Cancels echo. */
export interface EchoCancellationEffect extends AudioEffect {
  readonly name: EchoCancellationEffectName;
}

export type EchoCancellationEffectName = "BrowserEchoCancellation" | "EchoCancellation";

/** Suppresses noise. */
export interface DeepNoiseSuppressionEffect extends AudioEffect {
  readonly name: NoiseSuppressionEffectName;
}

export type NoiseSuppressionEffectName = "BrowserNoiseSuppression" | "DeepNoiseSuppression";

export type AudioEffectsFeatureEvent = "effectsStarted" | "effectsStopped" | "effectsError";

export type AudioEffectsFeatureListener = (audioEffects: ActiveAudioEffects) => void;

export type AudioEffectsFeatureErrorListener = (error: CommunicationServicesError) => void;
