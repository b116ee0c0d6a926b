import type { OptimalVideoCountCallFeature, OvcChangeReason, PropertyChangedEvent } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import type { CallContext } from "../call/internal.js";
import { isMobile } from "../environment.js";
import { type CallSample, onSample } from "../stats/sampler.js";
import { subscriptions } from "./feature.js";

/** Videos that a computer or a phone shows at best; the server takes 25 wishes. */
const MOST = { computer: 16, phone: 6 };
/** What a call begins with, before anything is known. */
const FIRST = { computer: 9, phone: 4 };
/** Bad seconds in a row after which fewer videos are good, and good ones after which one more is tried. */
const BAD_SECONDS = 4;
const GOOD_SECONDS = 15;
/** From when on a second is bad: part of packets lost, part of frames dropped by the decoder, part of the second that pictures stood still. */
const LOSS_BAD = 0.08;
const DROPPED_BAD = 0.2;
const FROZEN_BAD = 0.3;

/**
 * How many videos can be shown well: less when packets are lost or pictures freeze (`bandwidth`), or when the decoder drops frames
 * (`performance`); one more at a time while as many as allowed are shown and all are well.
 */
export function optimalVideoCount(context: CallContext): OptimalVideoCountCallFeature {
  const emitter = new Emitter<{ optimalVideoCountChanged: PropertyChangedEvent }>();
  const device = isMobile() ? "phone" : "computer";
  let count = FIRST[device];
  let reason: OvcChangeReason = "unknown";
  let bad = 0;
  let good = 0;
  const judge = judged();

  function set(next: number, why: OvcChangeReason): void {
    bad = good = 0;
    const bounded = Math.min(MOST[device], Math.max(1, next));
    if (bounded === count) return;
    count = bounded;
    reason = why;
    emitter.emit("optimalVideoCountChanged");
  }

  const subscribed = subscriptions(
    onSample(context, (sample) => {
      const { shown, trouble } = judge(sample);
      if (shown === 0) return;
      if (trouble) {
        good = 0;
        if (++bad >= BAD_SECONDS) set(Math.min(count, shown) - Math.max(1, Math.floor(shown / 3)), trouble);
      } else {
        bad = 0;
        if (++good >= GOOD_SECONDS && shown >= count) set(count + 1, reason === "unknown" ? "bandwidth" : reason);
      }
    }),
  );
  return {
    name: "OptimalVideoCount",
    get optimalVideoCount() {
      return count;
    },
    get lastOvcChangeReason() {
      return reason;
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}

/** Judges one second by what has grown since the one before. */
function judged(): (sample: CallSample) => { shown: number; trouble: OvcChangeReason | undefined } {
  let before = new Map<string, { frozen: number; dropped: number; received: number }>();
  return (sample) => {
    const videos = sample.streams.filter(({ direction, place }) => direction === "subscribe" && place.type === "Video");
    const now = new Map<string, { frozen: number; dropped: number; received: number }>();
    let lossy = 0;
    let slow = 0;
    let shown = 0;
    for (const { values, loss } of videos) {
      const numberOf = (name: string) => (typeof values[name] === "number" ? values[name] : 0);
      const state = { frozen: numberOf("totalFreezeDurationInMs"), dropped: numberOf("framesDropped"), received: numberOf("framesReceived") };
      now.set(values.id, state);
      const last = before.get(values.id);
      if (!last) continue;
      const received = state.received - last.received;
      // A stream that nobody sends now tells nothing.
      if (received <= 0 && state.frozen === last.frozen) continue;
      shown++;
      if ((loss ?? 0) > LOSS_BAD || (state.frozen - last.frozen) / 1000 > FROZEN_BAD) lossy++;
      else if (received > 0 && (state.dropped - last.dropped) / received > DROPPED_BAD) slow++;
    }
    before = now;
    // A third of the videos in trouble is the receiver's trouble; a single one is its sender's.
    const enough = Math.max(1, Math.ceil(shown / 3));
    return { shown, trouble: lossy >= enough ? "bandwidth" : slow >= enough ? "performance" : undefined };
  };
}
