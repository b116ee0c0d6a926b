package dev.parley.base.wire;

import io.netty.buffer.ByteBuf;

/** A text message as one unmasked frame (RFC 6455 section 5.2). */
final class WebSocketFraming implements Outbox.Framing {
  static final WebSocketFraming TEXT = new WebSocketFraming();
  private static final int WHOLE_TEXT = 0x81;
  private static final int SHORT_MAX = 125;
  private static final int MEDIUM_MAX = 0xFFFF;

  private WebSocketFraming() {}

  @Override
  public int bytes(int length) {
    if (length <= SHORT_MAX) {
      return length + 2;
    }
    return length + (length <= MEDIUM_MAX ? 4 : 10);
  }

  @Override
  public void begin(ByteBuf out, int length) {
    out.writeByte(WHOLE_TEXT);
    if (length <= SHORT_MAX) {
      out.writeByte(length);
    } else if (length <= MEDIUM_MAX) {
      out.writeByte(126).writeShort(length);
    } else {
      out.writeByte(127).writeLong(length);
    }
  }

  @Override
  public void end(ByteBuf out) {}
}
