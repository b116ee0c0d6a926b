package dev.parley.base.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  /** Eight bytes at a time. */
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final long NOT_ASCII = 0x8080808080808080L;

  /** Of the event loop: a text is in it while it is heard. */
  private static final FastThreadLocal<byte[]> TEXT =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[LENGTH_MAX];
        }
      };

  /** Takes a text, which stands at the beginning of the bytes during the call. */
  interface Hearer {
    void heard(byte[] ascii, int length);
  }

  private final Hearer hearer;

  /** The beginning of a frame whose rest has not come. */
  private @Nullable ByteBuf begun;

  private boolean passing;

  /**
   * Stands before the decoder.
   *
   * @param hearer of such texts, on the event loop
   */
  ShortFrames(Hearer hearer) {
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
    var text = TEXT.get();
    if (first == WHOLE_TEXT
        && (head == 6 || length >= MEDIUM)
        && unmasked(in, at + head, length, text)) {
      in.skipBytes(head + length);
      hearer.heard(text, length);
    } else {
      context.fireChannelRead(in.readRetainedSlice(head + length));
    }
    return true;
  }

  /** Takes the mask away (RFC 6455 section 5.3); answers whether the text is in ASCII. */
  private static boolean unmasked(ByteBuf in, int at, int length, byte[] text) {
    in.getBytes(at, text, 0, length);
    var mask = in.getInt(at - Integer.BYTES) & 0xFFFFFFFFL;
    mask |= mask << Integer.SIZE;
    var all = 0L;
    var i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      var word = (long) WORDS.get(text, i) ^ mask;
      WORDS.set(text, i, word);
      all |= word;
    }
    for (; i < length; i++) {
      text[i] ^= (byte) (mask >>> (Integer.SIZE - Byte.SIZE - ((i & 3) << 3)));
      all |= text[i];
    }
    return (all & NOT_ASCII) == 0;
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
