package dev.parley.feature.calling;

/** A client's request that is not done; becomes the {@code error} of its answer. */
final class CallProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient EndReason reason;

  CallProblem(EndReason reason) {
    // An answer and no fault, so no stack trace is worth its cost.
    super(reason.message(), null, false, false);
    this.reason = reason;
  }

  static CallProblem malformed(String message) {
    return new CallProblem(EndReason.client(400, 0, message));
  }

  static CallProblem forbidden(String message) {
    return new CallProblem(EndReason.client(403, 0, message));
  }

  static CallProblem conflict(String message) {
    return new CallProblem(EndReason.client(409, 0, message));
  }

  static CallProblem lacking(String message) {
    return new CallProblem(EndReason.expected(501, 0, message));
  }

  EndReason reason() {
    return reason;
  }
}
