package dev.parley.feature.email;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;

/**
 * One message of a resource.
 *
 * @param id the operation id, a lower-case UUID
 */
public record MessageKey(ResourceId resource, String id) {
  PartitionKey partition() {
    return new PartitionKey(resource, "email:" + id);
  }
}
