package dev.parley.base.words;

import java.time.Instant;

/**
 * Service time: what retention, leases, due jobs and message ids go by. Tests may move it for one
 * resource. Signatures, TLS and sockets go by real time instead ({@link java.time.InstantSource},
 * called edge time here).
 */
@FunctionalInterface
public interface ServiceClock {
  /** Service time of the resource; may step back when the machine's clock does. */
  Instant now(ResourceId resource);
}
