package dev.parley.protocol.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A client's command (RFC 5321 section 4.1).
 *
 * @param verb in capitals
 * @param rest what stands behind it, without blanks around
 */
public record SmtpCommand(String verb, String rest) {
  private static final Pattern PATH =
      Pattern.compile(
          "(?i)(?:FROM|TO):\\s?<(?:@[^:>]{1,250}:)?([^<>\\p{Cntrl} ]{0,320})>((?: [^ ]{1,500}){0,20})\\s*");

  /** Address and parameters of MAIL and RCPT; the names of parameters are in capitals. */
  public record Path(String address, Map<String, String> parameters) {}

  /** Takes a line apart. */
  public static SmtpCommand parse(String line) {
    var text = line.strip();
    var blank = text.indexOf(' ');
    return blank < 0
        ? new SmtpCommand(text.toUpperCase(Locale.ROOT), "")
        : new SmtpCommand(
            text.substring(0, blank).toUpperCase(Locale.ROOT), text.substring(blank + 1).strip());
  }

  /** What MAIL or RCPT names; empty when the syntax is wrong. */
  public Optional<Path> path() {
    var match = PATH.matcher(rest);
    var wanted = verb.equals("MAIL") ? "FROM:" : "TO:";
    if (!match.matches() || !rest.regionMatches(true, 0, wanted, 0, wanted.length())) {
      return Optional.empty();
    }
    var parameters = new LinkedHashMap<String, String>();
    for (var part : match.group(2).strip().split(" ", -1)) {
      if (!part.isEmpty()) {
        var equals = part.indexOf('=');
        var name = equals < 0 ? part : part.substring(0, equals);
        var value = equals < 0 ? "" : part.substring(equals + 1);
        if (parameters.put(name.toUpperCase(Locale.ROOT), value) != null) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Path(match.group(1), parameters));
  }
}
