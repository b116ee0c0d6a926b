package dev.parley.feature.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.wire.Request;

/**
 * The parameters of an allocation as a client brings them back; any of them may be missing or
 * changed.
 *
 * @param sr the connection
 * @param se when it is over, epoch milliseconds
 * @param sig the signature over both, the user and the endpoint
 */
record ConnectParams(String sr, String se, String sig) {
  /** Those in the authentication of a direct connection. */
  static ConnectParams of(JsonNode args) {
    var params = args.path("connectparams");
    return new ConnectParams(
        params.path("sr").asText(), params.path("se").asText(), params.path("sig").asText());
  }

  static ConnectParams of(Request request) {
    return new ConnectParams(
        request.query("sr").orElse(""),
        request.query("se").orElse(""),
        request.query("sig").orElse(""));
  }
}
