package dev.parley.feature.relay;

import java.time.Instant;
import java.util.List;

/**
 * Relays to use until a time.
 *
 * @param iceServers empty where the operator has no relay
 */
public record RelayConfiguration(Instant expiresOn, List<IceServer> iceServers) {
  public RelayConfiguration {
    iceServers = List.copyOf(iceServers);
  }
}
