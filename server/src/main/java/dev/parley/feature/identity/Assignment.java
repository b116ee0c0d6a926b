package dev.parley.feature.identity;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;
import java.util.List;

/**
 * Lets a Teams principal act through the resource.
 *
 * @param principalType the word that was sent, since two spellings are in use
 * @param clientIds the applications through which a user may do so
 */
record Assignment(Id id, String principalType, List<String> clientIds) {
  /** Names one principal of one directory; guids in lower case. */
  record Id(String tenantId, String objectId) {
    PartitionKey partition(ResourceId resource) {
      return new PartitionKey(resource, "assignment:" + tenantId + "/" + objectId);
    }
  }

  Assignment {
    clientIds = List.copyOf(clientIds);
  }
}
