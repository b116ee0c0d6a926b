package dev.parley.protocol.smtp;

import java.io.IOException;

/** The transparency of DATA (RFC 5321 section 4.5.2). */
public final class SmtpDots {
  private SmtpDots() {}

  /** Takes bytes. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  /**
   * Writes a message with CRLF so that none of its lines ends it early, and then the end. Bare CR
   * and LF become CRLF.
   */
  public static void write(byte[] message, Sink sink) throws IOException {
    var start = 0;
    var lineStart = true;
    for (var i = 0; i < message.length; i++) {
      var next = message[i];
      if (lineStart && next == '.') {
        sink.take(message, start, i - start);
        sink.take(new byte[] {'.'}, 0, 1);
        start = i;
      }
      lineStart = next == '\n';
      var bareLf = next == '\n' && (i == 0 || message[i - 1] != '\r');
      var bareCr = next == '\r' && (i + 1 == message.length || message[i + 1] != '\n');
      if (bareLf || bareCr) {
        sink.take(message, start, i - start);
        sink.take(new byte[] {'\r', '\n'}, 0, 2);
        start = i + 1;
        lineStart = true;
      }
    }
    sink.take(message, start, message.length - start);
    var ended =
        message.length >= 1
            && (message[message.length - 1] == '\n' || message[message.length - 1] == '\r');
    var end = ended ? new byte[] {'.', '\r', '\n'} : new byte[] {'\r', '\n', '.', '\r', '\n'};
    sink.take(end, 0, end.length);
  }
}
