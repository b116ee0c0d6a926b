package dev.parley.protocol.dkim;

import java.security.MessageDigest;

/**
 * The hash of a body as it comes by, in relaxed canonicalisation (RFC 6376 section 3.4.4): blanks
 * shrink to one, none at the end of a line, no empty lines at the end.
 */
public final class DkimBody {
  private static final int ROOM = 4 << 10;

  private final MessageDigest digest = DkimSigner.sha256();
  private final byte[] canonical = new byte[ROOM];
  private int count;
  private int emptyLines;
  private boolean isBlank;
  private boolean hasText;
  private boolean isAfterCr;

  /** Takes the next bytes of the body. */
  public void add(byte[] bytes, int offset, int length) {
    for (var i = offset; i < offset + length; i++) {
      var next = bytes[i];
      if (isAfterCr) {
        isAfterCr = false;
        if (next == '\n') {
          endLine();
          continue;
        }
        text((byte) '\r');
      }
      switch (next) {
        case '\r' -> isAfterCr = true;
        case ' ', '\t' -> isBlank = true;
        default -> text(next);
      }
    }
  }

  private void text(byte next) {
    for (; emptyLines > 0; emptyLines--) {
      put((byte) '\r');
      put((byte) '\n');
    }
    if (isBlank) {
      put((byte) ' ');
      isBlank = false;
    }
    hasText = true;
    put(next);
  }

  private void endLine() {
    isBlank = false;
    if (hasText) {
      put((byte) '\r');
      put((byte) '\n');
      hasText = false;
    } else {
      emptyLines++;
    }
  }

  private void put(byte next) {
    if (count == ROOM) {
      digest.update(canonical, 0, count);
      count = 0;
    }
    canonical[count++] = next;
  }

  /** The hash of the whole; nothing can be added any more. */
  public byte[] hash() {
    if (isAfterCr) {
      text((byte) '\r');
    }
    if (hasText) {
      endLine();
    }
    digest.update(canonical, 0, count);
    return digest.digest();
  }
}
