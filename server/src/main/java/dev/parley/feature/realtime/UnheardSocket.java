package dev.parley.feature.realtime;

import dev.parley.base.wire.WebSocketHearer;

/** A WebSocket that is being closed: whatever it still says is not heard. */
record UnheardSocket() implements WebSocketHearer {
  @Override
  public void text(String message) {}

  @Override
  public void binary(byte[] message) {}

  @Override
  public void closed() {}
}
