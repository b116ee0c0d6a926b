package dev.parley.feature.events;

import java.time.Duration;

/**
 * How an attempt ended.
 *
 * @param status of the answer; 0 when there was none
 * @param request method, address and headers, without secrets and without the body
 * @param answer status and headers of the answer, bounded; empty when there was none
 */
record Outcome(Kind kind, int status, Duration took, String request, String answer) {
  /** What follows from it. */
  enum Kind {
    DELIVERED("Delivered"),
    /** The endpoint refused it in a way that time does not heal. */
    REFUSED("Refused"),
    /** Another attempt may succeed. */
    FAILED("Failed"),
    /** No whole answer came in time, so the endpoint may have the events all the same. */
    UNCERTAIN("TimedOut"),
    /** The endpoint was not reached. */
    UNREACHABLE("Unreachable");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  boolean delivered() {
    return kind == Kind.DELIVERED;
  }
}
