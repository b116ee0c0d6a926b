import type {
  CallCommon,
  CollectionUpdatedEvent,
  PropertyChangedEvent,
  Transfer,
  TransferAcceptedEvent,
  TransferCallFeature,
  TransferErrorCode,
  TransferState,
  TransferToCallLocator,
  TransferToParticipantLocator,
  TransferToVoicemailLocator,
} from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import { rawIdOf } from "../call/identify.js";
import { subscriptions, unsupported } from "./feature.js";

type Target = TransferToParticipantLocator | TransferToCallLocator | TransferToVoicemailLocator;

/** Transfers the other side of a 1:1 call, and hears that oneself was transferred. */
export function transfer(context: CallContext): TransferCallFeature {
  const emitter = new Emitter<{ transferAccepted: TransferAcceptedEvent }>();
  // The server takes one transfer at a time, so that what it tells is about the newest.
  let newest: OwnTransfer | undefined;

  const subscribed = subscriptions(
    context.onNotification("transfer", ({ state, reason }) => newest?.become(state, reason)),
    context.onNotification("transfer.accepted", ({ call }) =>
      whenThere(context, call.callId, (targetCall) => emitter.emit("transferAccepted", { targetCall })),
    ),
  );

  return {
    name: "Transfer",
    transfer(target: Target): Transfer {
      const own = ownTransfer();
      newest = own;
      // Later, so that the application can listen first.
      void Promise.resolve()
        .then(() => {
          own.become("Transferring");
          return context.request("transfer", membersOf(target));
        })
        .catch((error) => own.become("Failed", error instanceof CallingError ? error : { code: 500, subCode: 0 }));
      return own;
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}

interface OwnTransfer extends Transfer {
  become(state: TransferState, error?: TransferErrorCode): void;
}

function ownTransfer(): OwnTransfer {
  const emitter = new Emitter<{ stateChanged: PropertyChangedEvent }>();
  let state: TransferState = "None";
  let error: TransferErrorCode | undefined;
  return {
    get state() {
      return state;
    },
    get error() {
      return error;
    },
    become(next, reason) {
      if (state === next || state === "Transferred" || state === "Failed") return;
      state = next;
      if (next === "Failed") error = { code: reason?.code ?? 0, subCode: reason?.subCode ?? 0 };
      emitter.emit("stateChanged");
    },
    on: emitter.on,
    off: emitter.off,
  };
}

function membersOf(target: Target): { participant: string } | { toCall: string } {
  if ("targetCallId" in target) return { toCall: target.targetCallId };
  if ("targetParticipant" in target) return { participant: rawIdOf(target.targetParticipant) };
  throw unsupported("Voicemail");
}

/** Gives the agent's call as soon as it is one of its calls. */
function whenThere(context: CallContext, callId: string, then: (call: CallCommon) => void): void {
  const agent = context.agent as unknown as {
    calls: readonly CallCommon[];
    on(event: "callsUpdated", listener: CollectionUpdatedEvent<CallCommon>): void;
    off(event: "callsUpdated", listener: CollectionUpdatedEvent<CallCommon>): void;
  };
  const find = () => agent.calls.find((call) => call.id === callId);
  const there = find();
  if (there) return then(there);
  const look = () => {
    const call = find();
    if (!call) return;
    agent.off("callsUpdated", look);
    then(call);
  };
  agent.on("callsUpdated", look);
}
