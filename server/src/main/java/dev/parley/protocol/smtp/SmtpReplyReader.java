package dev.parley.protocol.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts the lines of a reply together, at most so many; not for more than one reply. */
public final class SmtpReplyReader {
  /** Characters of a line that are looked at. */
  public static final int LINE_MAX = 2000;

  private static final int LINES_MAX = 100;

  private final List<String> lines = new ArrayList<>();

  /**
   * Takes the next line.
   *
   * @return the reply once it is whole
   * @throws IllegalArgumentException when this is no SMTP
   */
  public Optional<SmtpReply> add(String line) {
    if (!line.matches("(?s)[2-5]\\d\\d(?:[ -].*)?") || lines.size() >= LINES_MAX) {
      throw new IllegalArgumentException(
          "no reply: " + line.substring(0, Math.min(80, line.length())));
    }
    lines.add(line.length() > 4 ? line.substring(4) : "");
    var more = line.length() > 3 && line.charAt(3) == '-';
    return more
        ? Optional.empty()
        : Optional.of(new SmtpReply(Integer.parseInt(line.substring(0, 3)), List.copyOf(lines)));
  }
}
