package dev.parley.feature.manage;

import dev.parley.base.store.Store;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Chooses a resource's store by its data location. */
public final class Placement implements Stores {
  private final Function<ResourceId, Optional<String>> locations;
  private final Map<String, Store> byLocation;
  private final Store rest;

  /**
   * A placement.
   *
   * @param locations data location of a resource
   * @param byLocation stores of particular locations
   * @param rest store of all others, and of the house
   */
  public Placement(
      Function<ResourceId, Optional<String>> locations, Map<String, Store> byLocation, Store rest) {
    this.locations = locations;
    this.byLocation =
        byLocation.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    entry -> entry.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    this.rest = rest;
  }

  @Override
  public Store of(ResourceId resource) {
    if (byLocation.isEmpty()) {
      return rest;
    }
    return locations
        .apply(resource)
        .map(location -> byLocation.get(location.toLowerCase(Locale.ROOT)))
        .orElse(rest);
  }
}
