import type { AcceptCallOptions, CallConstraints, LocalAudioStream, LocalVideoStream, VideoConstraints } from "../index.js";
import type { MediaSession, SendBounds } from "../media/session.js";
import { CallingError } from "./errors.js";
import { INTERNAL, same, type ClientContext, type Platform, type Unsubscribe } from "./internal.js";

/** What changes are told to the call. */
export interface LocalListener {
  videoUpdated(change: { added: LocalVideoStream[]; removed: LocalVideoStream[] }): void;
  audioUpdated(change: { added: LocalAudioStream[]; removed: LocalAudioStream[] }): void;
}

function boundsOf(constraints: VideoConstraints | undefined): SendBounds {
  const send = constraints?.send;
  return { frameHeight: send?.frameHeight?.max, frameRate: send?.frameRate?.max, bitrate: send?.bitrate?.max };
}

const isScreen = (stream: LocalVideoStream) => stream.mediaStreamType === "ScreenSharing";

/** What this client sends in one call: streams, mute, hold and bounds. They are kept without media too, and handed to it when it comes. */
export class LocalMedia {
  videoStreams: ReadonlyArray<LocalVideoStream> = [];
  audioStreams: ReadonlyArray<LocalAudioStream> = [];
  muted: boolean;
  incomingMuted = false;
  held = false;

  private bounds: SendBounds;
  private session: MediaSession | undefined;
  /** Nothing flows before somebody has answered, though the connections are made. */
  private waiting = false;
  private readonly ownMicrophone: boolean;
  /** A screen that we asked the person for. */
  private ownScreen: LocalVideoStream | undefined;
  private readonly watched = new Map<LocalVideoStream, Unsubscribe>();

  constructor(
    private readonly client: Pick<ClientContext, "platform" | "devices">,
    private readonly listener: LocalListener,
    options: AcceptCallOptions | undefined,
  ) {
    this.muted = options?.audioOptions?.muted ?? false;
    this.bounds = boundsOf(options?.videoOptions?.constraints);
    const given = options?.audioOptions?.localAudioStreams?.[0];
    this.ownMicrophone = given === undefined;
    this.audioStreams = [given ?? this.platform.microphone(client.devices)];
    this.videoStreams = [...(options?.videoOptions?.localVideoStreams ?? [])].slice(0, 1);
    for (const stream of this.videoStreams) this.follow(stream);
  }

  private get platform(): Platform {
    return this.client.platform;
  }

  get screen(): LocalVideoStream | undefined {
    return this.videoStreams.find(isScreen);
  }

  get camera(): LocalVideoStream | undefined {
    return this.videoStreams.find((one) => !isScreen(one));
  }

  /**
   * Prepares to send everything that was wished for so far.
   *
   * @param waiting whether it is sent only from {@link begin} on
   */
  attach(session: MediaSession, waiting: boolean): void {
    this.session = session;
    this.waiting = waiting;
    session.setMuted(this.muted);
    session.setIncomingMuted(this.incomingMuted);
    session.setHeld(this.held || waiting);
    void session.setBounds(this.bounds);
    const speaker = this.client.devices?.selectedSpeaker;
    if (speaker) void session.setSpeaker(speaker.id).catch(() => {});
    // What cannot be sent (no permission, role) is taken out of the lists one by one; the call goes on.
    void this.send().catch(() => this.withdraw());
  }

