import { createIdentifierFromRawId, type CommunicationIdentifierKind } from "@azure/communication-common";
import type {
  CallEndReason,
  CollectionUpdatedEvent,
  EndpointDetails,
  ParticipantRole,
  PropertyChangedEvent,
  RemoteParticipant,
  RemoteParticipantState,
  RemoteVideoStream,
} from "../index.js";
import type { MediaSession } from "../media/session.js";
import type { Reason, WireParticipant } from "../signalling/protocol.js";
import { Emitter } from "./emitter.js";
import { endReason } from "./errors.js";
import { RemoteVideo } from "./remote-video.js";

interface ParticipantEvents {
  stateChanged: PropertyChangedEvent;
  isMutedChanged: PropertyChangedEvent;
  displayNameChanged: PropertyChangedEvent;
  roleChanged: PropertyChangedEvent;
  isSpeakingChanged: PropertyChangedEvent;
  videoStreamsUpdated: CollectionUpdatedEvent<RemoteVideoStream>;
}

/** From the most to the least present: a user with several devices is as present as the best of them. */
const STATES: RemoteParticipantState[] = ["Connected", "Hold", "Connecting", "InLobby"];

/** What a participant needs of its call. */
export interface ParticipantHome {
  media(): MediaSession | undefined;
  mute(participants: string[]): Promise<unknown>;
}

/** A user in a call with all its devices and tabs: the protocol's participants of one user. */
export class Participant extends Emitter<ParticipantEvents> implements RemoteParticipant {
  readonly identifier: CommunicationIdentifierKind;
  displayName?: string;
  hasDisplayNameChanged = false;
  endpointDetails: EndpointDetails[] = [];
  callEndReason?: CallEndReason;
  videoStreams: ReadonlyArray<RemoteVideoStream> = [];
  isMuted = true;
  isSpeaking = false;
  role: ParticipantRole = "Unknown";

  private readonly streams = new Map<string, RemoteVideo>();

  constructor(
    readonly rawId: string,
    public state: RemoteParticipantState,
    private readonly home: ParticipantHome,
  ) {
    super();
    this.identifier = createIdentifierFromRawId(rawId);
    for (const name of ["home", "streams", "rawId"]) Object.defineProperty(this, name, { enumerable: false });
  }

  async mute(): Promise<void> {
    await this.home.mute(this.endpointDetails.map((one) => one.participantId));
  }

  /** @internal Takes over what the server says about its devices, and tells what has changed. There is at least one. */
  show(endpoints: WireParticipant[]): void {
    const first = endpoints[0]!;
    this.endpointDetails = endpoints.map((one) => ({ participantId: one.id }));
    const state = STATES.find((state) => endpoints.some((one) => one.state === state)) ?? "Connecting";
    const told: (keyof Omit<ParticipantEvents, "videoStreamsUpdated">)[] = [];
    const set = <K extends "state" | "isMuted" | "displayName" | "role" | "isSpeaking">(name: K, value: this[K]) => {
      if (this[name] === value) return;
      this[name] = value;
      told.push(`${name}Changed`);
    };
    const named = this.displayName;
    set("state", state);
    set("displayName", first.displayName || undefined);
    this.hasDisplayNameChanged ||= named !== undefined && named !== this.displayName;
    set("role", first.role as ParticipantRole);
    set("isMuted", endpoints.every((one) => one.muted));
    set("isSpeaking", endpoints.some((one) => one.speaking));
    for (const event of told) this.emit(event);
    this.showStreams(endpoints);
  }

  /** @internal Being called, without a device in the call. */
  ring(state: RemoteParticipantState): void {
    if (this.state === state) return;
    this.state = state;
    this.emit("stateChanged");
  }

  /** @internal No longer in the call. */
  gone(reason: Reason | undefined): void {
    if (reason) this.callEndReason = endReason(reason);
    this.showStreams([]);
    this.ring("Disconnected");
  }

  /** @internal The stream of the protocol's name. */
  stream(participant: string, stream: number): RemoteVideo | undefined {
    return this.streams.get(`${participant} ${stream}`);
  }

  private showStreams(endpoints: WireParticipant[]): void {
    const wanted = new Map(
      endpoints.flatMap((one) => one.streams.map((stream) => [`${one.id} ${stream.id}`, { ...stream, participant: one.id }])),
    );
    const added: RemoteVideo[] = [];
    const removed: RemoteVideo[] = [];
    for (const [key, stream] of this.streams) {
      if (wanted.has(key)) continue;
      this.streams.delete(key);
      removed.push(stream);
    }
    for (const [key, { id, type, participant }] of wanted) {
      if (this.streams.has(key)) continue;
      const stream = new RemoteVideo(this.freeNumber(id), type, { participant, stream: id }, this.home.media);
      this.streams.set(key, stream);
      added.push(stream);
    }
    if (added.length + removed.length === 0) return;
    this.videoStreams = [...this.streams.values()];
    for (const stream of removed) stream.ended();
    this.emit("videoStreamsUpdated", { added, removed });
  }

  /** Numbers are unique in one device; two devices of a user may use the same. */
  private freeNumber(id: number): number {
    const taken = new Set([...this.streams.values()].map((one) => one.id));
    let number = id;
    while (taken.has(number)) number += 1_000;
    return number;
  }
}
