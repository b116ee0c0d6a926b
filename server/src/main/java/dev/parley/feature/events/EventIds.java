package dev.parley.feature.events;

import dev.parley.base.store.Shard;
import dev.parley.base.words.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * Ids of events: UUIDs of version 8 (RFC 9562) that are the same whenever the journal row is read,
 * so that receivers recognise what comes twice, and that say where the row is.
 *
 * <p>48 bits of position, 12 bits of shard, 62 bits of a hash over resource, type and subject.
 */
final class EventIds {
  private static final long POSITION_MASK = (1L << 48) - 1;
  private static final long VERSION = 8L << 12;
  private static final long VARIANT = 1L << 63;

  private EventIds() {}

  static String of(ResourceId resource, EventRef ref, String type, String subject) {
    var high = (ref.position() & POSITION_MASK) << 16 | VERSION | (ref.shard().number() & 0xfff);
    var low = (hash(resource.value() + "\n" + type + "\n" + subject) >>> 2) | VARIANT;
    return new UUID(high, low).toString();
  }

  /** Where the row of an id is; empty when the text is no id of an event. */
  static Optional<EventRef> ref(String id) {
    if (id.length() != 36) {
      return Optional.empty();
    }
    try {
      var uuid = UUID.fromString(id);
      return uuid.version() == 8
          ? Optional.of(
              new EventRef(
                  new Shard((int) (uuid.getMostSignificantBits() & 0xfff)),
                  uuid.getMostSignificantBits() >>> 16))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** FNV-1a, whose values never change. */
  private static long hash(String text) {
    var hash = 0xcbf29ce484222325L;
    for (var octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
