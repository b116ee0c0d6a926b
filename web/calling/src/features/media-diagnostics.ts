import type { LocalAudioStream, LocalVideoStream, MediaDiagnosticType } from "../index.js";
import { type CallContext, INTERNAL, type Unsubscribe } from "../call/internal.js";
import type { DeviceState } from "../devices/device-manager.js";
import { onHealth } from "../devices/health.js";
import { type OwnVolume, volumeOf } from "../devices/volume.js";
import { type CallSample, onSample } from "../stats/sampler.js";
import type { Report } from "./diagnostics.js";
import { subscriptions } from "./feature.js";

/** Level (0 to 100) from which on somebody speaks, and seconds for which they have to. */
const SPEAKING_LEVEL = 50;
const SPEAKING_SECONDS = 2;
/** Seconds without a single sound, not even noise, from an open microphone. */
const SILENT_SECONDS = 10;
/** Seconds without a picture from an open camera. */
const FROZEN_SECONDS = 4;

/** Watches the devices of the client, and the streams that the call sends. */
export function watchDevices(context: CallContext, report: Report<MediaDiagnosticType>): Unsubscribe {
  const { call } = context;
  const subscribed = subscriptions(onHealth(report));

  let devices: DeviceState | undefined;
  /** The application may ask for the device manager after the call has begun. */
  const watchManager = () => {
    if (devices) return;
    const state = (context.devices as { [INTERNAL]?: DeviceState } | undefined)?.[INTERNAL];
    if (!state) return;
    devices = state;
    const look = () => {
      report("noMicrophoneDevicesEnumerated", state.count.microphones === 0);
      // Where a page may not choose the speaker none is listed, and yet there is one.
      if (state.canChooseSpeaker) report("noSpeakerDevicesEnumerated", state.count.speakers === 0);
      if (state.denied.audio !== undefined) report("microphonePermissionDenied", state.denied.audio);
      if (state.denied.video !== undefined) report("cameraPermissionDenied", state.denied.video);
    };
    subscribed.add(state.onChange(look));
    look();
  };

  const microphone = microphoneWatch(context, report);
  const videos = new Map<LocalVideoStream, Unsubscribe>();
  const update = () => {
    watchManager();
    microphone.follow(call.localAudioStreams[0]);
    for (const stream of call.localVideoStreams) {
      if (videos.has(stream)) continue;
      const stopped: MediaDiagnosticType = stream.mediaStreamType === "ScreenSharing" ? "capturerStoppedUnexpectedly" : "cameraStoppedUnexpectedly";
      report(stopped, false);
      // The person's own "stop sharing" looks the same to a page as a window that was closed.
      videos.set(
        stream,
        stream[INTERNAL].onEnded(() => report(stopped, true)),
      );
    }
    for (const [stream, unhear] of videos) {
      if (call.localVideoStreams.includes(stream)) continue;
      // Later: a track that ends takes its stream out of the call before it is told here.
      queueMicrotask(unhear);
      videos.delete(stream);
    }
  };
  const frozen = frozenCamera();
  call.on("localAudioStreamsUpdated", update);
  call.on("localVideoStreamsUpdated", update);
  call.on("stateChanged", update);
  subscribed.add(
    () => {
      call.off("localAudioStreamsUpdated", update);
      call.off("localVideoStreamsUpdated", update);
      call.off("stateChanged", update);
      microphone.follow(undefined);
      videos.forEach((unhear) => unhear());
    },
    onSample(context, (sample) => {
      report("cameraFreeze", frozen(sample, call.isLocalVideoStarted && call.state === "Connected"));
      microphone.sample();
    }),
  );
  update();
  return subscribed.end;
}

/** Whether a camera that is sent has given no picture for some seconds. */
export function frozenCamera(): (sample: CallSample, isSending: boolean) => boolean {
  let still = 0;
  let encoded = -1;
  return (sample, isSending) => {
    const layers = sample.streams.filter(({ direction, place }) => direction === "publish" && place.type === "Video");
    const now = layers.reduce((sum, { values }) => sum + Number(values.framesEncoded ?? 0), 0);
    const input = Math.max(0, ...layers.map(({ values }) => Number(values.frameRateInput ?? 0)));
    still = isSending && layers.length > 0 && input === 0 && now === encoded ? still + 1 : 0;
    encoded = now;
    return still >= FROZEN_SECONDS;
  };
}

function microphoneWatch(context: CallContext, report: Report<MediaDiagnosticType>) {
  let stream: LocalAudioStream | undefined;
  let volume: OwnVolume | undefined;
  let unhear: Unsubscribe = () => {};
  let loud = 0;
  let silent = 0;
  /** The loudest since the last sample: speech has pauses. */
  let peak = 0;

  async function listen(to: LocalAudioStream): Promise<void> {
    const track = await to[INTERNAL].track();
    if (to !== stream) return;
    const onMute = () => report("microphoneMuteUnexpectedly", true);
    const onUnmute = () => report("microphoneMuteUnexpectedly", false);
    let current: MediaStreamTrack | undefined;
    const attach = (next: MediaStreamTrack) => {
      current?.removeEventListener("mute", onMute);
      current?.removeEventListener("unmute", onUnmute);
      current = next;
      next.addEventListener("mute", onMute);
      next.addEventListener("unmute", onUnmute);
    };
    attach(track);
    report("microphoneNotFunctioning", false);
    const own = typeof AudioContext === "undefined" ? undefined : volumeOf(track);
    volume = own;
    own?.on("levelChanged", () => (peak = Math.max(peak, own.level)));
    const unsubscribes = [
      to[INTERNAL].onTrack((next) => {
        attach(next);
        own?.follow(next);
      }),
      to[INTERNAL].onEnded(() => report("microphoneNotFunctioning", true)),
    ];
    unhear = () => {
      unsubscribes.forEach((unsubscribe) => unsubscribe());
      current?.removeEventListener("mute", onMute);
      current?.removeEventListener("unmute", onUnmute);
      own?.dispose();
      volume = undefined;
    };
  }

  return {
    follow(next: LocalAudioStream | undefined): void {
      // Before the call is connected the microphone is not opened for the sake of diagnostics.
      const wanted = context.media ? next : undefined;
      if (wanted === stream) return;
      unhear();
      unhear = () => {};
      stream = wanted;
      loud = silent = peak = 0;
      if (wanted) void listen(wanted).catch(() => undefined);
    },
    /** Once a second. */
    sample(): void {
      if (!volume) return;
      const { isMuted } = context.call;
      const level = Math.max(peak, volume.level);
      peak = 0;
      loud = isMuted && level >= SPEAKING_LEVEL ? loud + 1 : 0;
      silent = !isMuted && level === 0 ? silent + 1 : 0;
      if (loud >= SPEAKING_SECONDS) report("speakingWhileMicrophoneIsMuted", true);
      else if (!isMuted || level < SPEAKING_LEVEL) report("speakingWhileMicrophoneIsMuted", false);
      report("microphoneNotMuteButSilent", silent >= SILENT_SECONDS);
    },
  };
}
