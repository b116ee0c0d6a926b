package dev.parley.feature.email.arm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.arm.SystemData;
import java.util.Map;

/** A resource as the contract shows it; what is empty is left out. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record PlaceModel(
    String id,
    String name,
    String type,
    String location,
    Map<String, String> tags,
    ObjectNode properties,
    SystemData systemData) {
  static PlaceModel of(Place place) {
    var id = place.armId();
    return new PlaceModel(
        place.id(),
        id.name(),
        id.type(),
        place.location(),
        place.tags(),
        place.properties(),
        place.made());
  }
}
