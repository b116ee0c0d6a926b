import type { CallAgentCommon, CallCommon, DeviceManager, LocalAudioStream, LocalVideoStream, RemoteParticipant, Volume } from "../index.js";
import type { MediaSession, MediaSignals } from "../media/session.js";
import type { CallNotifications, CallRequests, CallSnapshot, Welcome } from "../signalling/protocol.js";

/**
 * Key of what this package's own rooms need of a public object: `call[INTERNAL]` is its {@link CallContext}. A symbol, since the objects are
 * wrapped in `Proxy` objects by the official UI library, through which `#private` fields cannot be read.
 */
export const INTERNAL: unique symbol = Symbol("@parley/communication-calling");

/** Whether two objects are the same behind the proxies that applications may have put around them. */
export function same(one: { [INTERNAL]: unknown }, other: { [INTERNAL]: unknown }): boolean {
  return one[INTERNAL] === other[INTERNAL];
}

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** `call[INTERNAL]`: what features see of a call. All listeners are told synchronously, in the order of the server's notifications. */
export interface CallContext {
  readonly call: CallCommon;
  readonly agent: CallAgentCommon;
  /** The newest state from the server; undefined until it has answered. It is replaced, never changed in place. */
  readonly snapshot: CallSnapshot | undefined;
  /** What the server said about itself in its last welcome. */
  readonly welcome: Welcome | undefined;
  /** The media of this call, already while it rings elsewhere; undefined before the server knows the call, and where it carries none. */
  readonly media: MediaSession | undefined;
  readonly signalling: "Connected" | "Reconnecting" | "Disconnected";
  /** The device manager if the application has asked for it. */
  readonly devices: DeviceManager | undefined;

  /** Asks the server; rejects with a {@link CommunicationServicesError}, also when the call is not known there yet or has ended. */
  request<K extends keyof CallRequests>(name: K, members: CallRequests[K][0]): Promise<CallRequests[K][1]>;
  /** Hears a notification of this call after the snapshot has taken it in. */
  onNotification<K extends keyof CallNotifications>(name: K, listener: (members: CallNotifications[K]) => void): Unsubscribe;
  /** Hears which members of the snapshot have changed, after they have, by whatever notification. */
  onChange(listener: (changed: ReadonlySet<keyof CallSnapshot>) => void): Unsubscribe;
  onSignalling(listener: () => void): Unsubscribe;
  /** Hears when {@link media} came or went. */
  onMedia(listener: () => void): Unsubscribe;
  /** Hears once that the call is over; at once when it is over already. */
  onEnd(listener: () => void): Unsubscribe;

  /** The remote participant that a participant id of the protocol belongs to; undefined for oneself and for unknown ones. */
  participant(id: string): RemoteParticipant | undefined;
  /** The raw id of the user behind a participant id, oneself included. */
  userOf(id: string): string | undefined;
  /** The participant ids of a user, oneself included. */
  participantsOf(rawId: string): string[];
}

/** `localStream[INTERNAL]`: what a call needs of a local stream. */
export interface LocalSource {
  readonly disposeOnCallEnd: boolean;
  /** The track that is to be sent now, after effects; asks for the device when it is not open yet. */
  track(): Promise<MediaStreamTrack>;
  /** Keeps the device open until the hold is given up; without any hold left it is closed, until {@link track} is asked for again. */
  hold(): Unsubscribe;
  /** Hears of each other track that is to be sent from now on (another device, an effect). */
  onTrack(listener: (track: MediaStreamTrack) => void): Unsubscribe;
  /** Says that the track ended without anybody's wish (device unplugged, the browser's own "stop sharing"). */
  onEnded(listener: () => void): Unsubscribe;
}

/** `remoteVideoStream[INTERNAL]`: what a renderer needs of a remote stream. */
export interface RemoteSource {
  /** Wishes to see the stream at a size in device pixels; it is subscribed to while at least one wish is open, at the largest size. */
  watch(width: number, height: number): VideoWatch;
  /** The size of the picture that arrives, told by whoever shows it. */
  showed(width: number, height: number): void;
}

export interface VideoWatch {
  /** The track when it has arrived. It rejects when the stream or the call ends first. */
  readonly track: Promise<MediaStreamTrack>;
  /** Hears of each other track that takes its place, after a reconnect for instance. */
  onTrack(listener: (track: MediaStreamTrack) => void): Unsubscribe;
  resize(width: number, height: number): void;
  close(): void;
}

/** `callClient[INTERNAL]`. */
export interface ClientContext {
  readonly platform: Platform;
  /** The device manager if the application has asked for it. */
  readonly devices: DeviceManager | undefined;
  /** Calls that are not over, of all agents. */
  readonly calls: readonly CallCommon[];
}

/** A WebSocket, as far as signalling uses one. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

/** What the core needs of where it runs. The browser's is in `src/platform.ts`; signalling and state know no DOM. */
export interface Platform {
  /** Goes into call records, at most 200 characters: browser and system. */
  readonly client: string;
  socket(url: string): Socket;
  fetch(url: string, options: { method: string; headers: Record<string, string>; body?: string }): Promise<{ status: number; json(): Promise<unknown> }>;
  devices(): Promise<DeviceManager>;
  /** Loudness of a stream, for `RemoteAudioStream`. */
  volume(stream: MediaStream): Volume;
  /** A microphone's stream; the system's default without a device manager. */
  microphone(devices: DeviceManager | undefined): LocalAudioStream;
  /** Asks the person for a screen to share; rejects when it is refused. */
  screen(): Promise<LocalVideoStream>;
  /** Opens the media of one call; undefined where none can be had. */
  media: ((signals: MediaSignals) => MediaSession) | undefined;
  /** The page goes away for good. */
  onLeave(listener: () => void): Unsubscribe;
  /** The page came to the front or the network came back: a good moment to try again. */
  onWake(listener: () => void): Unsubscribe;
}
