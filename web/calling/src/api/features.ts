// How features hang on clients, calls and streams.

import type { CallClient } from "../client.js";
import type { LocalAudioStream, LocalVideoStream } from "../devices/index.js";
import type { CallAgentCommon } from "./agents.js";
import type { CallCommon } from "./calls.js";
import type { Disposable } from "./events.js";

/** A key of `Features`; compared by identity. */
export interface FeatureFactory {}

/** What all features have. */
export interface BaseFeature extends Disposable {
  readonly name: string;
}

/** A feature of an agent. */
export interface CallAgentFeature extends BaseFeature {}

/** A feature of the client. */
export interface CallClientFeature extends BaseFeature {}

/** What a feature of the client is made from. */
export interface CallClientFeatureContext {
  callClient: CallClient;
}

export type CallClientFeatureCtor<TFeature extends CallClientFeature> = new (context: CallClientFeatureContext) => TFeature;

/** Makes a feature of the client; every client keeps one of each. */
export interface CallClientFeatureFactory<TFeature extends CallClientFeature> extends FeatureFactory {
  readonly callClientApiCtor: CallClientFeatureCtor<TFeature>;
}

/** A feature of a call. */
export interface CallFeature extends BaseFeature {}

/** What a feature of a call is made from. */
export interface CallFeatureContext {
  callAgent: CallAgentCommon;
  call: CallCommon;
}

export type CallFeatureCtor<TFeature extends CallFeature> = new (context: CallFeatureContext) => TFeature;

/** Makes a feature of a call; every call keeps one of each. */
export interface CallFeatureFactory<TFeature extends CallFeature> extends FeatureFactory {
  readonly callApiCtor: CallFeatureCtor<TFeature>;
}

/** A feature of a local video stream. */
export interface VideoStreamFeature extends BaseFeature {}

/** What a feature of a local video stream is made from. */
export interface VideoStreamFeatureContext {
  streamInstance: LocalVideoStream;
}

export type VideoStreamFeatureCtor<TFeature extends VideoStreamFeature> = new (context: VideoStreamFeatureContext) => TFeature;

/** Makes a feature of a local video stream; every stream keeps one of each. */
export interface VideoStreamFeatureFactory<TFeature extends VideoStreamFeature> extends FeatureFactory {
  readonly videoStreamApiCtor: VideoStreamFeatureCtor<TFeature>;
}

/** A feature of a local audio stream. */
export interface AudioStreamFeature extends BaseFeature {}

/** What a feature of a local audio stream is made from. */
export interface AudioStreamFeatureContext {
  streamInstance: LocalAudioStream;
}

export type AudioStreamFeatureCtor<TFeature extends AudioStreamFeature> = new (context: AudioStreamFeatureContext) => TFeature;

/** Makes a feature of a local audio stream; every stream keeps one of each. */
export interface AudioStreamFeatureFactory<TFeature extends AudioStreamFeature> extends FeatureFactory {
  readonly audioStreamApiCtor: AudioStreamFeatureCtor<TFeature>;
}
