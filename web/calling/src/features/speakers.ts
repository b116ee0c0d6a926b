import type { DominantSpeakersCallFeature, DominantSpeakersInfo, PropertyChangedEvent } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { identify, subscriptions, usersOf } from "./feature.js";

/** Who speaks, loudest first, as the server hears it. */
export function dominantSpeakers(context: CallContext): DominantSpeakersCallFeature {
  const emitter = new Emitter<{ dominantSpeakersChanged: PropertyChangedEvent }>();
  let info = read();

  function read(): DominantSpeakersInfo {
    return { speakersList: usersOf(context, context.snapshot?.speakers ?? []).map(identify), timestamp: new Date() };
  }

  const subscribed = subscriptions(
    context.onChange((changed) => {
      if (!changed.has("speakers")) return;
      info = read();
      emitter.emit("dominantSpeakersChanged");
    }),
  );
  return {
    name: "DominantSpeakers",
    get dominantSpeakers() {
      return info;
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
