// A page with the calling package. The test acts through `phone` and looks at `phone.call`, `phone.incoming` and what was noted of them.

import { AzureCommunicationTokenCredential } from "@azure/communication-common";
import * as calling from "@azure/communication-calling";

const { CallClient, Features, LocalVideoStream, VideoStreamRenderer } = calling;

/** Everything that can be seen: by stream, the view and whose it is. */
const views = new Map();

/** The code of a picture that did not come in time; whoever still wants it asks again. */
const NOT_IN_TIME = 43203;

async function show(stream, participant) {
  const shown = { participant, stream, view: undefined };
  views.set(stream, shown);
  try {
    shown.view = await new VideoStreamRenderer(stream).createView();
    document.body.append(shown.view.target);
    shown.view.target.querySelector("video").requestVideoFrameCallback(() => (phone.times.frame ??= now()));
  } catch (error) {
    phone.noted.push({ problem: error.message, code: error.code, subCode: error.subCode });
    if (error.subCode === NOT_IN_TIME && views.get(stream) === shown) await show(stream, participant);
  }
}

/** Milliseconds since 1970 with fractions; the same clock in all windows of a machine. */
const now = () => performance.timeOrigin + performance.now();

function hide(stream) {
  views.get(stream)?.view?.dispose();
  views.get(stream)?.view?.target.remove();
  views.delete(stream);
}

function follow(stream, participant) {
  const changed = () => {
    if (!stream.isAvailable) hide(stream);
    else if (!views.has(stream)) void show(stream, participant);
  };
  stream.on("isAvailableChanged", changed);
  changed();
}

function meet(participant) {
  participant.videoStreams.forEach((stream) => follow(stream, participant));
  participant.on("videoStreamsUpdated", ({ added, removed }) => {
    added.forEach((stream) => follow(stream, participant));
    removed.forEach(hide);
  });
}

const idOf = (participant) => participant.identifier.communicationUserId;

const phone = {
  calling,
  noted: [],
  states: [],
  times: {},

  async signIn(token, displayName) {
    this.client = new CallClient();
    this.agent = await this.client.createCallAgent(new AzureCommunicationTokenCredential(token), { displayName });
    this.devices = await this.client.getDeviceManager();
    await this.devices.askDevicePermission({ audio: true, video: true });
    this.agent.on("incomingCall", ({ incomingCall }) => {
      this.incoming = incomingCall;
      this.missed = undefined;
      incomingCall.on("callEnded", ({ callEndReason }) => (this.missed = callEndReason));
    });
    this.agent.on("connectionStateChanged", ({ newValue }) => this.noted.push({ agent: newValue }));
  },

  async options(video) {
    if (!video) return {};
    const [camera] = await this.devices.getCameras();
    this.camera = new LocalVideoStream(camera);
    return { videoOptions: { localVideoStreams: [this.camera] } };
  },

  take(call) {
    this.call = call;
    this.states = [call.state];
    this.times = { connected: call.state === "Connected" ? now() : undefined };
    call.on("stateChanged", () => {
      this.states.push(call.state);
      if (call.state === "Connected") this.times.connected ??= now();
    });
    call.on("mutedByOthers", () => this.noted.push({ mutedByOthers: true }));
    call.remoteParticipants.forEach(meet);
    call.on("remoteParticipantsUpdated", ({ added, removed }) => {
      added.forEach(meet);
      removed.forEach((one) => one.videoStreams.forEach(hide));
    });
  },

  async dial(ids, { video = false } = {}) {
    const options = await this.options(video);
    this.take(this.agent.startCall(ids.map((communicationUserId) => ({ communicationUserId })), options));
  },

  async join(locator, { video = false } = {}) {
    const options = await this.options(video);
    this.take(this.agent.join(locator, options));
  },

  async accept({ video = false } = {}) {
    this.take(await this.incoming.accept(await this.options(video)));
  },

  /** Calls, and answers when. */
  async dialAndTime(ids, options) {
    const started = now();
    await this.dial(ids, options);
    return started;
  },

  /** Accepts every call from now on. */
  acceptAtOnce(options) {
    this.agent.on("incomingCall", () => void this.accept(options));
  },

  /** A feature of the call by its name. */
  feature(name) {
    return this.call.feature(Features[name]);
  },

  /** Participants as plain values. */
  people() {
    return this.call.remoteParticipants.map((one) => ({
      id: idOf(one),
      name: one.displayName,
      state: one.state,
      muted: one.isMuted,
      speaking: one.isSpeaking,
      streams: one.videoStreams.filter((stream) => stream.isAvailable).map((stream) => stream.mediaStreamType),
    }));
  },

  /** What is on the screen: frames shown, by person and kind. */
  pictures() {
    return [...views.values()].map(({ participant, stream, view }) => {
      const video = view?.target.querySelector("video");
      return {
        id: idOf(participant),
        type: stream.mediaStreamType,
        frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
        width: video?.videoWidth ?? 0,
        height: video?.videoHeight ?? 0,
      };
    });
  },
};

window.phone = phone;
