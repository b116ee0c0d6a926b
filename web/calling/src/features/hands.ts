import type { CommunicationUserIdentifier, MicrosoftTeamsUserIdentifier } from "@azure/communication-common";
import type { LoweredHandListener, RaiseHandCallFeature, RaisedHand, RaisedHandListener } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { rawIdOf } from "../call/identify.js";
import { identify, subscriptions, usersOf } from "./feature.js";

type Person = CommunicationUserIdentifier | MicrosoftTeamsUserIdentifier;

/** Raised hands, in the order in which they were raised. A user with several devices has one hand. */
export function raiseHand(context: CallContext): RaiseHandCallFeature {
  const emitter = new Emitter<{ raisedHandEvent: RaisedHandListener; loweredHandEvent: LoweredHandListener }>();
  let hands = read();

  function read(): string[] {
    return usersOf(context, context.snapshot?.hands ?? []);
  }

  const subscribed = subscriptions(
    context.onChange((changed) => {
      // The roster too: whoever leaves takes the hand along.
      if (!changed.has("hands") && !changed.has("participants")) return;
      const before = hands;
      hands = read();
      for (const user of hands) if (!before.includes(user)) emitter.emit("raisedHandEvent", { identifier: identify(user) as Person });
      for (const user of before) if (!hands.includes(user)) emitter.emit("loweredHandEvent", { identifier: identify(user) as Person });
    }),
  );
  return {
    name: "RaiseHand",
    raiseHand: async () => void (await context.request("hand.raise", {})),
    lowerHand: async () => void (await context.request("hand.lower", {})),
    async lowerHands(identifiers: Person[]) {
      if (identifiers.length > 0) await context.request("hand.lower", { participants: identifiers.map(rawIdOf) });
    },
    lowerAllHands: async () => void (await context.request("hand.lower", { all: true })),
    getRaisedHands: (): RaisedHand[] => hands.map((user, index) => ({ identifier: identify(user) as Person, order: index + 1 })),
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
