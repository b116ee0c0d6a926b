package dev.parley.feature.email.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What PUT and PATCH take. */
record PlaceBody(
    @Nullable String location,
    @Nullable Map<String, @Nullable String> tags,
    @Nullable ObjectNode properties) {
  String text(String property) {
    var given = properties;
    return given == null || !given.path(property).isTextual() ? "" : given.path(property).asText();
  }
}
