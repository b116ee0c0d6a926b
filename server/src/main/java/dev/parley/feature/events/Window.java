package dev.parley.feature.events;

/**
 * How many requests to one endpoint are open at once: more while it answers, fewer when it fails,
 * one when it is silent. So a dead endpoint holds one connection, whatever waits for it.
 */
final class Window {
  private static final int BEGINNING = 4;
  private static final int SINGLE_MAX = 32;
  private static final int BATCHES_MAX = 4;

  /** After so many failures in a row new events wait, and the endpoint is only looked at. */
  private static final int FAILURES_MAX = 10;

  private static final int BATCH_FAILURES_MAX = 3;

  private final int max;
  private final int failuresMax;
  private int size;
  private int failures;

  Window(boolean batches) {
    max = batches ? BATCHES_MAX : SINGLE_MAX;
    failuresMax = batches ? BATCH_FAILURES_MAX : FAILURES_MAX;
    size = BEGINNING;
  }

  int size() {
    return size;
  }

  /** Failures in a row. */
  int failures() {
    return failures;
  }

  /** Failures since the endpoint is believed dead, at least one. */
  int failuresShut() {
    return Math.max(1, failures - failuresMax + 1);
  }

  /** Whether the endpoint is believed dead. */
  boolean shut() {
    return failures >= failuresMax;
  }

  /** Notes an answer that took the events. */
  void succeeded() {
    size = shut() ? 1 : Math.min(max, size + 1);
    failures = 0;
  }

  /**
   * Notes a failure.
   *
   * @param silent whether there was no answer at all
   */
  void failed(boolean silent) {
    size = silent ? 1 : Math.max(1, size / 2);
    failures++;
  }
}
