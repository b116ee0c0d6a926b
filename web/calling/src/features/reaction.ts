import type { ReactionCallFeature, ReactionEventPayload, ReactionListener, ReactionMessage } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import { identify, subscriptions } from "./feature.js";

const REACTIONS = ["like", "heart", "laugh", "surprised", "applause"];

/** Sends and receives reactions. One's own come back too, as confirmation. */
export function reaction(context: CallContext): ReactionCallFeature {
  const emitter = new Emitter<{ reaction: ReactionListener }>();
  const subscribed = subscriptions(
    context.onNotification("reaction", ({ participant, type }) => {
      const user = context.userOf(participant);
      if (!user || !REACTIONS.includes(type)) return;
      const identifier = identify(user) as ReactionEventPayload["identifier"];
      emitter.emit("reaction", { identifier, reactionMessage: { reactionType: type as ReactionMessage["reactionType"] } });
    }),
  );
  return {
    name: "Reaction",
    async sendReaction(reactionMessage: ReactionMessage) {
      const type = reactionMessage?.reactionType;
      if (!REACTIONS.includes(type)) throw new CallingError(400, 0, `A reaction is one of ${REACTIONS.join(", ")}.`);
      await context.request("reaction", { type });
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
