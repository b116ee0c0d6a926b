package dev.parley.base.arm;

import java.util.Map;

/** A tracked resource, as lists of resources of any type show it. */
public record ArmResource(ArmId id, String location, Map<String, String> tags, SystemData made) {
  public ArmResource {
    tags = Map.copyOf(tags);
  }
}
