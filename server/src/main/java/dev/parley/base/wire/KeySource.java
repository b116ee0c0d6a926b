package dev.parley.base.wire;

import java.io.IOException;
import java.net.URI;

/**
 * Fetches the key set of an outside issuer; the house gives the guarded client for outgoing calls.
 */
@FunctionalInterface
public interface KeySource {
  /**
   * The document behind an https address, within the bounds of the client.
   *
   * @throws IOException when it cannot be had now
   */
  byte[] fetch(URI address) throws IOException;
}
