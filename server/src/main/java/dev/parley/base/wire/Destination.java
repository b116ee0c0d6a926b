package dev.parley.base.wire;

import dev.parley.base.words.Refusal;
import java.util.Map;

/**
 * Where a request is going, known as soon as its head is there, so that its body has the right
 * bound.
 */
sealed interface Destination {
  /** A route, with the values of its path parameters. */
  record Found(Route route, Method method, Target target, Map<String, String> parameters)
      implements Destination {}

  /** A browser's question before a call to another origin. */
  record Preflight(Target target) implements Destination {}

  /** Nowhere. */
  record Nowhere(Refusal refusal) implements Destination {}

  /** Bytes of a body that are worth keeping. */
  default int bodyBytesMax() {
    return this instanceof Found found ? found.route().bodyBytesMax() : 0;
  }
}
