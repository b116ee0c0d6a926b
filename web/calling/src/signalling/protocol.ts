/** The server's calling protocol, version 1, as types. docs/calling-protocol.md says what everything means. */

export type Category = "Success" | "ExpectedError" | "UnexpectedClientError" | "UnexpectedServerError";

/** Why a call, a ring or a request ended as it did. */
export interface Reason {
  code: number;
  subCode: number;
  category: Category;
  message: string;
}

export interface Party {
  user: string;
  displayName?: string;
}

export interface WireContext {
  userToUser?: string;
  voipHeaders?: Record<string, string>;
  sipHeaders?: Record<string, string>;
}

export type WireStreamType = "Video" | "ScreenSharing";

export interface WireStream {
  id: number;
  type: WireStreamType;
}

export interface WireParticipant {
  id: string;
  user: string;
  displayName?: string;
  role: string;
  state: "Connecting" | "Connected" | "Hold" | "InLobby";
  muted: boolean;
  speaking: boolean;
  streams: WireStream[];
}

export type WireCallState = "Connecting" | "Ringing" | "Connected" | "LocalHold" | "RemoteHold" | "InLobby" | "Disconnected";
export type WireKind = "oneToOne" | "group" | "room";

/** Everything that a participant may know of its call. */
export interface CallSnapshot {
  callId: string;
  serverCallId: string;
  kind: WireKind;
  state: WireCallState;
  direction: "Incoming" | "Outgoing";
  groupId?: string;
  roomId?: string;
  /** The participant that this client is. */
  me: string;
  role: string;
  capabilities: Record<string, string>;
  caller: Party;
  transferor?: Party;
  participants: WireParticipant[];
  invited: { user: string; state: string }[];
  hands: string[];
  spotlights: string[];
  recording: "none" | "active" | "paused";
  transcription: boolean;
  captions: { language: string } | null;
  speakers: string[];
}

export interface Welcome {
  session: string;
  resumed: boolean;
  gap: boolean;
  user: string;
  expiresOn: string;
  resumeSeconds: number;
  messageBytes: number;
  dataBytes: number;
  participants: number;
  media: boolean;
  captions: boolean;
  now: string;
}

/** A track of the publishing connection, by its place in the offer. */
export interface PublishedTrack {
  mid: string;
  type: "Audio" | WireStreamType;
}

/** A wish to see a video at a size. */
export interface WantedStream {
  participant: string;
  stream: number;
  width: number;
  height: number;
}

/** A track of the subscribing connection; stream is 0 for audio. */
export interface OfferedTrack {
  mid: string;
  participant: string;
  stream: number;
  type: "Audio" | WireStreamType;
}

export interface StatsSample {
  id: string;
  type: "Audio" | WireStreamType;
  direction: "inbound" | "outbound";
  codec?: string;
  rtt?: number;
  jitter?: number;
  loss?: number;
  bitrate?: number;
  frameRate?: number;
  width?: number;
  height?: number;
  freeze?: number;
}

type Nothing = Record<string, never>;

/** Requests that begin a call: members and answer. */
export interface OpeningRequests {
  "call.start": [{ participants: string[]; muted?: boolean; customContext?: WireContext }, CallSnapshot];
  "call.join": [{ groupId?: string; roomId?: string; callId?: string; muted?: boolean }, CallSnapshot];
}

/** Requests within a call, which carry its `callId` besides: members and answer. */
export interface CallRequests {
  "call.accept": [{ muted?: boolean }, CallSnapshot];
  "call.reject": [{ busy?: boolean }, Nothing];
  "call.leave": [{ forEveryone?: boolean }, Nothing];
  "call.add": [{ participant: string; customContext?: WireContext }, Nothing];
  "call.remove": [{ participant: string }, Nothing];
  me: [{ muted?: boolean; displayName?: string }, Nothing];
  mute: [{ participants?: string[] }, Nothing];
  hold: [Nothing, Nothing];
  resume: [Nothing, Nothing];
  transfer: [{ participant: string } | { toCall: string }, Nothing];
  "lobby.admit": [{ participants?: string[] }, { count: number }];
  "lobby.reject": [{ participants: string[] }, { count: number }];
  "hand.raise": [Nothing, Nothing];
  "hand.lower": [{ participants?: string[]; all?: boolean }, Nothing];
  reaction: [{ type: string }, Nothing];
  "spotlight.start": [{ participants?: string[] }, Nothing];
  "spotlight.stop": [{ participants?: string[]; all?: boolean }, Nothing];
  text: [{ text: string; final: boolean; sequence: number }, Nothing];
  "captions.start": [{ language: string }, Nothing];
  "captions.language": [{ language: string }, Nothing];
  "captions.stop": [Nothing, Nothing];
  data: [{ channel: number; data: string; to?: string[] }, Nothing];
  dtmf: [{ tone: string }, Nothing];
  survey: [{ survey: unknown }, { id: string; callId: string; participantId: string }];
  stats: [{ streams: StatsSample[] }, Nothing];
  snapshot: [Nothing, CallSnapshot];
  "media.publish": [{ sdp: string; tracks: PublishedTrack[] }, { sdp: string; streams: { mid: string; id: number }[] }];
  "media.subscribe": [{ streams: WantedStream[] }, Nothing];
  "media.answer": [{ offer: number; sdp: string }, Nothing];
  "media.restart": [{ connection: "subscribe" }, Nothing];
}

/** Requests of the agent itself. */
export interface AgentRequests {
  token: [{ token: string }, Nothing];
  bye: [Nothing, Nothing];
}

export type Requests = OpeningRequests & CallRequests & AgentRequests;

export type ParticipantChange = Partial<Omit<WireParticipant, "id">> & { id: string };

/** Notifications about one call, which carry its `callId` besides. */
export interface CallNotifications {
  incoming: { serverCallId: string; from: Party; kind: WireKind; customContext?: WireContext; transferor?: Party };
  "incoming.ended": { reason: Reason };
  call: { call: CallSnapshot };
  "call.changed": Partial<Pick<CallSnapshot, "state" | "kind" | "role" | "capabilities" | "invited" | "recording" | "transcription">>;
  "call.ended": { reason: Reason };
  participants: { added: WireParticipant[]; changed: ParticipantChange[]; removed: { id: string; reason: Reason }[] };
  hands: { participants: string[] };
  spotlights: { participants: string[] };
  speakers: { participants: string[] };
  muted: { by: string };
  reaction: { participant: string; type: string };
  text: { participant: string; sequence: number; text: string; final: boolean; at: string };
  captions: { captions: { language: string } | null };
  caption: { participant: string; text: string; language: string; final: boolean; at: string };
  data: { participant: string; channel: number; sequence: number; data: string };
  transfer: { state: "Transferring" | "Transferred" | "Failed"; reason?: Reason };
  "transfer.accepted": { call: CallSnapshot };
  "media.offer": { offer: number; sdp: string; tracks: OfferedTrack[] };
  "media.lost": { connection: "publish" | "subscribe" };
}

export interface Notifications extends CallNotifications {
  "agent.ended": { reason: Reason };
}

/** One notification of any kind, as the socket brings it. */
export type Notification = {
  [K in keyof Notifications]: { on: K; seq: number; callId: string } & Notifications[K];
}[keyof Notifications];
