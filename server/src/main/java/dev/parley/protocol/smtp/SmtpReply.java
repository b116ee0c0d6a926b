package dev.parley.protocol.smtp;

import java.util.List;

/** What a server answers (RFC 5321 section 4.2). */
public record SmtpReply(int code, List<String> lines) {
  /** Whether it did what it was told. */
  public boolean isDone() {
    return code >= 200 && code < 300;
  }

  /** Whether the same may work later. */
  public boolean isTransient() {
    return code >= 400 && code < 500;
  }

  /** Whether another try is pointless. */
  public boolean isPermanent() {
    return code >= 500;
  }

  /** Code and words in one line. */
  public String text() {
    return code + " " + String.join(" ", lines);
  }

  /**
   * The enhanced status code that the words begin with (RFC 2034), such as {@code 5.1.1}, or empty
   * text.
   */
  public String enhanced() {
    if (lines.isEmpty()) {
      return "";
    }
    var first = lines.getFirst();
    var blank = first.indexOf(' ');
    var word = blank < 0 ? first : first.substring(0, blank);
    return word.matches("[245]\\.\\d{1,3}\\.\\d{1,3}") ? word : "";
  }
}
