import type { Platform, Socket, Unsubscribe } from "./call/internal.js";
import { browserDevices } from "./devices/device-manager.js";
import { microphoneStream } from "./devices/LocalAudioStream.js";
import { shareScreen } from "./devices/LocalVideoStream.js";
import { volumeOf } from "./devices/volume.js";
import { browserMedia } from "./media/browser.js";
import { VERSION } from "./version.js";

/** The browser, as the core needs it. */
export const browser: Platform = {
  get client() {
    return `parley-js/${VERSION} ${globalThis.navigator?.userAgent ?? ""}`.trim();
  },
  socket: (url) => new WebSocket(url) as Socket,
  fetch: (url, options) => globalThis.fetch(url, options),
  devices: browserDevices,
  volume: (stream) => volumeOf(stream.getAudioTracks()[0]!),
  microphone: (devices) => microphoneStream(devices?.selectedMicrophone),
  screen: shareScreen,
  get media() {
    return typeof RTCPeerConnection === "undefined" ? undefined : browserMedia;
  },
  onLeave: (listener) =>
    // A page that goes into the back/forward cache is gone for the others too.
    listens(globalThis, "pagehide", listener),
  onWake(listener) {
    const seen = () => {
      if (document.visibilityState === "visible") listener();
    };
    const stops = [listens(globalThis, "online", listener), listens(globalThis, "pageshow", listener)];
    if (typeof document !== "undefined") stops.push(listens(document, "visibilitychange", seen));
    return () => stops.forEach((stop) => stop());
  },
};

function listens(target: Partial<EventTarget>, event: string, listener: () => void): Unsubscribe {
  target.addEventListener?.(event, listener);
  return () => target.removeEventListener?.(event, listener);
}
