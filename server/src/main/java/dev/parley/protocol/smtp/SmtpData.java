package dev.parley.protocol.smtp;

import dev.parley.base.kit.GrowingBytes;
import java.io.IOException;

/**
 * Takes a message in, byte by byte, until CRLF, a dot and CRLF. Only that ends it: a bare CR or LF
 * marks the message as broken, since servers that take one for the end of a line see other messages
 * than we do (SMTP smuggling, RFC 5321 section 2.3.8).
 */
public final class SmtpData {
  private enum State {
    LINE_START,
    DOT,
    DOT_CR,
    TEXT,
    CR
  }

  private final int bytesMax;
  private final int keptMax;
  private final GrowingBytes message;
  private State state = State.LINE_START;
  private boolean bare;
  private boolean tooLarge;
  private long received;
  private int size;

  /**
   * Takes at most so many bytes.
   *
   * @param keptMax how many of them anybody looks at; the rest is read and dropped
   * @param announced how many the client says that there are, which need not be true; 0 when it
   *     does not say
   */
  public SmtpData(int bytesMax, int keptMax, long announced) {
    this.bytesMax = bytesMax;
    this.keptMax = keptMax;
    this.message = new GrowingBytes(Math.min(announced, keptMax));
  }

  /** Gives bytes, or -1 at the end. */
  @FunctionalInterface
  public interface Source {
    int read() throws IOException;
  }

  /**
   * Reads to the end of the message; what is too large is read and dropped.
   *
   * @return false when the connection ended first, or when far more came than is ever taken
   */
  public boolean readFrom(Source source) throws IOException {
    while (true) {
      var next = source.read();
      if (next < 0 || ++received > 4L * bytesMax + (1 << 20)) {
        return false;
      }
      if (takes(next)) {
        return true;
      }
    }
  }

  /** True at the end. */
  private boolean takes(int next) {
    switch (state) {
      case LINE_START -> {
        if (next == '.') {
          state = State.DOT;
        } else {
          text(next);
        }
      }
      case DOT -> {
        if (next == '\r') {
          state = State.DOT_CR;
        } else {
          // The dot was put there for transparency.
          text(next);
        }
      }
      case DOT_CR -> {
        if (next == '\n') {
          return true;
        }
        bare = true;
        put('\r');
        text(next);
      }
      case TEXT -> text(next);
      case CR -> {
        if (next == '\n') {
          put('\r');
          put('\n');
          state = State.LINE_START;
        } else {
          bare = true;
          put('\r');
          text(next);
        }
      }
    }
    return false;
  }

  private void text(int next) {
    if (next == '\r') {
      state = State.CR;
      return;
    }
    if (next == '\n') {
      bare = true;
    }
    state = State.TEXT;
    put(next);
  }

  private void put(int next) {
    if (size >= bytesMax) {
      tooLarge = true;
      return;
    }
    size++;
    if (size <= keptMax) {
      message.add((byte) next);
    }
  }

  /** Whether a CR or LF stood alone. */
  public boolean isBroken() {
    return bare;
  }

  public boolean isTooLarge() {
    return tooLarge;
  }

  /** What is kept of the message, with CRLF; it is given away, so that it is in memory once. */
  public byte[] takeMessage() {
    return message.take();
  }
}
