package dev.parley.base.kit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read more than once, and need not be in memory whole. */
public interface ByteSource {
  /** How many there are. */
  long size();

  /** Reads them from the first on; the caller closes it. */
  InputStream open() throws IOException;

  /** All of them. */
  default byte[] whole() throws IOException {
    try (var in = open()) {
      return in.readAllBytes();
    }
  }

  /** Bytes at hand. */
  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }

      @Override
      public byte[] whole() {
        return bytes;
      }
    };
  }
}
