package dev.parley.protocol.sdp;

import java.util.regex.Pattern;

/** The user name fragment and the password of one side (RFC 8839 section 5.4). */
public record IceCredentials(String fragment, String password) {
  private static final Pattern FRAGMENT = Pattern.compile("[A-Za-z0-9+/]{4,256}");
  // Some clients send base64 with its padding, or the safe alphabet.
  private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9+/=_-]{22,256}");

  static IceCredentials of(String fragment, String password) throws SdpProblem {
    if (!FRAGMENT.matcher(fragment).matches() || !PASSWORD.matcher(password).matches()) {
      throw new SdpProblem(SdpReason.NO_ICE, "No ICE user name and password, or malformed ones");
    }
    return new IceCredentials(fragment, password);
  }

  @Override
  public String toString() {
    return "IceCredentials[" + fragment + "]";
  }
}
