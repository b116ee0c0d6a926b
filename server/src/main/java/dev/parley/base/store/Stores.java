package dev.parley.base.store;

import dev.parley.base.words.ResourceId;

/** Which store holds a resource: one store today; a data location may choose another later. */
@FunctionalInterface
public interface Stores {
  Store of(ResourceId resource);
}
