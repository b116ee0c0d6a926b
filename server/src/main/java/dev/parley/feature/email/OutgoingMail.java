package dev.parley.feature.email;

import dev.parley.base.kit.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A message as it leaves, read piece by piece.
 *
 * @param fields header fields that stand before those of the message, signatures among them
 * @param message with CRLF
 * @param headerHasLetters whether there are letters beyond ASCII in the header
 * @param bodyHasLetters whether there are some in the body
 */
public record OutgoingMail(
    byte[] fields, ByteSource message, boolean headerHasLetters, boolean bodyHasLetters) {
  private static final int PIECE = 64 << 10;

  /** Takes pieces. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  public long size() {
    return fields.length + message.size();
  }

  /** Reads it from its first byte to its last. */
  public void writeTo(Sink sink) throws IOException {
    sink.take(fields, 0, fields.length);
    pass(message, sink);
  }

  /** In one array. */
  public byte[] whole() throws IOException {
    var whole = new ByteArrayOutputStream((int) size());
    writeTo(whole::write);
    return whole.toByteArray();
  }

  static void pass(ByteSource message, Sink sink) throws IOException {
    var piece = new byte[Math.clamp(message.size(), 1, PIECE)];
    try (var in = message.open()) {
      for (var count = in.read(piece); count >= 0; count = in.read(piece)) {
        sink.take(piece, 0, count);
      }
    }
  }
}
