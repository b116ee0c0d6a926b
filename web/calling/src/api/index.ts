// Every type of the surface; values and classes are exported by the package's index.

export * from "./kinds.js";
export * from "./events.js";
export * from "./errors.js";
export * from "./features.js";
export * from "./client.js";
export * from "./agents.js";
export * from "./calls.js";
export * from "./incoming.js";
export * from "./participants.js";
export * from "./devices.js";
export * from "./streams.js";
export * from "./capabilities.js";
export * from "./captions.js";
export * from "./data-channel.js";
export * from "./diagnostics.js";
export * from "./effects.js";
export * from "./media-access.js";
export * from "./media-stats.js";
export * from "./meeting.js";
export * from "./survey.js";
export * from "./teams.js";
