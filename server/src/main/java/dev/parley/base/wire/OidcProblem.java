package dev.parley.base.wire;

/** Why a token of an outside issuer proves nothing; the words are for the log. */
public final class OidcProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unavailable;

  private OidcProblem(String why, boolean unavailable) {
    super(why, null, false, false);
    this.unavailable = unavailable;
  }

  /** The token is wrong. */
  static OidcProblem invalid(String why) {
    return new OidcProblem(why, false);
  }

  /** The issuer's keys cannot be had now. */
  static OidcProblem unavailable(String why) {
    return new OidcProblem(why, true);
  }

  /** Whether another try may help, since the issuer's keys could not be had. */
  public boolean unavailable() {
    return unavailable;
  }

  /** The explanation. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
