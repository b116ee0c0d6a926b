package dev.parley.base.wire;

import java.util.Map;

/** The same without native libraries. */
class HttpServerNioTest extends HttpServerTest {
  @Override
  Map<String, String> settings() {
    return Map.of("native.transport", "false", "native.tls", "false");
  }
}
