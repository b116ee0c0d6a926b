import type { Captions, CaptionsCallFeature, CaptionsHandler, PropertyChangedEvent } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import { participantInfo, subscriptions } from "./feature.js";

type CaptionEvents = { CaptionsReceived: CaptionsHandler; CaptionsActiveChanged: PropertyChangedEvent; SpokenLanguageChanged: PropertyChangedEvent };

/** Captions, where the server has a speech engine; without one starting them rejects with 501. */
export function captions(context: CallContext): CaptionsCallFeature {
  const kinds = new Emitter<{ CaptionsKindChanged: PropertyChangedEvent }>();
  const emitter = new Emitter<CaptionEvents>();
  let language = context.snapshot?.captions?.language;
  let spoken = language ?? "";

  const subscribed = subscriptions(
    context.onChange((changed) => {
      if (!changed.has("captions")) return;
      const before = language;
      language = context.snapshot?.captions?.language;
      const spokenBefore = spoken;
      if (language) spoken = language;
      if ((before === undefined) !== (language === undefined)) emitter.emit("CaptionsActiveChanged");
      if (spoken !== spokenBefore) emitter.emit("SpokenLanguageChanged");
    }),
    context.onNotification("caption", (caption) => {
      const speaker = participantInfo(context, caption.participant);
      if (!speaker) return;
      emitter.emit("CaptionsReceived", {
        resultType: caption.final ? "Final" : "Partial",
        speaker,
        spokenLanguage: caption.language,
        spokenText: caption.text,
        timestamp: new Date(caption.at),
      });
    }),
  );

  const own: Captions = {
    kind: "Captions",
    get isCaptionsFeatureActive() {
      return language !== undefined;
    },
    get activeSpokenLanguage() {
      return spoken;
    },
    /** The protocol does not tell what the engine knows; this is what is in use. */
    get supportedSpokenLanguages() {
      return context.welcome?.captions ? [spoken || browserLanguage()] : [];
    },
    async startCaptions(options) {
      await context.request("captions.start", { language: checked(options?.spokenLanguage ?? (spoken || browserLanguage())) });
    },
    stopCaptions: async () => void (await context.request("captions.stop", {})),
    setSpokenLanguage: async (wanted) => void (await context.request("captions.language", { language: checked(wanted) })),
    on: emitter.on,
    off: emitter.off,
  };
  return { name: "Captions", captions: own, on: kinds.on, off: kinds.off, dispose: subscribed.end };
}

function browserLanguage(): string {
  return (globalThis.navigator?.language ?? "en-US").toLowerCase();
}

function checked(language: string): string {
  if (typeof language !== "string" || !/^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$/.test(language))
    throw new CallingError(400, 0, "A language is a tag such as en-us.");
  return language;
}
