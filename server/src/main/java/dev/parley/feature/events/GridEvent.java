package dev.parley.feature.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An event as receivers get it. Its JSON is made once for all subscriptions of a schema; nobody
 * changes {@code data}.
 */
final class GridEvent {
  private final EventRef ref;
  private final String id;
  private final String topic;
  private final String type;
  private final String subject;
  private final Instant time;
  private final ObjectNode data;
  private final Map<DeliverySchema, byte[]> written = new ConcurrentHashMap<>(2);

  /**
   * An event.
   *
   * @param topic id of the communication service in the management plane
   * @param time when it happened, in service time
   */
  GridEvent(
      EventRef ref,
      String id,
      String topic,
      String type,
      String subject,
      Instant time,
      ObjectNode data) {
    this.ref = ref;
    this.id = id;
    this.topic = topic;
    this.type = type;
    this.subject = subject;
    this.time = time;
    this.data = data;
  }

  EventRef ref() {
    return ref;
  }

  String id() {
    return id;
  }

  String topic() {
    return topic;
  }

  String type() {
    return type;
  }

  String subject() {
    return subject;
  }

  Instant time() {
    return time;
  }

  ObjectNode data() {
    return data;
  }

  /** The event as one JSON object. */
  byte[] json(DeliverySchema schema) {
    return written.computeIfAbsent(schema, wanted -> Json.bytes(node(wanted)));
  }

  ObjectNode node(DeliverySchema schema) {
    var node = Json.mapper().createObjectNode();
    node.put("id", id);
    switch (schema) {
      case EVENT_GRID -> {
        node.put("topic", topic);
        node.put("subject", subject);
        node.set("data", data);
        node.put("eventType", type);
        node.put("dataVersion", DeliverySchema.DATA_VERSION);
        node.put("metadataVersion", DeliverySchema.METADATA_VERSION);
        node.put("eventTime", time.toString());
      }
      case CLOUD_EVENTS -> {
        node.put("source", topic);
        node.put("specversion", "1.0");
        node.put("type", type);
        node.put("subject", subject);
        node.put("time", time.toString());
        node.put("datacontenttype", "application/json");
        node.set("data", data);
      }
    }
    return node;
  }
}
