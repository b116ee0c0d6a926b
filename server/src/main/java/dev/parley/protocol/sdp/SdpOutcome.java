package dev.parley.protocol.sdp;

/** What came of a negotiation: something agreed, or a refusal that says why. */
public sealed interface SdpOutcome<T> {
  /** It worked. */
  record Agreed<T>(T value) implements SdpOutcome<T> {}

  /**
   * It did not.
   *
   * @param detail for the log and for whoever wrote the description; holds no secret
   */
  record Refused<T>(SdpReason reason, String detail) implements SdpOutcome<T> {}

  /** A step that may find a problem. */
  interface Step<T> {
    T run() throws SdpProblem;
  }

  /** Runs a step and makes its problem a refusal. */
  static <T> SdpOutcome<T> of(Step<T> step) {
    try {
      return new Agreed<>(step.run());
    } catch (SdpProblem problem) {
      return new Refused<>(problem.reason(), problem.detail());
    }
  }
}
