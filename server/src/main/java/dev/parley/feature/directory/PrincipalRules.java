package dev.parley.feature.directory;

import java.net.URI;
import java.util.regex.Pattern;

/** What names, passwords and redirects may be. */
final class PrincipalRules {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._@-]{1,120}");
  private static final int PASSWORD_MIN = 12;
  private static final int PASSWORD_MAX = 256;
  private static final int REDIRECT_MAX = 500;

  private PrincipalRules() {}

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw DirectoryProblems.badName();
    }
  }

  static void checkPassword(String password) {
    if (password.length() < PASSWORD_MIN || password.length() > PASSWORD_MAX) {
      throw DirectoryProblems.badPassword();
    }
  }

  /** Https, or http on the caller's own machine (RFC 8252 section 7.3). */
  static void checkRedirect(String address) {
    try {
      var uri = URI.create(address);
      var local = "localhost".equals(uri.getHost()) || "127.0.0.1".equals(uri.getHost());
      if (uri.getHost() != null
          && uri.getFragment() == null
          && address.length() <= REDIRECT_MAX
          && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && local))) {
        return;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw DirectoryProblems.badRedirect();
  }
}
