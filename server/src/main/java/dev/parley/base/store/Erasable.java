package dev.parley.base.store;

import dev.parley.base.words.ResourceId;

/**
 * A room that keeps rows of resources and can lose all of one, when the resource is reset or
 * deleted.
 */
@FunctionalInterface
public interface Erasable {
  /**
   * Removes everything of the resource that this room keeps, in bounded units; does it again
   * without harm.
   */
  void eraseAll(ResourceId resource);
}
