import type { LocalSource, Unsubscribe, VideoWatch } from "../call/internal.js";
import type { CallRequests, OfferedTrack, WireStreamType } from "../signalling/protocol.js";

/** What the media of a call needs of the rest of it. */
export interface MediaSignals {
  request<K extends "media.publish" | "media.subscribe" | "media.answer" | "media.restart">(
    name: K,
    members: CallRequests[K][0],
  ): Promise<CallRequests[K][1]>;
  /** The relays of now; empty when there are none. */
  relays(): Promise<{ urls: string[]; username?: string; credential?: string }[]>;
}

/** What is to be sent; absent members are not sent. */
export interface Outgoing {
  audio?: LocalSource;
  video?: LocalSource;
  screen?: LocalSource;
}

/** Bounds of what is sent; from `CallConstraints`. */
export interface SendBounds {
  frameHeight?: number;
  frameRate?: number;
  /** Bits per second. */
  bitrate?: number;
}

export type Direction = "publish" | "subscribe";

/** What the n-th media section of a connection carries. */
export interface TrackPlace {
  type: "Audio" | WireStreamType;
  /** The sender's participant id; undefined for what is published. */
  participant?: string;
  /** The number of the stream in its participant; 0 for audio. */
  stream: number;
}

/** The media of one call: one connection that publishes, one that subscribes. Adapters: `browser.ts`. */
export interface MediaSession {
  /** Sends exactly this from now on. Rejects when the server refuses (403: the role may not). */
  send(outgoing: Outgoing): Promise<void>;
  /** Silence instead of the microphone, without telling the server. */
  setMuted(muted: boolean): void;
  /** Plays nothing of what comes. */
  setIncomingMuted(muted: boolean): void;
  /** Stops or lets flow everything both ways, as a call on hold does. */
  setHeld(held: boolean): void;
  setBounds(bounds: SendBounds): Promise<void>;
  /** Plays on this speaker; "default" is the system's. */
  setSpeaker(deviceId: string): Promise<void>;
  /** Wishes to see a video. */
  watch(participant: string, stream: number, width: number, height: number): VideoWatch;
  /** A stream that holds the track of a wish, and of each that takes its place. */
  streamOf(watch: VideoWatch): Promise<MediaStream>;
  /** Whether packets of a video arrive at the moment; told to {@link onReceiving}. */
  isReceiving(participant: string, stream: number): boolean;
  onReceiving(listener: (participant: string, stream: number) => void): Unsubscribe;
  /** All voices as one stream, for `RemoteAudioStream`. */
  remoteAudio(): MediaStream | undefined;
  onRemoteAudio(listener: () => void): Unsubscribe;

  /** The server's `media.offer`. */
  offered(offer: number, sdp: string, tracks: OfferedTrack[]): void;
  /** The server's `media.lost`, or a resume on another network: fresh ICE. */
  restart(direction: Direction): void;
  /** The session with the server was begun anew: everything is to be published and subscribed to again. */
  renew(): void;

  /** For diagnostics and statistics; undefined while there is no such connection. */
  connection(direction: Direction): RTCPeerConnection | undefined;
  place(direction: Direction, mid: string): TrackPlace | undefined;
  onState(listener: (direction: Direction, state: RTCPeerConnectionState) => void): Unsubscribe;
  close(): void;
}
