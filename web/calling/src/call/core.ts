import type { AcceptCallOptions, CallAgentCommon, CallDirection, CallEndReason, CallState, DeviceManager, RemoteAudioStream } from "../index.js";
import type { MediaSession } from "../media/session.js";
import type { CallNotifications, CallRequests, CallSnapshot, Reason, Welcome } from "../signalling/protocol.js";
import type { CallImpl } from "./call.js";
import { CallingError, endReason } from "./errors.js";
import { newId } from "./identify.js";
import { type CallContext, type ClientContext, INTERNAL, type Unsubscribe } from "./internal.js";
import { WaitingRoom } from "./lobby.js";
import { LocalMedia } from "./local.js";
import { Roster } from "./roster.js";
import { reportQuality } from "../stats/quality.js";
import { type Step, after, whole } from "./snapshot.js";

/** What a call needs of its agent. */
export interface CallHome {
  readonly agent: CallAgentCommon;
  readonly client: ClientContext;
  readonly welcome: Welcome | undefined;
  readonly signalling: CallContext["signalling"];
  request<K extends keyof CallRequests>(name: K, members: CallRequests[K][0] & { callId: string }): Promise<CallRequests[K][1]>;
  /** Takes part again in a call that this client was in. */
  rejoin(callId: string, muted: boolean): Promise<CallSnapshot>;
  /** Says that the call has another id. */
  renamed(call: CallImpl): void;
  /** Says that the call is over. */
  ended(call: CallImpl): void;
  openMedia(core: CallCore): MediaSession | undefined;
  /** Begins the call that this one was transferred to. */
  transferred(from: CallCore, to: CallSnapshot): void;
}

/** Asks the server to begin; calls `take` with the answer before anything else is heard. */
export type Opening = (take: (snapshot: CallSnapshot) => void) => Promise<unknown>;

type Listeners = Set<(argument: never) => void>;

const LEFT: Reason = { code: 0, subCode: 0, category: "Success", message: "The call was left." };
const LOST: Reason = { code: 410, subCode: 3101, category: "UnexpectedClientError", message: "The connection to the call was lost." };
const OVER = () => new CallingError(410, 0, "The call has ended.", "ExpectedError");
const LEAVE_PATIENCE = 3_000;

/** The state of one call: keeps what the server says, and tells the public object, the media and the features. */
export class CallCore implements CallContext {
  id = newId();
  state: CallState = "None";
  endReason: CallEndReason | undefined;
  snapshot: CallSnapshot | undefined;
  media: MediaSession | undefined;
  remoteAudio: ReadonlyArray<RemoteAudioStream> = [];
  readonly roster: Roster;
  readonly lobby: WaitingRoom;
  readonly local: LocalMedia;

  private opening: Promise<unknown> = Promise.resolve();
  private readonly listeners = new Map<string, Listeners>();

  constructor(
    readonly call: CallImpl,
    private readonly home: CallHome,
    public direction: CallDirection,
    options: AcceptCallOptions | undefined,
  ) {
    this.roster = new Roster({
      media: () => this.media,
      mute: (participants) => this.request("mute", { participants }),
    });
    this.lobby = new WaitingRoom((name, members) => this.request(name, members));
    this.local = new LocalMedia(
      home.client,
      {
        videoUpdated: (change) => call.videoUpdated(change),
        audioUpdated: (change) => call.emit("localAudioStreamsUpdated", change),
      },
      options,
    );
  }

  get agent(): CallAgentCommon {
    return this.home.agent;
  }

  get welcome(): Welcome | undefined {
    return this.home.welcome;
  }

  get signalling(): CallContext["signalling"] {
    return this.home.signalling;
  }

  get devices(): DeviceManager | undefined {
    return this.home.client.devices;
  }

  get over(): boolean {
    return this.state === "Disconnected";
  }

  /** Begins; the answer is when the server has answered or refused. */
  open(opening: Opening): Promise<unknown> {
    this.setState("Connecting");
    this.warm();
    this.opening = opening((snapshot) => this.begun(snapshot)).catch((error: unknown) => {
      this.end(reasonOf(error));
      throw error;
    });
    return this.opening;
  }

  /** The call exists on the server. */
  begun(snapshot: CallSnapshot): void {
    if (this.over) return;
    this.direction = snapshot.direction;
    if (this.id !== snapshot.callId) {
      this.id = snapshot.callId;
      this.home.renamed(this.call);
      this.call.emit("idChanged");
    }
    this.apply(whole(this.snapshot, snapshot));
  }

  request<K extends keyof CallRequests>(name: K, members: CallRequests[K][0]): Promise<CallRequests[K][1]> {
    // Surveys are filled in after the end.
    if (this.over && name !== "survey") return Promise.reject(OVER());
    if (this.snapshot) return this.home.request(name, { ...members, callId: this.id });
    return this.opening.then(() => this.request(name, members));
  }

