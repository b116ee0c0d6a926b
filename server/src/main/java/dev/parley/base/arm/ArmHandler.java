package dev.parley.base.arm;

import dev.parley.base.wire.Response;

/** Answers a management call that passed every check of {@link Arm}. */
@FunctionalInterface
public interface ArmHandler {
  /**
   * The answer.
   *
   * @throws dev.parley.base.words.Refusal in the resource manager's words
   */
  Response handle(ArmCall call);
}
