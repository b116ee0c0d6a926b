package dev.parley.protocol.sms;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A delivery receipt as SMPP 3.4 appendix B writes it into the short message: {@code id:... sub:...
 * dlvrd:... submit date:... done date:... stat:... err:... text:...}. Carriers leave fields out,
 * change their order and their case; only the id and the state matter.
 *
 * @param id as the carrier writes it, which may be another base than in its answer to the submit
 * @param state {@code DELIVRD}, {@code UNDELIV} and so on, upper case
 * @param error the carrier's own error code, or empty text
 */
public record ReceiptText(String id, String state, String error) {
  private static final int CHARACTERS_MAX = 512;
  private static final Pattern ID = field("id:\\s*([^\\s]{1,64})");
  private static final Pattern STATE = field("stat:\\s*([a-z]{3,10})");
  private static final Pattern ERROR = field("err:\\s*([0-9a-z]{1,8})");

  /** Reads a receipt; empty when it has no id or no state. */
  public static Optional<ReceiptText> read(String text) {
    var looked = text.length() > CHARACTERS_MAX ? text.substring(0, CHARACTERS_MAX) : text;
    var id = group(ID, looked);
    var state = group(STATE, looked);
    if (id.isEmpty() || state.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ReceiptText(
            id.get(), state.get().toUpperCase(Locale.ROOT), group(ERROR, looked).orElse("")));
  }

  private static Optional<String> group(Pattern pattern, String text) {
    var match = pattern.matcher(text);
    return match.find() ? Optional.of(match.group(1)) : Optional.empty();
  }

  private static Pattern field(String text) {
    return Pattern.compile("(?<![a-z])" + text, Pattern.CASE_INSENSITIVE);
  }
}
