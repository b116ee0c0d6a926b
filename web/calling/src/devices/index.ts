export { LocalAudioStream } from "./LocalAudioStream.js";
export { LocalVideoStream } from "./LocalVideoStream.js";
export { VideoStreamRenderer } from "./VideoStreamRenderer.js";
export { WbLocalVideoStream } from "./WbLocalVideoStream.js";
