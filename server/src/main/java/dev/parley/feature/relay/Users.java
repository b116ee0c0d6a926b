package dev.parley.feature.relay;

import dev.parley.base.words.ResourceId;

/** Who exists; the house connects it to identity, which this room does not import. */
@FunctionalInterface
public interface Users {
  /** Whether the raw id is that of a user of the resource who is not deleted. */
  boolean exist(ResourceId resource, String userId);
}