  /** Somebody is there. */
  begin(): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.session?.setHeld(this.held);
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.session?.setMuted(muted);
  }

  muteIncoming(muted: boolean): void {
    this.incomingMuted = muted;
    this.session?.setIncomingMuted(muted);
  }

  hold(held: boolean): void {
    this.held = held;
    this.session?.setHeld(held || this.waiting);
  }

  async startVideo(stream: LocalVideoStream): Promise<void> {
    if (!stream?.[INTERNAL]) throw new CallingError(400, 41025, "This is no LocalVideoStream.");
    if (this.camera) throw new CallingError(400, 41027, "Video is started already.", "ExpectedError");
    await this.add(stream);
  }

  async stopVideo(stream: LocalVideoStream): Promise<void> {
    const mine = this.videoStreams.find((one) => same(one, stream));
    if (!mine) throw new CallingError(400, this.camera ? 41032 : 41030, "This stream is not being sent.", "ExpectedError");
    await this.remove(mine);
  }

  async startScreen(stream: LocalVideoStream | undefined): Promise<void> {
    if (this.screen) throw new CallingError(400, 41035, "A screen is shared already.", "ExpectedError");
    const screen = stream ?? (await this.platform.screen());
    this.ownScreen = stream ? undefined : screen;
    // A stream of the application's own becomes a screen by being shared as one.
    screen[INTERNAL].type = "ScreenSharing";
    await this.add(screen);
  }

  async stopScreen(): Promise<void> {
    const screen = this.screen;
    if (!screen) throw new CallingError(400, 41041, "No screen is shared.", "ExpectedError");
    await this.remove(screen);
  }

  async startAudio(stream: LocalAudioStream): Promise<void> {
    const removed = [...this.audioStreams];
    this.audioStreams = [stream];
    await this.send();
    this.listener.audioUpdated({ added: [stream], removed });
  }

  stopAudio(): void {
    const removed = [...this.audioStreams];
    if (removed.length === 0) return;
    this.audioStreams = [];
    void this.send().catch(() => {});
    this.listener.audioUpdated({ added: [], removed });
  }

  async constrain(constraints: CallConstraints): Promise<void> {
    this.bounds = boundsOf(constraints.video);
    await this.session?.setBounds(this.bounds);
  }

  /** The microphone or speaker that the device manager chose, where the application did not bring a stream of its own. */
  async devicesChanged(): Promise<void> {
    const { selectedMicrophone, selectedSpeaker } = this.client.devices ?? {};
    const [microphone] = this.audioStreams;
    if (selectedSpeaker) await this.session?.setSpeaker(selectedSpeaker.id).catch(() => {});
    if (this.ownMicrophone && microphone && selectedMicrophone) await microphone.switchSource(selectedMicrophone);
  }

  /** What a call that takes this one's place begins with. */
  options(): AcceptCallOptions {
    const camera = this.camera;
    return {
      audioOptions: { muted: this.muted, localAudioStreams: this.ownMicrophone ? undefined : [...this.audioStreams] },
      videoOptions: { localVideoStreams: camera ? [camera] : [] },
    };
  }

  /** @param inUse streams that other calls still send */
  close(inUse: (stream: LocalVideoStream | LocalAudioStream) => boolean): void {
    for (const stop of this.watched.values()) stop();
    this.watched.clear();
    for (const stream of [...this.videoStreams, ...this.audioStreams]) {
      const own = stream === this.audioStreams[0] && this.ownMicrophone;
      if ((own || stream === this.ownScreen || stream[INTERNAL].disposeOnCallEnd) && !inUse(stream)) stream.dispose();
    }
    this.session = undefined;
  }

  private async add(stream: LocalVideoStream): Promise<void> {
    this.videoStreams = [...this.videoStreams, stream];
    this.follow(stream);
    try {
      await this.send();
    } catch (error) {
      this.drop(stream);
      throw error;
    }
    this.listener.videoUpdated({ added: [stream], removed: [] });
  }

  private async remove(stream: LocalVideoStream): Promise<void> {
    this.drop(stream);
    this.listener.videoUpdated({ added: [], removed: [stream] });
    await this.send();
  }

  private drop(stream: LocalVideoStream): void {
    this.videoStreams = this.videoStreams.filter((one) => one !== stream);
    this.watched.get(stream)?.();
    this.watched.delete(stream);
    if (stream === this.ownScreen) stream.dispose();
  }

  /** A screen whose sharing the browser's own button ended, or a camera that was unplugged, is not sent any more. */
  private follow(stream: LocalVideoStream): void {
    const stop = stream[INTERNAL].onEnded(() => {
      if (!this.videoStreams.includes(stream)) return;
      void this.remove(stream).catch(() => {});
    });
    this.watched.set(stream, stop);
  }

  private async send(): Promise<void> {
    await this.session?.send({
      audio: this.audioStreams[0]?.[INTERNAL],
      video: this.camera?.[INTERNAL],
      screen: this.screen?.[INTERNAL],
    });
  }

  private async withdraw(): Promise<void> {
    for (const stream of [...this.videoStreams]) {
      this.drop(stream);
      this.listener.videoUpdated({ added: [], removed: [stream] });
      try {
        await this.send();
        return;
      } catch {
        // The next one then.
      }
    }
    this.stopAudio();
  }
}
