import type { VideoDeviceInfo } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { INTERNAL } from "../call/internal.js";
import { isStream, LocalVideoStream } from "./LocalVideoStream.js";

/** A local video stream that gives its track, and takes cameras and streams alike. */
export class WbLocalVideoStream extends Emitter<{ sourceChanged: (track: MediaStreamTrack) => void }> {
  /** @internal */
  readonly [INTERNAL]: LocalVideoStream;

  constructor(source: VideoDeviceInfo | MediaStream) {
    super();
    this[INTERNAL] = new LocalVideoStream(source);
  }

  getVideoTrack(): Promise<MediaStreamTrack> {
    return this[INTERNAL][INTERNAL].track();
  }

  async switchSource(source: VideoDeviceInfo | MediaStream): Promise<void> {
    await (isStream(source) ? this[INTERNAL].setMediaStream(source) : this[INTERNAL].switchSource(source));
    this.emit("sourceChanged", await this.getVideoTrack());
  }

  dispose(): void {
    this[INTERNAL].dispose();
  }
}
