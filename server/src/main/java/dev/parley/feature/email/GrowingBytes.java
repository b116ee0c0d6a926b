package dev.parley.feature.email;

import java.io.ByteArrayOutputStream;

/**
 * Collects bytes whose number is nearly known, without a copy at the end when the guess was exact.
 */
final class GrowingBytes extends ByteArrayOutputStream {
  GrowingBytes(int guess) {
    super(guess);
  }

  byte[] bytes() {
    return count == buf.length ? buf : toByteArray();
  }
}
