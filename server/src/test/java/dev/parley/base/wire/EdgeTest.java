package dev.parley.base.wire;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests of one edge that all methods of a class share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeTest {
  EdgeFixture edge;

  /** What this class starts every edge with. */
  Map<String, String> settings() {
    return Map.of();
  }

  @BeforeAll
  void start() {
    edge = new EdgeFixture(settings());
  }

  @AfterAll
  void stop() {
    edge.close();
  }

  /** Another edge, with further settings. */
  EdgeFixture edgeWith(Map<String, String> more) {
    var all = new HashMap<>(settings());
    all.putAll(more);
    return new EdgeFixture(all);
  }

  RawReply ask(RawRequest request) throws IOException {
    return edge.ask(request);
  }

  RawReply get(String target) throws IOException {
    return ask(RawRequest.get(target));
  }
}
