package dev.parley.feature.email;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Addresses of mailboxes: what is one (RFC 5321 and 6531, without quotes and literals), and their
 * parts.
 */
public final class Addresses {
  private static final int ADDRESS_MAX = 254;
  private static final int LOCAL_MAX = 64;

  /** What stands for bytes that are no UTF-8: another address than was meant. */
  private static final int BROKEN = 0xfffd;

  /** Dot-atoms, with letters beyond ASCII. */
  private static final Pattern LOCAL =
      Pattern.compile(
          "[\\w!#$%&'*+/=?^`{|}~\\-\\x{80}-\\x{10FFFF}]+(?:\\.[\\w!#$%&'*+/=?^`{|}~\\-\\x{80}-\\x{10FFFF}]+)*");

  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  private Addresses() {}

  /** Whether mail can be sent to it. */
  public static boolean isAddress(String text) {
    var at = text.lastIndexOf('@');
    if (at < 1 || at > LOCAL_MAX || text.length() > ADDRESS_MAX) {
      return false;
    }
    return LOCAL.matcher(text.substring(0, at)).matches()
        && isVisible(text)
        && DOMAIN.matcher(ascii(text.substring(at + 1))).matches();
  }

  private static boolean isVisible(String text) {
    return text.codePoints()
        .noneMatch(c ->
            Character.isISOControl(c)
                || c == BROKEN
                || Character.isWhitespace(c)
                || Character.getType(c) == Character.FORMAT
                || Character.getType(c) == Character.UNASSIGNED);
  }

  /** What stands behind the @, lower-case, in the form that DNS knows. */
  public static String domain(String address) {
    return ascii(address.substring(address.lastIndexOf('@') + 1)).toLowerCase(Locale.ROOT);
  }

  /** What stands before the @. */
  public static String local(String address) {
    return address.substring(0, Math.max(0, address.lastIndexOf('@')));
  }

  /** The form in which addresses are compared: in lower case throughout. */
  public static String folded(String address) {
    return local(address).toLowerCase(Locale.ROOT) + "@" + domain(address);
  }

  private static String ascii(String domain) {
    try {
      return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
