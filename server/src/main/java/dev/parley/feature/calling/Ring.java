package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is called and has not answered; belongs to the call's thread.
 *
 * @param told the agents that ring
 * @param transferor who transferred the call, or null
 */
record Ring(
    String id,
    String user,
    Member inviter,
    Instant since,
    Instant until,
    String context,
    @Nullable ObjectNode customContext,
    @Nullable Member transferor,
    Set<Agent> told) {
  Ring(
      String id,
      String user,
      Member inviter,
      Instant since,
      Instant until,
      String context,
      @Nullable ObjectNode customContext,
      @Nullable Member transferor) {
    this(
        id, user, inviter, since, until, context, customContext, transferor, new LinkedHashSet<>());
  }

  /** The same, for longer. */
  Ring lasting(Instant end) {
    return new Ring(id, user, inviter, since, end, context, customContext, transferor, told);
  }
}
