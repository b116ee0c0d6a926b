package dev.parley.feature.realtime;

import java.util.Map;

/**
 * What a client is given before it connects ({@code POST /v4/a}). {@code connectparams} come back
 * in every later query; the client caches them, and drops them one hour before {@code se}.
 */
record Allocation(
    String socketio,
    String surl,
    String url,
    String ccid,
    String id,
    String curlb,
    String ttl,
    Map<String, String> connectparams) {
  /** The path that a connection's events are addressed to; clients strip it. */
  static String path(String id) {
    return "/v4/f/" + id + "/";
  }
}
