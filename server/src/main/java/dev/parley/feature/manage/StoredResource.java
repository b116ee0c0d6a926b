package dev.parley.feature.manage;

import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.Map;

/**
 * A resource as the store keeps it.
 *
 * @param port local port of its own listener, or 0
 */
record StoredResource(
    ResourceId id,
    String name,
    int port,
    Instant createdOn,
    Map<KeySlot, AccessKey> keys,
    ServiceSettings settings,
    ResourceState state) {
  /** The word of a connection string, ready to paste. */
  static String connectionString(Resource resource, AccessKey key) {
    return "endpoint=%s/;accesskey=%s".formatted(resource.endpoint(), key.secret().revealBase64());
  }

  StoredResource with(ServiceSettings changed) {
    return new StoredResource(id, name, port, createdOn, keys, changed, state);
  }
}
