package dev.parley.feature.realtime;

import dev.parley.base.wire.WebSocketSession;

/** Packets as text frames of a WebSocket, one each. */
record SocketTransport(WebSocketSession session) implements LinkTransport {
  private static final int NORMAL = 1000;

  @Override
  public boolean queue(byte[]... pieces) {
    return session.queue(pieces);
  }

  @Override
  public boolean queuePatiently(byte[]... pieces) {
    return session.queuePatiently(pieces);
  }

  @Override
  public void flush() {
    session.flush();
  }

  @Override
  public void close(String reason) {
    session.close(NORMAL, reason);
  }

  @Override
  public String name() {
    return "websocket";
  }
}
