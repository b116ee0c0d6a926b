// The public surface, and nothing besides: every name that @azure/communication-calling declares.

export * from "./api/index.js";
export { CallClient } from "./client.js";
export { LocalAudioStream, LocalVideoStream, VideoStreamRenderer, WbLocalVideoStream } from "./devices/index.js";
export { Features } from "./features/index.js";
