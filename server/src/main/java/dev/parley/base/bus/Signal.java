package dev.parley.base.bus;

import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ThreadId;
import java.time.Instant;

/**
 * Something worth knowing only now. Never journaled; may be dropped under pressure, and nobody may
 * depend on it.
 */
public sealed interface Signal {
  ResourceId resource();

  /** A user is typing in a thread; {@code membership} is the thread's membership version then. */
  record Typing(
      ResourceId resource,
      ThreadId thread,
      String userId,
      String senderDisplayName,
      Instant at,
      long version,
      long membership)
      implements Signal {}
}
