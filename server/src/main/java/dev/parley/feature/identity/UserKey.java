package dev.parley.feature.identity;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;

/**
 * A user of one resource.
 *
 * @param id raw id, {@code 8:acs:<resource guid>_<user guid>} for users made here
 */
record UserKey(ResourceId resource, String id) {
  PartitionKey partition() {
    return new PartitionKey(resource, "user:" + id);
  }
}
