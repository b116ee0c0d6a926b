package dev.parley.protocol.mime;

import java.io.ByteArrayOutputStream;

/**
 * The header of a message that comes by in pieces: all before its body, the empty line included;
 * the whole message where there is none.
 */
public final class MimeHead {
  private static final int END = ('\r' << 24) | ('\n' << 16) | ('\r' << 8) | '\n';

  private final ByteArrayOutputStream header = new ByteArrayOutputStream(1 << 10);
  private int last;

  /** Takes the next piece; how many of its bytes are the header's. */
  public int add(byte[] bytes, int offset, int length) {
    var count = 0;
    while (count < length && last != END) {
      last = (last << 8) | (bytes[offset + count] & 0xff);
      count++;
    }
    header.write(bytes, offset, count);
    return count;
  }

  /** What has come of it. */
  public byte[] bytes() {
    return header.toByteArray();
  }

  /** How long the header of a whole message is. */
  public static int length(byte[] message) {
    var last = 0;
    for (var i = 0; i < message.length; i++) {
      last = (last << 8) | (message[i] & 0xff);
      if (last == END) {
        return i + 1;
      }
    }
    return message.length;
  }
}
