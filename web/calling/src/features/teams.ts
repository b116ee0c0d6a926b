import type {
  BreakoutRoomsCallFeature,
  BreakoutRoomsUpdatedListener,
  CollectionUpdatedEvent,
  PPTLiveCallFeature,
  PropertyChangedEvent,
  TeamsMeetingAudioConferencingCallFeature,
  TogetherModeCallFeature,
  TogetherModeSceneSize,
  TogetherModeSceneUpdatedListener,
  TogetherModeSeatingUpdatedListener,
  TogetherModeVideoStream,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { unsupported } from "./feature.js";

// What only meetings of Microsoft Teams have: objects that take listeners, never call them, and refuse with 501.

export function pptLive(): PPTLiveCallFeature {
  const emitter = new Emitter<{ isActiveChanged: PropertyChangedEvent }>();
  return {
    name: "PPTLive",
    isActive: false,
    // Never shown; an element all the same, since copying the feature by spread reads it.
    target: globalThis.document?.createElement("div") as HTMLElement,
    on: emitter.on,
    off: emitter.off,
    dispose: emitter.forget,
  };
}

export function breakoutRooms(): BreakoutRoomsCallFeature {
  const emitter = new Emitter<{ breakoutRoomsUpdated: BreakoutRoomsUpdatedListener }>();
  return { name: "BreakoutRooms", on: emitter.on, off: emitter.off, dispose: emitter.forget };
}

export function teamsMeetingAudioConferencing(): TeamsMeetingAudioConferencingCallFeature {
  return {
    name: "TeamsMeetingAudioConferencing",
    getTeamsMeetingAudioConferencingDetails: () => Promise.reject(unsupported("Audio conferencing of Teams")),
    dispose: () => {},
  };
}

export function togetherMode(): TogetherModeCallFeature {
  const emitter = new Emitter<{
    togetherModeStreamsUpdated: CollectionUpdatedEvent<TogetherModeVideoStream>;
    togetherModeSceneUpdated: TogetherModeSceneUpdatedListener;
    togetherModeSeatingUpdated: TogetherModeSeatingUpdatedListener;
  }>();
  let sceneSize: TogetherModeSceneSize = { width: 0, height: 0 };
  return {
    name: "TogetherMode",
    togetherModeStream: [],
    togetherModeSeatingMap: new Map(),
    get sceneSize() {
      return sceneSize;
    },
    set sceneSize(size) {
      sceneSize = size;
    },
    start: () => Promise.reject(unsupported("Together mode")),
    on: emitter.on,
    off: emitter.off,
    dispose: emitter.forget,
  };
}
