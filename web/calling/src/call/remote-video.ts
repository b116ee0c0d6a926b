import type { MediaStreamType, PropertyChangedEvent, RemoteVideoStream, StreamSize } from "../index.js";
import type { MediaSession } from "../media/session.js";
import { Emitter } from "./emitter.js";
import { CallingError } from "./errors.js";
import { INTERNAL, type RemoteSource, type VideoWatch } from "./internal.js";

interface RemoteVideoEvents {
  isAvailableChanged: PropertyChangedEvent;
  sizeChanged: PropertyChangedEvent;
  isReceivingChanged: PropertyChangedEvent;
}

/** A video or screen of somebody else. */
export class RemoteVideo extends Emitter<RemoteVideoEvents> implements RemoteVideoStream {
  isAvailable = true;
  /** True until the media says otherwise: nothing is received that nobody watches, yet nothing is wrong with it. */
  isReceiving = true;
  size: StreamSize = { width: 0, height: 0 };
  readonly [INTERNAL]: RemoteSource;

  /**
   * @param place the participant and stream of the protocol
   * @param media the media of the call when there is any
   */
  constructor(
    readonly id: number,
    readonly mediaStreamType: MediaStreamType,
    place: { participant: string; stream: number },
    private readonly media: () => MediaSession | undefined,
  ) {
    super();
    Object.defineProperty(this, "media", { enumerable: false });
    this[INTERNAL] = {
      watch: (width, height): VideoWatch => {
        const session = this.isAvailable ? media() : undefined;
        if (!session) throw new CallingError(412, 43200, "The stream is not available.", "ExpectedError");
        return session.watch(place.participant, place.stream, width, height);
      },
      showed: (width, height) => {
        if (width === this.size.width && height === this.size.height) return;
        this.size = { width, height };
        this.emit("sizeChanged");
      },
    };
  }

  /** The picture for an application that shows it by itself; it is received at up to 1280 x 720 until the stream or the call ends. */
  async getMediaStream(): Promise<MediaStream> {
    const watch = this[INTERNAL].watch(1280, 720);
    return this.media()!.streamOf(watch);
  }

  /** @internal */
  received(isReceiving: boolean): void {
    if (this.isReceiving === isReceiving) return;
    this.isReceiving = isReceiving;
    this.emit("isReceivingChanged");
  }

  /** @internal It is published no more. */
  ended(): void {
    this.isAvailable = false;
    this.emit("isAvailableChanged");
  }
}
