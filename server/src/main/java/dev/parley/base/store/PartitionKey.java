package dev.parley.base.store;

import dev.parley.base.words.ResourceId;

/**
 * What a unit is alone with: one thread, one user, one resource's settings. Its text decides the
 * shard, so it never changes.
 *
 * @param value {@code thread:<id>}, {@code user:<raw id>} and so on; unique within the resource
 */
public record PartitionKey(ResourceId resource, String value) {
  /** Both parts in one text; no resource id holds a slash. */
  public String text() {
    return resource.value() + "/" + value;
  }
}
