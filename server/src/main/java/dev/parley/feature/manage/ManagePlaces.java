package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmLock;
import dev.parley.base.arm.ArmPlaces;
import dev.parley.base.words.ResourceId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What there is, as the plumbing of every management plane asks for it. */
public final class ManagePlaces implements ArmPlaces {
  private final Resources resources;
  private final Places places;

  public ManagePlaces(Resources resources) {
    this.resources = resources;
    this.places = resources.places();
  }

  @Override
  public boolean hasSubscription(String subscription) {
    return places.subscription(subscription).isPresent();
  }

  @Override
  public List<ArmId> subscriptions() {
    return places.subscriptions().stream().map(one -> ArmId.ofSubscription(one.id())).toList();
  }

  @Override
  public boolean hasGroup(ArmId group) {
    return places.group(group).isPresent();
  }

  @Override
  public Optional<ResourceId> communicationService(ArmId id) {
    return resources.register().find(id).map(entry -> entry.resource().id());
  }

  @Override
  public Optional<ArmId> idOf(ResourceId resource) {
    return resources.register().idOf(resource);
  }

  @Override
  public List<ArmId> linkedDomains(ResourceId resource) {
    return resources.entries().stream()
        .filter(entry -> entry.resource().id().equals(resource))
        .flatMap(entry -> entry.stored().settings().linkedDomains().stream())
        .flatMap(text -> ArmId.parse(text).stream())
        .toList();
  }

  @Override
  public Optional<ArmId> linkedTo(ArmId domain) {
    return resources.entries().stream()
        .map(entry -> entry.stored().settings())
        .filter(settings ->
            settings.linkedDomains().stream()
                .flatMap(text -> ArmId.parse(text).stream())
                .anyMatch(domain::equals))
        .map(ServiceSettings::id)
        .findFirst();
  }

  @Override
  public Optional<ArmLock> lock(ArmId scope) {
    return strictest(lock -> scope.within(lock.scope()));
  }

  @Override
  public Optional<ArmLock> lockOnDelete(ArmId scope) {
    return strictest(lock -> scope.within(lock.scope()) || lock.scope().within(scope));
  }

  private Optional<ArmLock> strictest(Predicate<Places.Lock> matters) {
    return places.locks().stream()
        .filter(matters)
        .map(lock -> new ArmLock(lock.scope(), lock.name(), lock.level().equals("ReadOnly")))
        .max(Comparator.comparing(ArmLock::readOnly));
  }
}
