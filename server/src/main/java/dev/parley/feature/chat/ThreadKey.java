package dev.parley.feature.chat;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ThreadId;
import java.util.Base64;

/** A thread of a resource: the partition that everything of the thread lies in. */
record ThreadKey(ResourceId resource, ThreadId id) {
  /** The thread named by the bytes, 32 of them. */
  static ThreadKey of(ResourceId resource, byte[] bytes) {
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return new ThreadKey(resource, new ThreadId("19:acsV1_" + text + "@thread.v2"));
  }

  static ThreadKey of(PartitionKey partition) {
    return new ThreadKey(
        partition.resource(), new ThreadId(partition.value().substring("thread:".length())));
  }

  PartitionKey partition() {
    return new PartitionKey(resource, "thread:" + id.value());
  }
}
