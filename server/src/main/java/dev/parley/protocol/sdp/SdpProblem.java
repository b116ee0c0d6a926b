package dev.parley.protocol.sdp;

/** What is wrong, on its way to the front door, which makes it a {@link SdpOutcome.Refused}. */
@SuppressWarnings("serial")
public final class SdpProblem extends Exception {
  private static final int DETAIL_MAX = 200;

  private final SdpReason reason;
  private final String detail;

  SdpProblem(SdpReason reason, String detail) {
    // A refusal is an ordinary outcome: its stack says nothing.
    super(detail, null, false, false);
    this.reason = reason;
    this.detail = detail.length() > DETAIL_MAX ? detail.substring(0, DETAIL_MAX) : detail;
  }

  SdpReason reason() {
    return reason;
  }

  String detail() {
    return detail;
  }

  /** A number within bounds. */
  static long number(String text, long min, long max, String what) throws SdpProblem {
    var number = -1L;
    if (!text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      number = Long.parseLong(text);
    }
    if (number < min || number > max) {
      throw new SdpProblem(SdpReason.BAD_NUMBER, what + " \"" + text + "\"");
    }
    return number;
  }
}