  /** Takes in a notification of this call. */
  take<K extends keyof CallNotifications>(on: K, members: CallNotifications[K]): void {
    if (this.over || !this.snapshot) return;
    const step = after(this.snapshot, on, members);
    if (step) this.apply(step, on === "participants" ? this.reasons(members as CallNotifications["participants"]) : undefined);
    switch (on) {
      case "muted":
        this.local.mute(true);
        this.call.emit("isMutedChanged");
        this.call.emit("mutedByOthers");
        break;
      case "transfer.accepted":
        this.home.transferred(this, (members as CallNotifications["transfer.accepted"]).call);
        break;
      case "media.offer": {
        const { offer, sdp, tracks } = members as CallNotifications["media.offer"];
        this.media?.offered(offer, sdp, tracks);
        break;
      }
      case "media.lost":
        this.media?.restart((members as CallNotifications["media.lost"]).connection);
        break;
    }
    this.tell(`on ${on}`, members);
    if (on === "call.ended") this.end((members as CallNotifications["call.ended"]).reason);
  }

  /** Leaves. Away from the server the call ends here at once, and there when the server notices. */
  async leave(forEveryone: boolean): Promise<void> {
    if (this.over) return;
    const before = this.state;
    this.setState("Disconnecting");
    await this.opening.catch(() => {});
    if (this.over) return;
    const left: Promise<unknown> = this.snapshot ? this.home.request("call.leave", { callId: this.id, forEveryone }) : Promise.resolve();
    left.catch(() => {});
    try {
      if (this.signalling === "Connected") await soon(left);
    } catch (error) {
      if (error instanceof CallingError && error.code === 403 && forEveryone) {
        this.setState(before);
        throw error;
      }
    }
    this.end(LEFT);
  }

  end(reason: Reason): void {
    if (this.over) return;
    this.endReason = endReason(reason);
    if (this.state !== "Disconnecting") this.setState("Disconnecting");
    const media = this.media;
    this.media = undefined;
    media?.close();
    this.state = "Disconnected";
    this.local.close((stream) =>
      this.home.client.calls.some(
        (other) => other !== this.call && [...other.localVideoStreams, ...other.localAudioStreams].some((one) => one[INTERNAL] === stream[INTERNAL]),
      ),
    );
    this.call.emit("stateChanged");
    this.tell("media", undefined);
    this.home.ended(this.call);
    this.tell("end", undefined);
  }

  /** The session with the server is a new one: the call is joined again, and everything in it is new. */
  async rejoin(): Promise<void> {
    if (this.over || !this.snapshot) return;
    try {
      const { muted, held } = this.local;
      this.apply(whole(this.snapshot, await this.home.rejoin(this.id, muted)));
      this.media?.renew();
      if (held) await this.request("hold", {});
    } catch (error) {
      if (!(error instanceof CallingError && error.subCode === LOST.subCode && this.signalling !== "Connected")) this.end(LOST);
    }
  }

  /** Too much was missed: the server is asked for everything. */
  async refresh(): Promise<void> {
    if (this.over || !this.snapshot) return;
    try {
      this.apply(whole(this.snapshot, await this.request("snapshot", {})));
    } catch (error) {
      if (error instanceof CallingError && error.code === 404) this.end(LOST);
    }
  }

  /** The connection to the server came or went. */
  signalled(): void {
    this.tell("signalling", undefined);
    if (this.signalling !== "Connected" || !this.media) return;
    for (const direction of ["publish", "subscribe"] as const) {
      const connection = this.media.connection(direction);
      if (connection && connection.connectionState !== "connected") this.media.restart(direction);
    }
  }

  setState(state: CallState): void {
    if (this.state === state || this.over) return;
    this.state = state;
    this.call.emit("stateChanged");
  }

  onNotification<K extends keyof CallNotifications>(name: K, listener: (members: CallNotifications[K]) => void): Unsubscribe {
    return this.listen(`on ${name}`, listener);
  }

  onChange(listener: (changed: ReadonlySet<keyof CallSnapshot>) => void): Unsubscribe {
    return this.listen("change", listener);
  }

  onSignalling(listener: () => void): Unsubscribe {
    return this.listen("signalling", listener);
  }

  onMedia(listener: () => void): Unsubscribe {
    return this.listen("media", listener);
  }

  onEnd(listener: () => void): Unsubscribe {
    if (this.over) {
      listener();
      return () => {};
    }
    return this.listen("end", listener);
  }

  participant(id: string): ReturnType<Roster["of"]> {
    const one = this.snapshot?.participants.find((one) => one.id === id);
    return one && one.id !== this.snapshot?.me ? this.roster.of(one.user) : undefined;
  }

