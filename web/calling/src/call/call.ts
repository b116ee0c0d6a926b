import { getIdentifierKind, type CommunicationIdentifier } from "@azure/communication-common";
import type {
  AcceptCallOptions,
  Call,
  CallAgentCommon,
  CallConstraints,
  CallDirection,
  CallEndReason,
  CallFeature,
  CallFeatureFactory,
  CallInfo,
  CallState,
  CallerInfo,
  CollectionUpdatedEvent,
  DtmfTone,
  HangUpOptions,
  Lobby,
  LocalAudioStream,
  LocalVideoStream,
  ParticipantRole,
  PropertyChangedEvent,
  RemoteAudioStream,
  RemoteParticipant,
} from "../index.js";
import { CallKind } from "../api/kinds.js";
import { CallCore, type CallHome } from "./core.js";
import { Emitter } from "./emitter.js";
import { CallingError } from "./errors.js";
import { type FeatureCache, featureCache } from "./features.js";
import { callerOf, rawIdOf } from "./identify.js";
import { INTERNAL } from "./internal.js";

interface CallEvents {
  stateChanged: PropertyChangedEvent;
  idChanged: PropertyChangedEvent;
  isMutedChanged: PropertyChangedEvent;
  isIncomingAudioMutedChanged: PropertyChangedEvent;
  isScreenSharingOnChanged: PropertyChangedEvent;
  isLocalVideoStartedChanged: PropertyChangedEvent;
  remoteParticipantsUpdated: CollectionUpdatedEvent<RemoteParticipant>;
  localVideoStreamsUpdated: CollectionUpdatedEvent<LocalVideoStream>;
  localAudioStreamsUpdated: CollectionUpdatedEvent<LocalAudioStream>;
  remoteAudioStreamsUpdated: CollectionUpdatedEvent<RemoteAudioStream>;
  roleChanged: PropertyChangedEvent;
  mutedByOthers: PropertyChangedEvent;
  callerInfoChanged: PropertyChangedEvent;
  transferorInfoChanged: PropertyChangedEvent;
}

/** The public face of a call; what happens in it is in {@link CallCore}. */
export class CallImpl extends Emitter<CallEvents> implements Call {
  readonly kind = CallKind.Call;
  readonly info: CallInfo;
  readonly [INTERNAL]: CallCore;

  private readonly features: FeatureCache<CallFeatureFactory<CallFeature>> = featureCache();
  private readonly infoListeners = new Set<PropertyChangedEvent>();

  constructor(home: CallHome, direction: CallDirection, options?: AcceptCallOptions) {
    super();
    const core = new CallCore(this, home, direction, options);
    this[INTERNAL] = core;
    const { infoListeners } = this;
    this.info = {
      getServerCallId: async () => core.snapshot?.serverCallId ?? (await core.request("snapshot", {})).serverCallId,
      threadId: undefined,
      get groupId() {
        return core.snapshot?.groupId;
      },
      get participantId() {
        return core.snapshot?.me ?? "";
      },
      onCallInfoChanged: (_event, listener) => void infoListeners.add(listener),
      offCallInfoChanged: (_event, listener) => void infoListeners.delete(listener),
    };
    for (const name of ["features", "infoListeners"]) Object.defineProperty(this, name, { enumerable: false });
  }

  get id(): string {
    return this[INTERNAL].id;
  }

  get state(): CallState {
    return this[INTERNAL].state;
  }

  get callEndReason(): CallEndReason | undefined {
    return this[INTERNAL].endReason;
  }

  get direction(): CallDirection {
    return this[INTERNAL].direction;
  }

  get callerInfo(): CallerInfo {
    return callerOf(this[INTERNAL].snapshot?.caller);
  }

  get transferorInfo(): CallerInfo | undefined {
    const transferor = this[INTERNAL].snapshot?.transferor;
    return transferor && callerOf(transferor);
  }

  get isMuted(): boolean {
    return this[INTERNAL].local.muted;
  }

  get isIncomingAudioMuted(): boolean {
    return this[INTERNAL].local.incomingMuted;
  }

  get isScreenSharingOn(): boolean {
    return this[INTERNAL].local.screen !== undefined;
  }

  get isLocalVideoStarted(): boolean {
    return this[INTERNAL].local.camera !== undefined;
  }

  get localVideoStreams(): ReadonlyArray<LocalVideoStream> {
    return this[INTERNAL].local.videoStreams;
  }

  get localAudioStreams(): ReadonlyArray<LocalAudioStream> {
    return this[INTERNAL].local.audioStreams;
  }

  get remoteAudioStreams(): ReadonlyArray<RemoteAudioStream> {
    return this[INTERNAL].remoteAudio;
  }

  get remoteParticipants(): ReadonlyArray<RemoteParticipant> {
    return this[INTERNAL].roster.participants;
  }

  get role(): ParticipantRole {
    return (this[INTERNAL].snapshot?.role ?? "Unknown") as ParticipantRole;
  }

