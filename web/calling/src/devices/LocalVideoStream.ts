import type {
  LocalVideoStreamOptions,
  MediaStreamType,
  VideoDeviceInfo,
  VideoSourceChangedEvent,
  VideoStreamFeature,
  VideoStreamFeatureFactory,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import { type FeatureCache, featureCache } from "../call/features.js";
import { INTERNAL } from "../call/internal.js";
import { type Capture, type Opener, capture } from "./capture.js";
import { deviceIdOf } from "./ids.js";
import { openCamera, openScreen } from "./open.js";

/** `localVideoStream[INTERNAL]`. */
export interface LocalVideo extends Capture {
  source: VideoDeviceInfo;
  type: MediaStreamType;
  readonly features: FeatureCache<VideoStreamFeatureFactory<VideoStreamFeature>>;
  readonly owner: LocalVideoStream;
}

/**
 * Video of this device: a camera, a screen, or a stream that the application made. A camera is opened when the stream is first shown or
 * sent, and closed when it is neither.
 */
export class LocalVideoStream extends Emitter<{ videoSourceChanged: VideoSourceChangedEvent }> {
  /** @internal */
  readonly [INTERNAL]: LocalVideo;

  constructor(source: VideoDeviceInfo | MediaStream, options?: LocalVideoStreamOptions) {
    super();
    const own = isStream(source);
    const inner = capture("video", own ? given(source) : camera(source), options?.autoDisposeOnCallEnd ?? true);
    this[INTERNAL] = Object.assign(inner, {
      source: own ? customDevice(source) : source,
      type: (own ? "RawMedia" : "Video") as MediaStreamType,
      features: featureCache<VideoStreamFeatureFactory<VideoStreamFeature>>(),
      owner: this,
    });
  }

  get source(): VideoDeviceInfo {
    return this[INTERNAL].source;
  }

  /** `Video` for a camera, `RawMedia` for an application's own stream, `ScreenSharing` for a screen. */
  get mediaStreamType(): MediaStreamType {
    return this[INTERNAL].type;
  }

  /** Takes another camera, also while the video is sent. Rejects with 43004 when it is no camera, with 43005 when it is the same. */
  async switchSource(source: VideoDeviceInfo): Promise<void> {
    const inner = this[INTERNAL];
    if (!source || typeof source.id !== "string" || isStream(source) || inner.type === "ScreenSharing") {
      throw new CallingError(400, 43004, "switchSource takes a camera of the device manager, and switches cameras only.");
    }
    if (inner.type === "Video" && source.id === inner.source.id)
      throw new CallingError(400, 43005, "The stream shows this camera already.", "ExpectedError");
    await inner.replace(camera(source));
    changed(inner, source, "Video");
  }

  /** What is sent, after effects. Opens the camera when it is not open yet. */
  getMediaStream(): Promise<MediaStream> {
    return this[INTERNAL].stream();
  }

  /** Takes a stream of the application instead, which stays its own: we do not stop its tracks. */
  async setMediaStream(source: MediaStream): Promise<void> {
    const inner = this[INTERNAL];
    if (!isStream(source) || source.getVideoTracks().length === 0)
      throw new CallingError(400, 43004, "setMediaStream takes a MediaStream with a video track.");
    await inner.replace(given(source));
    changed(inner, customDevice(source), inner.type === "ScreenSharing" ? inner.type : "RawMedia");
  }

  feature<TFeature extends VideoStreamFeature>(factory: VideoStreamFeatureFactory<TFeature>): TFeature {
    const inner = this[INTERNAL];
    return inner.features.get(factory, () => new factory.videoStreamApiCtor({ streamInstance: inner.owner })) as TFeature;
  }

  /** Closes the camera. The stream cannot be used again. */
  dispose(): void {
    this[INTERNAL].features.dispose();
    this[INTERNAL].dispose();
  }
}

/** Asks the person for a screen, window or tab, and gives it as a stream. */
export async function shareScreen(): Promise<LocalVideoStream> {
  const stream = await openScreen();
  const screen = new LocalVideoStream(stream);
  const inner = screen[INTERNAL];
  inner.type = "ScreenSharing";
  inner.source = { ...inner.source, deviceType: "ScreenSharing" };
  await inner.replace({ owned: true, open: async () => stream });
  // It was captured already: it has to be stopped even if it is never shown.
  await inner.track();
  return screen;
}

function changed(inner: LocalVideo, source: VideoDeviceInfo, type: MediaStreamType): void {
  inner.source = source;
  inner.type = type;
  inner.owner.emit("videoSourceChanged", { source: inner.owner });
}

function camera(device: VideoDeviceInfo): Opener {
  return { owned: true, open: () => openCamera(deviceIdOf(device)) };
}

function given(stream: MediaStream): Opener {
  return { owned: false, open: async () => stream };
}

function customDevice(stream: MediaStream): VideoDeviceInfo {
  return { name: stream.getVideoTracks()[0]?.label ?? "", id: stream.id, deviceType: "Virtual" };
}

export function isStream(source: unknown): source is MediaStream {
  return typeof MediaStream !== "undefined" && source instanceof MediaStream;
}
