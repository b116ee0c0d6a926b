// Cameras, microphones and speakers.

import type { CollectionUpdatedEvent, PropertyChangedEvent } from "./events.js";

export type DeviceType = "Camera" | "Microphone" | "Speaker";

export type VideoDeviceType = "Unknown" | "UsbCamera" | "CaptureAdapter" | "Virtual" | "ScreenSharing";

/** A camera. */
export interface VideoDeviceInfo {
  readonly name: string;
  readonly id: string;
  readonly deviceType: VideoDeviceType;
}

export type AudioDeviceType = "Microphone" | "Speaker" | "CompositeAudioDevice" | "Virtual";

/** A microphone or a speaker. */
export interface AudioDeviceInfo {
  readonly name: string;
  readonly id: string;
  readonly isSystemDefault: boolean;
  readonly deviceType: AudioDeviceType;
}

/** A headset: microphone and speaker in one. */
export interface CompositeAudioDeviceInfo {
  readonly microphone: AudioDeviceInfo;
  readonly speaker: AudioDeviceInfo;
  readonly compositeAudioDeviceType: CompositeAudioDeviceType;
}

export type CompositeAudioDeviceType = "Speaker" | "Headphones" | "Headset" | "Handset" | "Speakerphone";

/** What to ask for. */
export interface PermissionConstraints {
  audio: boolean;
  video: boolean;
}

/** What the user allowed. */
export interface DeviceAccess {
  audio: boolean;
  video: boolean;
}

/** Devices to open before they are needed, for at most `timeoutInSec` seconds. */
export interface StartPreheatDeviceParameters {
  audio?: {
    preheat: boolean;
    timeoutInSec?: number;
  };
  video?: {
    preheat: boolean;
    timeoutInSec?: number;
  };
}

/** Devices to close again. */
export interface StopPreheatDeviceParameters {
  audio?: boolean;
  video?: boolean;
}

/** Cameras, microphones and speakers: lists, permissions, the choice. One per client. */
export interface DeviceManager {
  /** Whether this browser lets a page choose the speaker. */
  readonly isSpeakerSelectionAvailable: boolean;
  readonly selectedMicrophone?: AudioDeviceInfo;
  readonly selectedSpeaker?: AudioDeviceInfo;
  getCameras(): Promise<VideoDeviceInfo[]>;
  getMicrophones(): Promise<AudioDeviceInfo[]>;
  getSpeakers(): Promise<AudioDeviceInfo[]>;
  selectMicrophone(microphoneDevice: AudioDeviceInfo): Promise<void>;
  selectSpeaker(speakerDevice: AudioDeviceInfo): Promise<void>;
  askDevicePermission(permissionConstraints: PermissionConstraints): Promise<DeviceAccess>;
  startPreheatDevices(parameters: StartPreheatDeviceParameters): Promise<void>;
  stopPreheatDevices(parameters: StopPreheatDeviceParameters): void;
  on(event: "videoDevicesUpdated", listener: CollectionUpdatedEvent<VideoDeviceInfo>): void;
  off(event: "videoDevicesUpdated", listener: CollectionUpdatedEvent<VideoDeviceInfo>): void;
  on(event: "audioDevicesUpdated", listener: CollectionUpdatedEvent<AudioDeviceInfo>): void;
  off(event: "audioDevicesUpdated", listener: CollectionUpdatedEvent<AudioDeviceInfo>): void;
  on(event: "selectedMicrophoneChanged", listener: PropertyChangedEvent): void;
  off(event: "selectedMicrophoneChanged", listener: PropertyChangedEvent): void;
  on(event: "selectedSpeakerChanged", listener: PropertyChangedEvent): void;
  off(event: "selectedSpeakerChanged", listener: PropertyChangedEvent): void;
}
