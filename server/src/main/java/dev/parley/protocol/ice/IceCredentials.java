package dev.parley.protocol.ice;

import java.security.SecureRandom;

/**
 * The user name fragment and the password of one side (RFC 8445 section 5.3). The password is a
 * secret, so text of this never holds it.
 */
public record IceCredentials(String fragment, String password) {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  /** New ones: 96 bits of name, so that nobody finds a peer by guessing, and 144 of password. */
  public static IceCredentials random(SecureRandom random) {
    return new IceCredentials(text(random, 16), text(random, 24));
  }

  private static String text(SecureRandom random, int length) {
    var text = new StringBuilder(length);
    for (var i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "IceCredentials[" + fragment + "]";
  }
}
