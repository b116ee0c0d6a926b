package dev.parley.feature.events;

/**
 * What became of a subscription's events so far.
 *
 * @param delivered events that an endpoint took
 * @param failed attempts that did not deliver
 * @param uncertain events that were sent again although the endpoint may have had them
 * @param dead events that were given up and written as dead letters
 * @param dropped events that were given up without a place for dead letters
 */
record Counts(long delivered, long failed, long uncertain, long dead, long dropped) {
  static final Counts NONE = new Counts(0, 0, 0, 0, 0);

  Counts plus(Counts other) {
    return new Counts(
        delivered + other.delivered,
        failed + other.failed,
        uncertain + other.uncertain,
        dead + other.dead,
        dropped + other.dropped);
  }
}