  userOf(id: string): string | undefined {
    return this.snapshot?.participants.find((one) => one.id === id)?.user;
  }

  participantsOf(rawId: string): string[] {
    return this.snapshot?.participants.filter((one) => one.user === rawId).map((one) => one.id) ?? [];
  }

  private apply(step: Step, reasons?: ReadonlyMap<string, Reason>): void {
    const before = this.snapshot;
    const { next, changed } = step;
    this.snapshot = next;
    const entered = isInside(next) && !(before && isInside(before));
    if (isInside(next) || isAsking(next)) this.prepare(!isInside(next));
    if (entered) this.enter(next);
    const change = this.roster.update(next, step.users, reasons);
    if (change) this.call.emit("remoteParticipantsUpdated", change);
    this.lobby.show(this.roster.participants);
    if (changed.has("role")) this.call.emit("roleChanged");
    if (changed.has("caller")) this.call.emit("callerInfoChanged");
    if (changed.has("transferor")) this.call.emit("transferorInfoChanged");
    if (changed.has("me") || changed.has("groupId")) this.call.infoChanged();
    if (changed.has("state") || entered) {
      const held = next.state === "LocalHold" || next.state === "RemoteHold";
      if (held !== this.local.held) this.local.hold(held);
      if (this.state !== "Disconnecting" && next.state !== "Disconnected") this.setState(next.state);
    }
    if (changed.size > 0) this.tell("change", changed);
  }

  /** Connected for the first time: media flows, and what was said meanwhile is told to the server. */
  private enter(snapshot: CallSnapshot): void {
    const me = snapshot.participants.find((one) => one.id === snapshot.me);
    if (me && me.muted !== this.local.muted) {
      void this.request("me", { muted: this.local.muted }).catch(() => {
        // Those who may not speak are muted whatever they ask for.
        this.local.mute(true);
        this.call.emit("isMutedChanged");
      });
    }
    this.local.begin();
  }

  /** Connects the media, already while the others are being called: then it flows as soon as one of them answers. */
  private prepare(waiting: boolean): void {
    const media = this.media ?? this.home.openMedia(this);
    if (!media || this.media) return;
    this.media = media;
    media.onReceiving((participant, stream) => {
      const user = this.userOf(participant);
      const video = user === undefined ? undefined : this.roster.of(user)?.stream(participant, stream);
      video?.received(media.isReceiving(participant, stream));
    });
    media.onRemoteAudio(() => this.heard(media));
    this.local.attach(media, waiting);
    reportQuality(this);
    this.tell("media", undefined);
  }

  private heard(media: MediaSession): void {
    const stream = media.remoteAudio();
    if (!stream || this.remoteAudio.length > 0) return;
    const { platform } = this.home.client;
    const one: RemoteAudioStream = {
      getMediaStream: async () => media.remoteAudio() ?? stream,
      getVolume: async () => platform.volume(media.remoteAudio() ?? stream),
    };
    this.remoteAudio = [one];
    this.call.emit("remoteAudioStreamsUpdated", { added: [one], removed: [] });
  }

  /** Opens the microphone and the camera while the server is still asked. */
  private warm(): void {
    if (!this.welcome?.media || !this.home.client.platform.media) return;
    for (const stream of [...this.local.audioStreams, ...this.local.videoStreams]) void stream[INTERNAL].track().catch(() => {});
  }

  private reasons({ removed }: CallNotifications["participants"]): Map<string, Reason> {
    return new Map(removed.flatMap(({ id, reason }) => (this.userOf(id) === undefined ? [] : [[this.userOf(id)!, reason]])));
  }

  private listen(name: string, listener: (argument: never) => void): Unsubscribe {
    const list = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, list.add(listener));
    return () => list.delete(listener);
  }

  private tell(name: string, argument: unknown): void {
    for (const listener of [...(this.listeners.get(name) ?? [])]) listener(argument as never);
  }
}

function isInside(snapshot: CallSnapshot): boolean {
  return snapshot.state === "Connected" || snapshot.state === "LocalHold" || snapshot.state === "RemoteHold";
}

/** Nobody has come yet. */
function isAsking(snapshot: CallSnapshot): boolean {
  return snapshot.state === "Connecting" || snapshot.state === "Ringing";
}

function reasonOf(error: unknown): Reason {
  if (error instanceof CallingError) return { code: error.code, subCode: error.subCode, category: error.category, message: error.message };
  return { code: 500, subCode: 0, category: "UnexpectedClientError", message: String(error) };
}

/** Waits, but not for a server that does not answer. */
function soon(promise: Promise<unknown>): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LEAVE_PATIENCE)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
