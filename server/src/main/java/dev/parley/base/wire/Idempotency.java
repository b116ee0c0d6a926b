package dev.parley.base.wire;

/** What repeating a request means (behaviour.md section 4 of the contracts). */
public enum Idempotency {
  /** Reads and operations whose repeat changes nothing more. */
  NATURAL,
  /** A repeat is a new effect. */
  NONE,
  /** {@code repeatability-request-id} alone is honoured. */
  REQUEST_ID,
  /** {@code repeatability-request-id} with {@code repeatability-first-sent}, both validated. */
  REQUEST_ID_AND_DATE
}
