package dev.parley.base.kit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Where a text of base64 stands in a JSON document of UTF-8. Reading the document checks that it is
 * base64; the bytes are decoded when they are used, so that a large file is not in memory twice.
 *
 * @param start of its first character
 * @param end behind its last one
 * @param size of what it stands for
 */
public record Base64Text(int start, int end, int size) {
  /** Whole groups of four characters. */
  private static final int PIECE = 16 << 10;

  /** The bytes it stands for; {@code json} is the document that it was read from. */
  public ByteSource in(byte[] json) {
    return isPlain(json) ? new Decoded(json) : ByteSource.of(unescaped(json));
  }

  /** Neither escapes nor blanks, and no group ends before the last one. */
  private boolean isPlain(byte[] json) {
    var padding = 0;
    while (padding < 2 && end - padding > start && json[end - padding - 1] == '=') {
      padding++;
    }
    var length = end - start;
    return length % 4 == 0 && length / 4 * 3 - padding == size;
  }

  private byte[] unescaped(byte[] json) {
    try {
      // With its quotes.
      return Json.mapper().readValue(json, start - 1, end - start + 2, byte[].class);
    } catch (IOException e) {
      throw new IllegalStateException("The text was read as base64 before.", e);
    }
  }

  private final class Decoded implements ByteSource {
    private final byte[] json;

    Decoded(byte[] json) {
      this.json = json;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() {
      return new Pieces(json, start, end);
    }
  }

  private static final class Pieces extends InputStream {
    private final byte[] json;
    private final int end;
    private int at;
    private ByteBuffer piece = ByteBuffer.allocate(0);

    Pieces(byte[] json, int start, int end) {
      this.json = json;
      this.at = start;
      this.end = end;
    }

    private boolean isAtEnd() {
      if (!piece.hasRemaining() && at < end) {
        var length = Math.min(PIECE, end - at);
        piece = Base64.getDecoder().decode(ByteBuffer.wrap(json, at, length));
        at += length;
      }
      return !piece.hasRemaining();
    }

    @Override
    public int read() {
      return isAtEnd() ? -1 : piece.get() & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (isAtEnd()) {
        return -1;
      }
      var count = Math.min(length, piece.remaining());
      piece.get(into, offset, count);
      return count;
    }
  }

  /** Reads it without keeping the text. */
  static final class Reading extends StdDeserializer<Base64Text> {
    private static final long serialVersionUID = 1L;

    Reading() {
      super(Base64Text.class);
    }

    @Override
    public Base64Text deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Base64Text) context.handleUnexpectedToken(Base64Text.class, parser);
      }
      var quote = parser.currentTokenLocation().getByteOffset();
      var size =
          parser.readBinaryValue(context.getBase64Variant(), OutputStream.nullOutputStream());
      var end = parser.currentLocation().getByteOffset() - 1;
      if (quote < 0 || end <= quote || end > Integer.MAX_VALUE) {
        throw context.weirdStringException("", Base64Text.class, "the document is not UTF-8");
      }
      return new Base64Text((int) quote + 1, (int) end, size);
    }
  }
}
