package dev.parley.feature.chat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the units of a thread leave to each other, so that a sender's place is not asked again for
 * each message.
 *
 * @param places of users, as they were asked for
 */
record KnownThread(long version, long lastId, long lastSequence, Map<String, Place> places) {
  /** More speakers than that at a time begin anew. */
  private static final int PLACES_MAX = 64;

  /** The part of a {@link Membership} that is the user's own. */
  record Place(long shareFrom, Optional<Long> removedAt) {}

  /** What was known, and one more user; what was asked just now holds for all. */
  static KnownThread with(Optional<KnownThread> known, String userId, Membership asked) {
    var places = new HashMap<String, Place>();
    known
        .map(KnownThread::places)
        .filter(before -> before.size() < PLACES_MAX)
        .ifPresent(places::putAll);
    places.put(userId, new Place(asked.shareFrom(), asked.removedAt()));
    return new KnownThread(
        asked.version(), asked.lastId(), asked.lastSequence(), Map.copyOf(places));
  }

  Optional<Membership> membership(String userId) {
    return Optional.ofNullable(places.get(userId))
        .map(place ->
            new Membership(version, lastId, lastSequence, place.shareFrom(), place.removedAt()));
  }

  /** The same after another message. */
  KnownThread after(Message message) {
    return new KnownThread(version, message.id().value(), message.sequence(), places);
  }
}
