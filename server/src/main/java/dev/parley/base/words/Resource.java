package dev.parley.base.words;

import java.net.URI;

/**
 * One communication resource (a tenant): everything stored belongs to exactly one.
 *
 * @param name unique on this server, also the first label of its host name
 * @param endpoint public base URL without a trailing slash; absolute links are built from it, since
 *     Java clients drop the port from {@code Host}
 */
public record Resource(ResourceId id, String name, URI endpoint) {
  /** The house where nobody knows its public address yet. */
  public static final Resource HOUSE =
      new Resource(ResourceId.HOUSE, "house", URI.create("https://localhost"));
}
