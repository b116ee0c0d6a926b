package dev.parley.feature.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Metadata in requests and answers: an object of text values. */
final class Metadata {
  private Metadata() {}

  /** Metadata of something new; null values are left out. */
  static Map<String, String> given(@Nullable JsonNode node) {
    return node == null || node.isNull() ? Map.of() : patch(node).applied(Map.of());
  }

  /** Metadata of a merge patch; empty where nothing is said about them. */
  static Optional<MetadataPatch> patched(@Nullable JsonNode node) {
    if (node == null) {
      return Optional.empty();
    }
    return Optional.of(node.isNull() ? new MetadataPatch(true, Map.of()) : patch(node));
  }

  private static MetadataPatch patch(JsonNode node) {
    if (!node.isObject()) {
      throw ChatProblems.badMetadata();
    }
    var values = new HashMap<String, Optional<String>>();
    for (var entry : node.properties()) {
      var value = entry.getValue();
      if (!value.isNull() && !value.isTextual()) {
        throw ChatProblems.badMetadata();
      }
      values.put(entry.getKey(), value.isNull() ? Optional.empty() : Optional.of(value.asText()));
    }
    return new MetadataPatch(false, values);
  }

  static JsonNode json(Map<String, String> metadata) {
    return Json.mapper().valueToTree(new TreeMap<>(metadata));
  }
}
