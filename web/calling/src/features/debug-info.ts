import type { DebugInfoCallClientFeature, EnvironmentInfo, PropertyChangedEvent } from "../api/index.js";
import { Emitter } from "../call/emitter.js";
import { environment } from "../environment.js";
import { subscriptions } from "./feature.js";

const LOCK = "parley-calling:";
/** Milliseconds between two looks at other tabs. */
const LOOK_INTERVAL = 2_000;

/** The environment, and whether another tab of this origin uses calls too: each client with this feature holds a lock of the browser while it lives. */
export function debugInfo(): DebugInfoCallClientFeature {
  const emitter = new Emitter<{ isCallClientActiveInAnotherTabChanged: PropertyChangedEvent }>();
  const own = LOCK + Math.random().toString(36).slice(2);
  let another = false;
  let release: () => void = () => {};
  const subscribed = subscriptions(() => release());

  const locks = globalThis.navigator?.locks;
  if (locks) {
    // Web Locks end with their page, so that a crashed tab does not count for ever.
    locks.request(own, { mode: "shared" }, () => new Promise<void>((resolve) => (release = resolve))).catch(() => undefined);
    const look = async () => {
      const { held } = await locks.query();
      const now = held?.some((lock) => lock.name?.startsWith(LOCK) && lock.name !== own) ?? false;
      if (now === another) return;
      another = now;
      emitter.emit("isCallClientActiveInAnotherTabChanged");
    };
    void look().catch(() => undefined);
    const timer = setInterval(() => void look().catch(() => undefined), LOOK_INTERVAL);
    subscribed.add(() => clearInterval(timer));
  }

  return {
    name: "DebugInfo",
    getEnvironmentInfo: async (): Promise<EnvironmentInfo> => environment(),
    get isCallClientActiveInAnotherTab() {
      return another;
    },
    on: emitter.on,
    off: emitter.off,
    dispose: subscribed.end,
  };
}
