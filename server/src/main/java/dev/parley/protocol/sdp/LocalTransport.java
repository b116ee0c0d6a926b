package dev.parley.protocol.sdp;

import java.util.List;

/**
 * Where and as whom we listen.
 *
 * @param candidates what stands behind {@code a=candidate:} (RFC 8839 section 5.1)
 * @param session an id of the session, the same in every description of one connection
 * @param version counts the descriptions of one connection
 */
public record LocalTransport(
    IceCredentials ice,
    Fingerprint fingerprint,
    List<String> candidates,
    long session,
    int version) {
  public LocalTransport {
    candidates = List.copyOf(candidates);
  }

  String origin() {
    return "- " + session + " " + version + " IN IP4 127.0.0.1";
  }
}
