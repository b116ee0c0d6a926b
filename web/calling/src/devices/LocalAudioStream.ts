import type {
  AudioDeviceInfo,
  AudioSourceChangedEvent,
  AudioStreamFeature,
  AudioStreamFeatureFactory,
  LocalAudioStreamOptions,
  MediaStreamType,
  Volume,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import { type FeatureCache, featureCache } from "../call/features.js";
import { INTERNAL } from "../call/internal.js";
import { type Capture, type Opener, capture } from "./capture.js";
import { deviceIdOf } from "./ids.js";
import { isStream } from "./LocalVideoStream.js";
import { openMicrophone, type Processing } from "./open.js";
import { type OwnVolume, volumeOf } from "./volume.js";

/** `localAudioStream[INTERNAL]`. */
export interface LocalAudio extends Capture {
  source: AudioDeviceInfo;
  volume: OwnVolume | undefined;
  /** What was asked for; undefined while the browser's default is fine. */
  processing: Processing | undefined;
  /** Opens the microphone anew with other processing: Chromium does not change it on an open track. */
  process(change: Partial<Processing>): Promise<void>;
  readonly features: FeatureCache<AudioStreamFeatureFactory<AudioStreamFeature>>;
  readonly owner: LocalAudioStream;
}

/** Audio of this device: a microphone, or a stream that the application made. A microphone is opened when the stream is first sent or heard. */
export class LocalAudioStream extends Emitter<{ audioSourceChanged: AudioSourceChangedEvent }> {
  /** @internal */
  readonly [INTERNAL]: LocalAudio;

  constructor(source: AudioDeviceInfo | MediaStream, options?: LocalAudioStreamOptions) {
    super();
    const own = isStream(source);
    const inner = capture("audio", own ? given(source) : microphone(source), options?.autoDisposeOnCallEnd ?? true);
    this[INTERNAL] = Object.assign(inner, {
      source: own ? customDevice(source) : source,
      volume: undefined,
      processing: undefined,
      process: (change: Partial<Processing>) => process(this[INTERNAL], change),
      features: featureCache<AudioStreamFeatureFactory<AudioStreamFeature>>(),
      owner: this,
    });
  }

  get source(): AudioDeviceInfo {
    return this[INTERNAL].source;
  }

  get mediaStreamType(): MediaStreamType {
    return "Audio";
  }

  /** What is sent, after effects. Opens the microphone when it is not open yet. */
  getMediaStream(): Promise<MediaStream> {
    return this[INTERNAL].stream();
  }

  /** Takes a stream of the application instead, which stays its own: we do not stop its tracks. */
  async setMediaStream(source: MediaStream): Promise<void> {
    if (!isStream(source) || source.getAudioTracks().length === 0)
      throw new CallingError(400, 0, "setMediaStream takes a MediaStream with an audio track.");
    await this[INTERNAL].replace(given(source));
    changed(this[INTERNAL], customDevice(source));
  }

  /** Takes another microphone, also while the audio is sent. */
  async switchSource(source: AudioDeviceInfo): Promise<void> {
    if (!source || typeof source.id !== "string" || isStream(source))
      throw new CallingError(400, 0, "switchSource takes a microphone of the device manager.");
    if (source.id === this[INTERNAL].source.id) return;
    await this[INTERNAL].replace(microphone(source, this[INTERNAL].processing));
    changed(this[INTERNAL], source);
  }

  /** How loud it is; measured from now on until the stream is disposed of. */
  async getVolume(): Promise<Volume> {
    const inner = this[INTERNAL];
    const track = await inner.track();
    if (!inner.volume) {
      const volume = volumeOf(track);
      inner.volume = volume;
      inner.onTrack((other) => volume.follow(other));
    }
    return inner.volume;
  }

  feature<TFeature extends AudioStreamFeature>(factory: AudioStreamFeatureFactory<TFeature>): TFeature {
    const inner = this[INTERNAL];
    return inner.features.get(factory, () => new factory.audioStreamApiCtor({ streamInstance: inner.owner })) as TFeature;
  }

  /** Closes the microphone. The stream cannot be used again. */
  dispose(): void {
    this[INTERNAL].volume?.dispose();
    this[INTERNAL].features.dispose();
    this[INTERNAL].dispose();
  }
}

/** A stream of the chosen microphone, or of the system's default. */
export function microphoneStream(chosen: AudioDeviceInfo | undefined): LocalAudioStream {
  return new LocalAudioStream(chosen ?? { name: "", id: "microphone:default", isSystemDefault: true, deviceType: "Microphone" });
}

function changed(inner: LocalAudio, source: AudioDeviceInfo): void {
  inner.source = source;
  inner.owner.emit("audioSourceChanged", { source: inner.owner });
}

/** Sound that the application brought is its own to process. */
async function process(inner: LocalAudio, change: Partial<Processing>): Promise<void> {
  const before = inner.processing ?? { echoCancellation: true, noiseSuppression: true };
  const wished = { ...before, ...change };
  const isSame = before.echoCancellation === wished.echoCancellation && before.noiseSuppression === wished.noiseSuppression;
  if (isSame || inner.source.deviceType === "Virtual") return;
  await inner.replace(microphone(inner.source, wished));
  inner.processing = wished;
}

function microphone(device: AudioDeviceInfo, processing?: Processing): Opener {
  return { owned: true, open: () => openMicrophone(deviceIdOf(device), processing) };
}

function given(stream: MediaStream): Opener {
  return { owned: false, open: async () => stream };
}

function customDevice(stream: MediaStream): AudioDeviceInfo {
  return { name: stream.getAudioTracks()[0]?.label ?? "", id: stream.id, isSystemDefault: false, deviceType: "Virtual" };
}
