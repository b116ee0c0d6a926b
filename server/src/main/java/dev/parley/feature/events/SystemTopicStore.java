package dev.parley.feature.events;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import dev.parley.base.kit.Json;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Map;

/** System topics to rows and back; few, so that they are looked for among all. */
final class SystemTopicStore {
  private static final int TOPICS_MAX = 10_000;

  private record Kept(String id, Map<String, String> tags, SystemData made) {}

  static PartitionKey partition(ResourceId source) {
    return new PartitionKey(source, "system-topic");
  }

  List<SystemTopic> all(Rows rows) {
    return rows.all(
        "SELECT resource_id, detail FROM event_system_topic ORDER BY resource_id LIMIT ?",
        row -> topic(new ResourceId(row.text(1)), Json.read(row.text(2), Kept.class)),
        (long) TOPICS_MAX);
  }

  private static SystemTopic topic(ResourceId source, Kept kept) {
    var id =
        ArmId.parse(kept.id())
            .orElseThrow(() -> new IllegalStateException("A stored id cannot be read."));
    return new SystemTopic(id, source, kept.tags(), kept.made());
  }

  void put(Tx tx, SystemTopic topic) {
    tx.run(
        "INSERT INTO event_system_topic (resource_id, detail) VALUES (?, ?)"
            + " ON CONFLICT (resource_id) DO UPDATE SET detail = excluded.detail",
        topic.source().value(),
        Json.text(new Kept(topic.id().toString(), topic.tags(), topic.made())));
  }

  void delete(Tx tx, ResourceId source) {
    tx.run("DELETE FROM event_system_topic WHERE resource_id = ?", source.value());
  }
}
