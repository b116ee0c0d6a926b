// Comparing an event field by field: neither a field too many nor one too few.

import assert from "node:assert/strict";

/** Asserts that the event has exactly these fields; a function is a check that answers true. */
export function same(event, expected) {
  assert.deepEqual(Object.keys(event).sort(), Object.keys(expected).sort(), JSON.stringify(event));
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === "function") assert.ok(value(event[name]), `${name} is ${JSON.stringify(event[name])}`);
    else assert.deepEqual(event[name], value, name);
  }
}

/** A time within the last minute. */
export function recent(time) {
  return time instanceof Date && Math.abs(Date.now() - time) < 60_000;
}

/** A version: a number in text. */
export function version(text) {
  return /^\d+$/.test(text);
}
