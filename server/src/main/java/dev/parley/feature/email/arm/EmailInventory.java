package dev.parley.feature.email.arm;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmInventory;
import dev.parley.base.arm.ArmResource;
import dev.parley.base.words.Caller;
import java.util.List;

/**
 * Email services, or their domains, as the rest of the management plane sees them.
 *
 * @param segments of an id of that type
 */
record EmailInventory(EmailPlaces places, String type, int segments) implements ArmInventory {
  @Override
  public List<String> versions() {
    return EmailArmHttp.VERSIONS.known();
  }

  @Override
  public List<ArmResource> list(String subscription) {
    return places.list(ArmId.ofSubscription(subscription).key(), segments).stream()
        .filter(place -> place.armId().type().equalsIgnoreCase(type))
        .map(place -> new ArmResource(place.armId(), place.location(), place.tags(), place.made()))
        .toList();
  }

  @Override
  public void delete(Caller.Principal caller, ArmId id) {
    places.delete(id);
  }
}
