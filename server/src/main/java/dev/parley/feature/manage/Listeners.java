package dev.parley.feature.manage;

import dev.parley.base.words.ResourceId;

/** Opens and closes a resource's own TLS listener; the edge does it. */
public interface Listeners {
  /**
   * Listens for the resource.
   *
   * @param port 0 for any free port
   * @return the port it listens on
   */
  int open(ResourceId resource, int port);

  /** Stops listening; open connections are closed. */
  void close(ResourceId resource);
}