  get lobby(): Lobby {
    return this[INTERNAL].lobby;
  }

  feature<TFeature extends CallFeature>(factory: CallFeatureFactory<TFeature>): TFeature {
    const { call, agent }: { call: CallImpl; agent: CallAgentCommon } = this[INTERNAL];
    return this.features.get(factory, () => new factory.callApiCtor({ call, callAgent: agent }));
  }

  async hangUp(options?: HangUpOptions): Promise<void> {
    await this[INTERNAL].leave(options?.forEveryone ?? false);
  }

  async mute(): Promise<void> {
    await this.setMuted(true);
  }

  async unmute(): Promise<void> {
    await this.setMuted(false);
  }

  async muteAllRemoteParticipants(): Promise<void> {
    await this[INTERNAL].request("mute", {});
  }

  async muteIncomingAudio(): Promise<void> {
    this.setIncomingMuted(true);
  }

  async unmuteIncomingAudio(): Promise<void> {
    this.setIncomingMuted(false);
  }

  async sendDtmf(dtmfTone: DtmfTone): Promise<void> {
    await this[INTERNAL].request("dtmf", { tone: dtmfTone });
  }

  async startVideo(localVideoStream: LocalVideoStream): Promise<void> {
    await this[INTERNAL].local.startVideo(localVideoStream);
  }

  async stopVideo(localVideoStream: LocalVideoStream): Promise<void> {
    await this[INTERNAL].local.stopVideo(localVideoStream);
  }

  async hold(): Promise<void> {
    await this[INTERNAL].request("hold", {});
  }

  async resume(): Promise<void> {
    await this[INTERNAL].request("resume", {});
  }

  async startScreenSharing(localVideoStream?: LocalVideoStream): Promise<void> {
    if (this.state !== "Connected") throw new CallingError(412, 41071, "A screen can be shared in a connected call only.", "ExpectedError");
    await this[INTERNAL].local.startScreen(localVideoStream);
  }

  async stopScreenSharing(): Promise<void> {
    await this[INTERNAL].local.stopScreen();
  }

  async startAudio(localAudioStream: LocalAudioStream): Promise<void> {
    await this[INTERNAL].local.startAudio(localAudioStream);
  }

  stopAudio(): void {
    this[INTERNAL].local.stopAudio();
  }

  async setConstraints(constraints: CallConstraints): Promise<void> {
    await this[INTERNAL].local.constrain(constraints);
  }

  addParticipant(identifier: CommunicationIdentifier): RemoteParticipant {
    const core = this[INTERNAL];
    const rawId = rawIdOf(identifier);
    const { participant, change } = core.roster.ask(rawId);
    if (!change) return participant;
    this.emit("remoteParticipantsUpdated", change);
    core.request("call.add", { participant: rawId }).then(
      () => core.roster.confirmed([rawId]),
      (error: CallingError) => {
        const refused = core.roster.refused(rawId, error);
        if (refused) this.emit("remoteParticipantsUpdated", refused);
      },
    );
    return participant;
  }

  async removeParticipant(identifier: CommunicationIdentifier): Promise<void> {
    const kind = getIdentifierKind(identifier);
    await this[INTERNAL].request("call.remove", { participant: rawIdOf(kind) });
  }

  /** Leaves the call and forgets its features and listeners. */
  dispose(): void {
    void this[INTERNAL].leave(false).finally(() => {
      this.features.dispose();
      this.forget();
    });
  }

  /** @internal */
  videoUpdated(change: { added: LocalVideoStream[]; removed: LocalVideoStream[] }): void {
    this.emit("localVideoStreamsUpdated", change);
    const touched = [...change.added, ...change.removed];
    if (touched.some((one) => one.mediaStreamType === "ScreenSharing")) this.emit("isScreenSharingOnChanged");
    if (touched.some((one) => one.mediaStreamType !== "ScreenSharing")) this.emit("isLocalVideoStartedChanged");
  }

  /** @internal */
  infoChanged(): void {
    for (const listener of [...this.infoListeners]) listener();
  }

  private async setMuted(muted: boolean): Promise<void> {
    const core = this[INTERNAL];
    if (core.local.muted === muted) return;
    core.local.mute(muted);
    this.emit("isMutedChanged");
    // Before the call is connected the server is told when it begins.
    if (core.state !== "Connected" && core.state !== "LocalHold" && core.state !== "RemoteHold") return;
    try {
      await core.request("me", { muted });
    } catch (error) {
      // Whoever may not speak stays muted; whoever wanted silence keeps it, whatever the server says.
      if (!muted) {
        core.local.mute(true);
        this.emit("isMutedChanged");
        throw error;
      }
    }
  }

  private setIncomingMuted(muted: boolean): void {
    const { local } = this[INTERNAL];
    if (local.incomingMuted === muted) return;
    local.muteIncoming(muted);
    this.emit("isIncomingAudioMutedChanged");
  }
}
