package dev.parley.base.wire;

import java.util.List;
import java.util.function.Function;

/**
 * Answers a request by switching to the WebSocket protocol (RFC 6455).
 *
 * @param subprotocols that may be agreed on, best first; empty for none
 * @param messageBytesMax a larger message closes the connection with 1009
 * @param hearer makes the one who hears the session; it may send at once
 */
public record Upgrade(
    List<String> subprotocols,
    int messageBytesMax,
    Function<WebSocketSession, WebSocketHearer> hearer)
    implements Answer {
  public Upgrade {
    subprotocols = List.copyOf(subprotocols);
  }
}
