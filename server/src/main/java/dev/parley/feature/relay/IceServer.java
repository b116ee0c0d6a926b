package dev.parley.feature.relay;

import java.util.List;

/**
 * An entry of WebRTC's {@code iceServers}.
 *
 * @param urls {@code stun:} and {@code turn:} addresses (RFC 7064, RFC 7065)
 * @param username of the credential, which holds the second at which it ends
 */
public record IceServer(
    List<String> urls, String username, String credential, RouteType routeType) {
  public IceServer {
    urls = List.copyOf(urls);
  }

  @Override
  public String toString() {
    return "IceServer[urls=" + urls + ", username=" + username + "]";
  }
}
