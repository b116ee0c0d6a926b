package dev.parley.feature.events;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One request to an endpoint.
 *
 * @param id rises with time within the subscription; microseconds since the epoch
 * @param count how often these events were tried before
 * @param ids which events, in the form of {@link #ids(List)}
 */
record Attempt(long id, Outcome outcome, int count, int events, String ids) {
  /** So many ids are written out; beyond, journal positions say which events a request held. */
  private static final int IDS_MAX = 16;

  Instant at() {
    return Instant.ofEpochSecond(id / 1_000_000, id % 1_000_000 * 1_000);
  }

  /** Ids between commas; {@code shard:position} and {@code shard:first-last} for many events. */
  static String ids(List<GridEvent> events) {
    if (events.size() <= IDS_MAX) {
      return events.stream().map(GridEvent::id).collect(Collectors.joining(","));
    }
    var text = new StringBuilder();
    var first = events.getFirst().ref();
    var last = first;
    for (var event : events) {
      var ref = event.ref();
      if (ref.shard().equals(last.shard())
          && ref.position() >= last.position()
          && ref.position() <= last.position() + 1) {
        last = ref;
      } else {
        append(text, first, last);
        first = ref;
        last = ref;
      }
    }
    append(text, first, last);
    return text.toString();
  }

  private static void append(StringBuilder text, EventRef first, EventRef last) {
    if (!text.isEmpty()) {
      text.append(',');
    }
    text.append(first.shard().number()).append(':').append(first.position());
    if (last.position() != first.position()) {
      text.append('-').append(last.position());
    }
  }

  /** Whether the request held the event, or another one of the same journal row. */
  boolean mayHold(String eventId, EventRef ref) {
    for (var part : ids.split(",", -1)) {
      if (part.equals(eventId) || spans(part, ref)) {
        return true;
      }
    }
    return false;
  }

  private static boolean spans(String part, EventRef ref) {
    var colon = part.indexOf(':');
    if (colon < 0 || !part.substring(0, colon).equals(Integer.toString(ref.shard().number()))) {
      return false;
    }
    var dash = part.indexOf('-', colon);
    var first = Long.parseLong(part.substring(colon + 1, dash < 0 ? part.length() : dash));
    var last = dash < 0 ? first : Long.parseLong(part.substring(dash + 1));
    return ref.position() >= first && ref.position() <= last;
  }
}
