import type { CollectionUpdatedEvent, PropertyChangedEvent, RecordingCallFeature, RecordingInfo, TranscriptionCallFeature } from "../api/index.js";
import { RecordingState } from "../api/kinds.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { subscriptions, unsupported } from "./feature.js";

const STATES = { none: RecordingState.Ended, active: RecordingState.Started, paused: RecordingState.Paused } as const;

/** Whether the call is recorded, as the server says. The protocol tells of one recording at a time. */
export function recording(context: CallContext): RecordingCallFeature {
  const emitter = new Emitter<{ isRecordingActiveChanged: PropertyChangedEvent; recordingsUpdated: CollectionUpdatedEvent<RecordingInfo> }>();
  let state = context.snapshot?.recording ?? "none";
  let current = state === "none" ? undefined : recordingInfo(STATES[state]);

  function update(): void {
    const before = state;
    state = context.snapshot?.recording ?? "none";
    if (state === before) return;
    const ended = current;
    if (before === "none") {
      current = recordingInfo(STATES[state]);
    } else {
      if (state === "none") current = undefined;
      ended?.become(STATES[state]);
    }
    if ((before === "active") !== (state === "active")) emitter.emit("isRecordingActiveChanged");
    if (before === "none" && current) emitter.emit("recordingsUpdated", { added: [current], removed: [] });
    if (state === "none" && ended) emitter.emit("recordingsUpdated", { added: [], removed: [ended] });
  }

  const subscribed = subscriptions(context.onChange((changed) => changed.has("recording") && update()));
  return {
    name: "Recording",
    get isRecordingActive() {
      return state === "active";
    },
    get recordings() {
      return current ? [current] : [];
    },
    isTeamsConsentRequired: false,
    grantTeamsConsent: () => Promise.reject(unsupported("Consent of Teams")),
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}

function recordingInfo(state: RecordingState): RecordingInfo & { become(state: RecordingState): void } {
  const emitter = new Emitter<{ recordingStateChanged: PropertyChangedEvent }>();
  return {
    state,
    on: emitter.on,
    off: emitter.off,
    become(next) {
      this.state = next;
      emitter.emit("recordingStateChanged");
    },
  };
}

/** Whether the call is transcribed, as the server says. */
export function transcription(context: CallContext): TranscriptionCallFeature {
  const emitter = new Emitter<{ isTranscriptionActiveChanged: PropertyChangedEvent }>();
  let active = context.snapshot?.transcription ?? false;
  const subscribed = subscriptions(
    context.onChange(() => {
      const before = active;
      active = context.snapshot?.transcription ?? false;
      if (active !== before) emitter.emit("isTranscriptionActiveChanged");
    }),
  );
  return {
    name: "Transcription",
    get isTranscriptionActive() {
      return active;
    },
    isTeamsConsentRequired: false,
    grantTeamsConsent: () => Promise.reject(unsupported("Consent of Teams")),
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
