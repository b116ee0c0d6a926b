import { type CommunicationIdentifierKind, createIdentifierFromRawId } from "@azure/communication-common";
import type { CallClientFeature, CallClientFeatureFactory, CallCommon, CallFeature, CallFeatureFactory, ParticipantInfo } from "../api/index.js";
import { CallingError } from "../call/errors.js";
import { type CallContext, INTERNAL, type Unsubscribe } from "../call/internal.js";

/**
 * Makes a key of `Features` for calls. Features are plain objects, not instances: the official UI library copies them by spread, which loses
 * whatever is on a prototype.
 */
export function callFeature<T extends CallFeature>(make: (context: CallContext) => T): CallFeatureFactory<T> {
  return {
    callApiCtor: class {
      constructor({ call }: { call: CallCommon }) {
        return make(contextOf(call));
      }
    } as unknown as CallFeatureFactory<T>["callApiCtor"],
  };
}

/** Makes a key of `Features` for clients. */
export function clientFeature<T extends CallClientFeature>(make: (client: import("../client.js").CallClient) => T): CallClientFeatureFactory<T> {
  return {
    callClientApiCtor: class {
      constructor({ callClient }: { callClient: import("../client.js").CallClient }) {
        return make(callClient);
      }
    } as unknown as CallClientFeatureFactory<T>["callClientApiCtor"],
  };
}

export function contextOf(call: CallCommon): CallContext {
  const context = (call as unknown as { [INTERNAL]?: CallContext })[INTERNAL];
  if (!context) throw new CallingError(400, 0, "Features of this package hang on calls of this package.");
  return context;
}

/** Gathers what has to be ended with a feature. */
export function subscriptions(...first: Unsubscribe[]): { add(...more: Unsubscribe[]): void; end(): void } {
  let all = first;
  return {
    add: (...more) => all.push(...more),
    end() {
      const ending = all;
      all = [];
      for (const unsubscribe of ending) unsubscribe();
    },
  };
}

/** What the server has not: the same code everywhere, so that applications can tell it from a failure. */
export function unsupported(what: string): CallingError {
  return new CallingError(501, 0, `${what}: this server has no such thing.`, "ExpectedError");
}

export function identify(rawId: string): CommunicationIdentifierKind {
  return createIdentifierFromRawId(rawId);
}

/** The users behind participant ids, in order, each once. */
export function usersOf(context: CallContext, ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => context.userOf(id) ?? []))];
}

/** Who somebody in the call is, oneself included. */
export function participantInfo(context: CallContext, id: string): ParticipantInfo | undefined {
  const rawId = context.userOf(id);
  if (!rawId) return undefined;
  const displayName = context.snapshot?.participants.find((participant) => participant.id === id)?.displayName;
  return { identifier: identify(rawId), ...(displayName === undefined ? {} : { displayName }), endpointDetails: [{ participantId: id }] };
}
