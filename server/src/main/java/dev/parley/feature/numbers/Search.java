package dev.parley.feature.numbers;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A search and the numbers that it holds.
 *
 * @param found what was found; empty while it is looked for
 */
record Search(String id, State state, SearchWish wish, Optional<Found> found, Instant expiresOn) {
  /** What became of it. */
  enum State {
    RUNNING,
    HELD,
    PURCHASED,
    ENDED
  }

  /**
   * What the inventory gave.
   *
   * @param cost of one number a month; empty when no number was found
   */
  record Found(List<String> numbers, Optional<Cost> cost) {}

  Search with(State after) {
    return new Search(id, after, wish, found, expiresOn);
  }
}
