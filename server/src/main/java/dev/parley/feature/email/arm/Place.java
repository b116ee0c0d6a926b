package dev.parley.feature.email.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import java.util.Map;

/**
 * One resource of the management plane.
 *
 * @param location empty text for children that have none
 * @param properties as the contract shows them
 */
record Place(
    String id, String location, Map<String, String> tags, ObjectNode properties, SystemData made) {
  ArmId armId() {
    return ArmId.parse(id).orElseThrow(() -> new IllegalStateException("A stored id is none."));
  }

  String text(String property) {
    return properties.path(property).asText("");
  }
}
