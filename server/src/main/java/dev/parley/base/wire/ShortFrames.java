package dev.parley.base.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what almost all frames of clients are: whole, short, text in ASCII (RFC 6455 section 5.2).
 * Receipts come in such, one for each event and receiver, so they are most of what a busy server
 * reads. Other whole short frames go to the decoder behind this one by themselves; from the first
 * long frame or fragment on everything does.
 */
final class ShortFrames extends ChannelInboundHandlerAdapter {
  private static final int WHOLE = 0x80;
  private static final int WHOLE_TEXT = 0x81;
  private static final int MASKED = 0x80;
  private static final int MEDIUM = 126;
  private static final int LENGTH_MAX = 1_024;

  private final Consumer<String> hearer;

  /** The beginning of a frame whose rest has not come. */
  private @Nullable ByteBuf begun;

  private boolean passing;

  /**
   * Stands before the decoder.
   *
   * @param hearer of such texts, on the event loop
   */
  ShortFrames(Consumer<String> hearer) {
    this.hearer = hearer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (passing || !(message instanceof ByteBuf fresh)) {
      context.fireChannelRead(message);
      return;
    }
    var in = joined(fresh);
    try {
      var more = true;
      while (more && in.isReadable()) {
        more = take(context, in);
      }
      if (in.isReadable() && passing) {
        context.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
      } else if (in.isReadable()) {
        begun = context.alloc().buffer(in.readableBytes()).writeBytes(in);
      }
    } finally {
      in.release();
    }
  }

  private ByteBuf joined(ByteBuf fresh) {
    var before = begun;
    if (before == null) {
      return fresh;
    }
    begun = null;
    try {
      return before.writeBytes(fresh);
    } finally {
      fresh.release();
    }
  }

  /** Takes one frame; answers whether another one may follow. */
  private boolean take(ChannelHandlerContext context, ByteBuf in) {
    var at = in.readerIndex();
    var readable = in.readableBytes();
    if (readable < 2) {
      return false;
    }
    var first = in.getUnsignedByte(at);
    var second = in.getUnsignedByte(at + 1);
    var length = second & 0x7F;
    var head = 6;
    if (length == MEDIUM) {
      if (readable < 4) {
        return false;
      }
      length = in.getUnsignedShort(at + 2);
      head = 8;
    }
    // A length of 127 announces a long one; an opcode of 0 is the end of a fragmented message.
    if (first <= WHOLE || second < MASKED || second == 0xFF || length > LENGTH_MAX) {
      passing = true;
      return false;
    }
    if (readable < head + length) {
      return false;
    }
    var text =
        first == WHOLE_TEXT && (head == 6 || length >= MEDIUM)
            ? ascii(in, at + head, length)
            : Optional.<String>empty();
    if (text.isPresent()) {
      in.skipBytes(head + length);
      hearer.accept(text.get());
    } else {
      context.fireChannelRead(in.readRetainedSlice(head + length));
    }
    return true;
  }

  private static Optional<String> ascii(ByteBuf in, int at, int length) {
    var mask = in.getInt(at - 4);
    var bytes = new byte[length];
    in.getBytes(at, bytes);
    var all = 0;
    for (var i = 0; i < length; i++) {
      bytes[i] ^= (byte) (mask >>> (24 - ((i & 3) << 3)));
      all |= bytes[i];
    }
    return all < 0 ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    var before = begun;
    begun = null;
    if (before != null) {
      before.release();
    }
  }
}
