package dev.parley.base.arm;

import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;

/** What there is: subscriptions, resource groups, their locks, and communication services. */
public interface ArmPlaces {
  /** Whether there is such a subscription. */
  boolean hasSubscription(String subscription);

  /** All subscriptions. */
  List<ArmId> subscriptions();

  /** Whether there is such a group, which may be deleted right now. */
  boolean hasGroup(ArmId group);

  /** The communication service of that id. */
  Optional<ResourceId> communicationService(ArmId id);

  /** The id of a communication service. */
  Optional<ArmId> idOf(ResourceId resource);

  /** The email domains that a communication service may send from. */
  List<ArmId> linkedDomains(ResourceId resource);

  /** A communication service that the email domain is linked to, if there is one. */
  Optional<ArmId> linkedTo(ArmId domain);

  /** The strictest lock at the scope or above it. */
  Optional<ArmLock> lock(ArmId scope);

  /** A lock at the scope, above it or below it: what stands in the way of deleting the scope. */
  Optional<ArmLock> lockOnDelete(ArmId scope);
}
