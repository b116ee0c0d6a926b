import type { RealTimeTextFeature, RealTimeTextReceivedEventHandler } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { CallingError } from "../call/errors.js";
import type { CallContext } from "../call/internal.js";
import { participantInfo, subscriptions } from "./feature.js";

/** Characters, as the server's protocol says. */
const TEXT_MAX = 2000;
/** Texts that somebody has begun and not ended, of which we remember when they began. */
const OPEN_MAX = 400;

/** Text that others read while it is typed. Each call replaces what was sent of the text before, until it is final. */
export function realTimeText(context: CallContext): RealTimeTextFeature {
  const emitter = new Emitter<{ realTimeTextReceived: RealTimeTextReceivedEventHandler }>();
  const begun = new Map<string, Date>();
  let sequence = 1;
  let waiting: { text: string; sequence: number; done: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const subscribed = subscriptions(
    context.onNotification("text", (text) => {
      const sender = participantInfo(context, text.participant);
      if (!sender) return;
      const key = `${text.participant} ${text.sequence}`;
      const updatedTimestamp = new Date(text.at);
      const receivedTimestamp = begun.get(key) ?? updatedTimestamp;
      if (text.final) begun.delete(key);
      else begun.set(key, receivedTimestamp);
      if (begun.size > OPEN_MAX) begun.delete(begun.keys().next().value!);
      emitter.emit("realTimeTextReceived", {
        sequenceId: text.sequence,
        sender,
        text: text.text,
        resultType: text.final ? "Final" : "Partial",
        receivedTimestamp,
        updatedTimestamp,
        isLocal: text.participant === context.snapshot?.me,
      });
    }),
  );

  /** One request at a time, so that texts arrive in order; while one is on the way only the newest partial text waits. */
  function send(text: string, final: boolean): Promise<void> {
    if (!final && waiting && waiting.sequence === sequence) {
      waiting.text = text;
      return waiting.done;
    }
    const mine = { text, sequence, done: Promise.resolve() };
    if (final) sequence++;
    mine.done = last.then(async () => {
      if (waiting === mine) waiting = undefined;
      await context.request("text", { text: mine.text, final, sequence: mine.sequence });
    });
    last = mine.done.catch(() => undefined);
    waiting = final ? undefined : mine;
    return mine.done;
  }

  return {
    name: "RealTimeText",
    async sendRealTimeText(text: string, finalized: boolean = false) {
      if (typeof text !== "string" || text.length > TEXT_MAX) throw new CallingError(400, 0, `Real-time text has at most ${TEXT_MAX} characters.`);
      await send(text, finalized);
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
