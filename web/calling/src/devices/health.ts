import type { MediaDiagnosticType } from "../api/index.js";
import type { Unsubscribe } from "../call/internal.js";

type Health = (diagnostic: MediaDiagnosticType, isBad: boolean) => void;

const listeners = new Set<Health>();

/** Tells the diagnostics of all calls of the page how a device fares. */
export function tellHealth(diagnostic: MediaDiagnosticType, isBad: boolean): void {
  for (const listener of [...listeners]) listener(diagnostic, isBad);
}

export function onHealth(listener: Health): Unsubscribe {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
