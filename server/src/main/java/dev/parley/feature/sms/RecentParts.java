package dev.parley.feature.sms;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the ids of carriers' newest answers belong. Most receipts come soon after, and need not be
 * looked for in the store. Used by the recorder's thread alone.
 */
final class RecentParts {
  private static final int MAX = 20_000;

  /** A segment, and whom its message was for. */
  record Recent(PartPlace place, String recipient) {}

  private final Map<String, Recent> recent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Recent> eldest) {
          return size() > MAX;
        }
      };

  /** Of two segments with the same id the newer one counts. */
  void put(SenderKey key, Queued message, String carrier, String carrierId) {
    var id = CarrierIds.stored(carrierId);
    var name = name(carrier, id);
    recent.remove(name);
    recent.put(
        name,
        new Recent(new PartPlace(key, message.messageId(), carrier, id), message.recipient()));
  }

  /** The segment with an id of which a carrier writes in whichever base. */
  Optional<Recent> find(String carrier, String carrierId) {
    return CarrierIds.candidates(carrierId).stream()
        .map(id -> recent.get(name(carrier, id)))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static String name(String carrier, String id) {
    return carrier + '\n' + id;
  }
}
