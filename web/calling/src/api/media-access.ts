// Who may send audio and video.

import type { CommunicationIdentifier } from "@azure/communication-common";
import type { CallFeature } from "./features.js";

/** Forbids and permits others to send audio or video. */
export interface MediaAccessCallFeature extends CallFeature {
  permitAudio(participants: CommunicationIdentifier[]): Promise<void>;
  forbidAudio(participants: CommunicationIdentifier[]): Promise<void>;
  permitOthersAudio(): Promise<void>;
  forbidOthersAudio(): Promise<void>;
  permitVideo(participants: CommunicationIdentifier[]): Promise<void>;
  forbidVideo(participants: CommunicationIdentifier[]): Promise<void>;
  permitOthersVideo(): Promise<void>;
  forbidOthersVideo(): Promise<void>;
  getAllOthersMediaAccess(): MediaAccess[];
  getMeetingMediaAccess(): MeetingMediaAccess;
  on(event: "mediaAccessChanged", listener: MediaAccessChangedListener): void;
  off(event: "mediaAccessChanged", listener: MediaAccessChangedListener): void;
  on(event: "meetingMediaAccessChanged", listener: MeetingMediaAccessChangedListener): void;
  off(event: "meetingMediaAccessChanged", listener: MeetingMediaAccessChangedListener): void;
}

/** What may be sent. */
export interface BaseMediaAccess {
  isAudioPermitted: boolean;
  isVideoPermitted: boolean;
}

/** What one participant may send. */
export interface MediaAccess extends BaseMediaAccess {
  participant: CommunicationIdentifier;
}

/** What attendees may send. */
export interface MeetingMediaAccess extends BaseMediaAccess {}

/** Whose access changed. */
export interface MediaAccessChangedEvent {
  mediaAccesses: MediaAccess[];
}

export type MediaAccessChangedListener = (data: MediaAccessChangedEvent) => void;

/** The access that changed. */
export interface MeetingMediaAccessChangedEvent {
  meetingMediaAccess: MeetingMediaAccess;
}

export type MeetingMediaAccessChangedListener = (data: MeetingMediaAccessChangedEvent) => void;
