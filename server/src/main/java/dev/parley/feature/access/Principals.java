package dev.parley.feature.access;

import java.util.Optional;

/** Knows principals; the directory does. */
@FunctionalInterface
public interface Principals {
  /** A principal. */
  record Known(String id, String name, boolean application) {}

  /** By object id, client id or name. */
  Optional<Known> find(String idOrName);
}
