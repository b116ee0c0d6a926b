package dev.parley.base.words;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Finds resources and their keys, from memory; safe on every thread. The management feature keeps
 * it.
 */
public interface ResourceDirectory {
  /**
   * By host name without port, in any case. Names nobody knows give the default resource or
   * nothing, by profile.
   */
  Optional<Resource> byHost(String host);

  /** By the local port of a listener that belongs to one resource. */
  Optional<Resource> byPort(int port);

  /** By id; empty once the resource is deleted. */
  Optional<Resource> byId(ResourceId id);

  /** The current secret in a slot; empty when the resource is gone. */
  Optional<AccessKey> key(ResourceId id, KeySlot slot);

  /**
   * The house as a resource of its own, with the public address that links of the management plane
   * are built from.
   */
  default Resource house() {
    return Resource.HOUSE;
  }

  /** Whether the resource takes signatures by access key ({@code disableLocalAuth} is off). */
  default boolean takesKeys(ResourceId id) {
    return true;
  }

  /** Whether the resource may be called from that address ({@code publicNetworkAccess}). */
  default boolean admits(ResourceId id, InetAddress from) {
    return true;
  }
}
