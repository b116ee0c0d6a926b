package dev.parley.feature.sms;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;

/** A sender of a resource; everything that it sent and received lies in its partition. */
record SenderKey(ResourceId resource, String sender) {
  PartitionKey partition() {
    return new PartitionKey(resource, "sms:" + sender);
  }
}
