package dev.parley.feature.events;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.words.ResourceId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a subscription is found by.
 *
 * @param name in lower case, since names match in any case
 */
record SubscriptionKey(ResourceId resource, String name) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{3,64}");

  static Optional<SubscriptionKey> of(ResourceId resource, String name) {
    return NAME.matcher(name).matches()
        ? Optional.of(new SubscriptionKey(resource, name.toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  PartitionKey partition() {
    return new PartitionKey(resource, "subscription:" + name);
  }
}
