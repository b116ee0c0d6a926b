// Streams that come from others, and what is common to all streams.

import type { LocalAudioStream, LocalVideoStream } from "../devices/index.js";
import type { Disposable, PropertyChangedEvent } from "./events.js";

export type MediaStreamType = "Video" | "ScreenSharing" | "RawMedia" | "LiveStream" | "Audio";

/** Size of a picture in pixels. */
export interface StreamSize {
  width: number;
  height: number;
}

/** Options of a local video stream. */
export interface LocalVideoStreamOptions {
  /** Whether the camera is closed when the call ends; true when absent. */
  autoDisposeOnCallEnd?: boolean;
}

/** Options of a local audio stream. */
export interface LocalAudioStreamOptions {
  /** Whether the microphone is closed when the call ends; true when absent. */
  autoDisposeOnCallEnd?: boolean;
}

export type VideoSourceChangedEvent = (args: { source: LocalVideoStream }) => void;

export type AudioSourceChangedEvent = (args: { source: LocalAudioStream }) => void;

/** Loudness of an audio stream. */
export interface Volume {
  /** From 0 to 100. */
  readonly level: number;
  on(event: "levelChanged", listener: PropertyChangedEvent): void;
  off(event: "levelChanged", listener: PropertyChangedEvent): void;
}

/** Audio of all others, mixed. */
export interface RemoteAudioStream {
  getMediaStream(): Promise<MediaStream>;
  getVolume(): Promise<Volume>;
}

/** What all remote video streams have. */
export interface RemoteVideoStreamCommon {
  /** Unique in its participant. */
  readonly id: number;
  readonly mediaStreamType: MediaStreamType;
  /** Whether pictures come in at the moment. */
  readonly isReceiving: boolean;
  /** Size of the pictures that come in, 0 x 0 before the first. */
  readonly size: StreamSize;
}

/** Video or a screen of somebody else. */
export interface RemoteVideoStream extends RemoteVideoStreamCommon {
  /** Whether it can be shown. */
  readonly isAvailable: boolean;
  getMediaStream(): Promise<MediaStream>;
  on(event: "isAvailableChanged", listener: PropertyChangedEvent): void;
  off(event: "isAvailableChanged", listener: PropertyChangedEvent): void;
  on(event: "sizeChanged", listener: PropertyChangedEvent): void;
  off(event: "sizeChanged", listener: PropertyChangedEvent): void;
  on(event: "isReceivingChanged", listener: PropertyChangedEvent): void;
  off(event: "isReceivingChanged", listener: PropertyChangedEvent): void;
}

export type ScalingMode = "Stretch" | "Crop" | "Fit";

/** How to show a stream. */
export interface CreateViewOptions {
  isMirrored?: boolean;
  scalingMode?: ScalingMode;
}

/** A stream shown in an element. */
export interface VideoStreamRendererView extends Disposable {
  readonly scalingMode: ScalingMode;
  readonly isMirrored: boolean;
  readonly target: HTMLElement;
  updateScalingMode(scalingMode: ScalingMode): Promise<void>;
}

export type LocalStreamState = "Started" | "Stopped";

export type LocalStreamStopReason = "appRequested" | "trackEnded" | "sessionEnded";
