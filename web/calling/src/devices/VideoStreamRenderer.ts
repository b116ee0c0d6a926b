import type { CreateViewOptions, RemoteVideoStreamCommon, ScalingMode, StreamSize, VideoStreamRendererView } from "../api/index.js";
import { CallingError } from "../call/errors.js";
import { INTERNAL, type RemoteSource, type Unsubscribe, type VideoWatch } from "../call/internal.js";
import type { LocalVideoStream } from "./LocalVideoStream.js";

/** Milliseconds to wait for the first picture. */
const FIRST_FRAME_MAX = 20_000;
/** Milliseconds between two wishes for another size, however often an element changes. */
const RESIZE_INTERVAL = 250;

const FIT: Record<ScalingMode, string> = { Stretch: "fill", Crop: "cover", Fit: "contain" };

/** What a view shows, wherever it comes from. */
interface Shown {
  readonly track: Promise<MediaStreamTrack>;
  onTrack(listener: (track: MediaStreamTrack) => void): Unsubscribe;
  resize(width: number, height: number): void;
  showed(width: number, height: number): void;
  close(): void;
}

/** Shows a local or remote stream in elements. A remote stream is only received while a view of it exists, at the size at which it is shown. */
export class VideoStreamRenderer {
  /** @internal */
  readonly [INTERNAL]: { stream: Source; views: Set<VideoStreamRendererView>; size: StreamSize; disposed: boolean };

  constructor(videoStream: LocalVideoStream | RemoteVideoStreamCommon) {
    const stream = (videoStream as Partial<Source>)?.[INTERNAL];
    if (!stream) throw new CallingError(400, 0, "A renderer takes a LocalVideoStream or a RemoteVideoStream of this package.");
    this[INTERNAL] = { stream: videoStream as unknown as Source, views: new Set(), size: { width: 0, height: 0 }, disposed: false };
  }

  /** Size of the pictures. @deprecated As in the official package: use `size` of the stream. */
  get size(): StreamSize {
    return { ...this[INTERNAL].size };
  }

  /**
   * Makes an element that shows the stream, and waits for the first picture. Rejects with 43200 when the stream is not available, with 43202
   * when it ends meanwhile, with 43203 when no picture comes in 20 seconds.
   */
  async createView(options?: CreateViewOptions): Promise<VideoStreamRendererView> {
    const inner = this[INTERNAL];
    if (inner.disposed) throw new CallingError(404, 43202, "The renderer has been disposed of.", "ExpectedError");
    if ("isAvailable" in inner.stream && !inner.stream.isAvailable)
      throw new CallingError(412, 43200, "The stream is not available.", "ExpectedError");
    const made = makeView(inner.stream, options ?? {}, (size) => (inner.size = size));
    const view = made.view;
    const dispose = view.dispose;
    view.dispose = () => {
      inner.views.delete(view);
      dispose();
    };
    inner.views.add(view);
    try {
      await made.firstFrame;
    } catch (error) {
      view.dispose();
      throw error;
    }
    return view;
  }

  /** Disposes of all views. */
  dispose(): void {
    this[INTERNAL].disposed = true;
    for (const view of [...this[INTERNAL].views]) view.dispose();
  }
}

type Source = { [INTERNAL]: RemoteSource | LocalVideoStream[typeof INTERNAL]; isAvailable?: boolean };

function makeView(stream: Source, options: CreateViewOptions, sized: (size: StreamSize) => void) {
  const target = document.createElement("div");
  const video = document.createElement("video");
  Object.assign(target.style, { position: "relative", width: "100%", height: "100%", overflow: "hidden" });
  Object.assign(video.style, { display: "block", width: "100%", height: "100%" });
  // Voices come by another way; without these three phones play in full screen or not at all.
  video.muted = video.autoplay = video.playsInline = true;
  video.disablePictureInPicture = false;
  target.append(video);

  let scalingMode: ScalingMode = options.scalingMode ?? "Crop";
  const isMirrored = options.isMirrored ?? false;
  video.style.objectFit = FIT[scalingMode];
  if (isMirrored) video.style.transform = "scaleX(-1)";

  const shown = show(stream[INTERNAL]);
  const stopWatching = watchSize(target, (width, height) => shown.resize(width, height));
  let disposed = false;
  let fail: (error: unknown) => void = () => {};

  const play = (track: MediaStreamTrack) => {
    if (disposed) return;
    video.srcObject = new MediaStream([track]);
    // Refused where the page may not play by itself: pictures come with the person's next touch, and until then the element stays dark.
    video.play().catch(() => undefined);
  };
  const onResize = () => {
    const size = { width: video.videoWidth, height: video.videoHeight };
    sized(size);
    shown.showed(size.width, size.height);
  };
  video.addEventListener("resize", onResize);
  const unhear = shown.onTrack(play);

  const firstFrame = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CallingError(408, 43203, `No picture came within ${FIRST_FRAME_MAX / 1000} seconds.`)),
      FIRST_FRAME_MAX,
    );
    fail = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    video.addEventListener(
      "loadeddata",
      () => {
        clearTimeout(timer);
        onResize();
        resolve();
      },
      { once: true },
    );
    shown.track.then(play, fail);
  });

  const view: VideoStreamRendererView = {
    get scalingMode() {
      return scalingMode;
    },
    isMirrored,
    target,
    async updateScalingMode(mode: ScalingMode): Promise<void> {
      if (!(mode in FIT)) throw new CallingError(400, 0, `There is no scaling mode ${mode}.`);
      scalingMode = mode;
      video.style.objectFit = FIT[mode];
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      stopWatching();
      unhear();
      shown.close();
      video.removeEventListener("resize", onResize);
      video.srcObject = null;
      target.remove();
      fail(new CallingError(404, 43202, "The view was disposed of before a picture came.", "ExpectedError"));
    },
  };
  return { view, firstFrame };
}

function show(source: RemoteSource | LocalVideoStream[typeof INTERNAL]): Shown {
  if ("watch" in source) {
    // Nobody has put the element anywhere yet, so its size is unknown; a small picture comes soonest.
    const watch: VideoWatch = source.watch(320, 180);
    return {
      track: watch.track,
      onTrack: (listener) => watch.onTrack(listener),
      resize: (width, height) => watch.resize(Math.max(1, width), Math.max(1, height)),
      showed: (width, height) => source.showed(width, height),
      close: () => watch.close(),
    };
  }
  const release = source.hold();
  return { track: source.track(), onTrack: (listener) => source.onTrack(listener), resize: () => {}, showed: () => {}, close: release };
}

/** Tells the size of an element in device pixels when it changes by more than a tenth, at most four times a second; 0 x 0 when it is displayed no more. */
function watchSize(element: HTMLElement, changed: (width: number, height: number) => void): Unsubscribe {
  let told = { width: 0, height: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    timer = undefined;
    const ratio = globalThis.devicePixelRatio || 1;
    const width = Math.round(element.clientWidth * ratio);
    const height = Math.round(element.clientHeight * ratio);
    if (Math.abs(width - told.width) <= told.width / 10 && Math.abs(height - told.height) <= told.height / 10) return;
    told = { width, height };
    changed(width, height);
  };
  const observer = new ResizeObserver(() => (timer ??= setTimeout(tell, RESIZE_INTERVAL)));
  observer.observe(element);
  return () => {
    observer.disconnect();
    clearTimeout(timer);
  };
}
