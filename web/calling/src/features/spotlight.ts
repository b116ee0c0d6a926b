import type { CommunicationIdentifier } from "@azure/communication-common";
import type { CollectionUpdatedEvent, SpotlightCallFeature, SpotlightedParticipant } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import { rawIdOf } from "../call/identify.js";
import { identify, subscriptions, usersOf } from "./feature.js";

/** As the server's protocol says. */
const MAX = 7;

/** Puts participants into the spotlight for all; without names, oneself. */
export function spotlight(context: CallContext): SpotlightCallFeature {
  const emitter = new Emitter<{ spotlightChanged: CollectionUpdatedEvent<SpotlightedParticipant> }>();
  let lit = read();

  function read(): SpotlightedParticipant[] {
    return usersOf(context, context.snapshot?.spotlights ?? []).map((user, index) => ({ identifier: identify(user), order: index + 1 }));
  }

  const subscribed = subscriptions(
    context.onChange((changed) => {
      if (!changed.has("spotlights") && !changed.has("participants")) return;
      const before = lit;
      lit = read();
      const missing = (of: SpotlightedParticipant[], from: SpotlightedParticipant[]) =>
        of.filter((one) => !from.some((other) => sameUser(one, other)));
      const added = missing(lit, before);
      const removed = missing(before, lit);
      if (added.length + removed.length > 0) emitter.emit("spotlightChanged", { added, removed });
    }),
  );

  function named(participants: CommunicationIdentifier[] | undefined): { participants?: string[] } {
    if (!participants || participants.length === 0) return {};
    if (participants.length > MAX) throw new CallingError(400, 0, `At most ${MAX} participants can be in the spotlight.`);
    return { participants: participants.map(rawIdOf) };
  }

  return {
    name: "Spotlight",
    maxParticipantsToSpotlight: MAX,
    startSpotlight: async (participants) => void (await context.request("spotlight.start", named(participants))),
    stopSpotlight: async (participants) => void (await context.request("spotlight.stop", named(participants))),
    stopAllSpotlight: async () => void (await context.request("spotlight.stop", { all: true })),
    getSpotlightedParticipants: () => [...lit],
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}

function sameUser(one: SpotlightedParticipant, other: SpotlightedParticipant): boolean {
  return rawIdOf(one.identifier) === rawIdOf(other.identifier);
}
