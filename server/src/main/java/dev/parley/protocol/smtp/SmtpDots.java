package dev.parley.protocol.smtp;

import java.io.IOException;

/**
 * The transparency of DATA (RFC 5321 section 4.5.2): writes a message piece by piece so that none
 * of its lines ends it early. Bare CR and LF become CRLF.
 */
public final class SmtpDots {
  private static final byte[] DOT = {'.'};
  private static final byte[] LINE_END = {'\r', '\n'};

  private final Sink sink;
  private boolean atLineStart = true;

  /** A CR that ended a piece, and is not written yet. */
  private boolean holdsCr;

  /** Takes bytes. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  public SmtpDots(Sink sink) {
    this.sink = sink;
  }

  /** Writes the next piece of the message. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    var end = offset + length;
    var start = offset;
    for (var i = offset; i < end; i++) {
      var next = bytes[i];
      if (holdsCr) {
        holdsCr = false;
        endLine();
        if (next == '\n') {
          start = i + 1;
          continue;
        }
      }
      if (atLineStart && next == '.') {
        pass(bytes, start, i);
        pass(DOT, 0, 1);
        start = i;
      }
      atLineStart = false;
      if (next == '\r' && i + 1 == end) {
        pass(bytes, start, i);
        start = end;
        holdsCr = true;
      } else if (next == '\r' && bytes[i + 1] == '\n') {
        i++;
        atLineStart = true;
      } else if (next == '\r' || next == '\n') {
        pass(bytes, start, i);
        start = i + 1;
        endLine();
      }
    }
    pass(bytes, start, end);
  }

  /** Writes the end: what the server waits for to take the message. */
  public void end() throws IOException {
    if (holdsCr || !atLineStart) {
      endLine();
    }
    holdsCr = false;
    pass(DOT, 0, 1);
    endLine();
  }

  private void endLine() throws IOException {
    pass(LINE_END, 0, LINE_END.length);
    atLineStart = true;
  }

  private void pass(byte[] bytes, int start, int end) throws IOException {
    if (end > start) {
      sink.take(bytes, start, end - start);
    }
  }
}
