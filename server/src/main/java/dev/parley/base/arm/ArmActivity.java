package dev.parley.base.arm;

import dev.parley.base.words.Caller;

/** Keeps the activity log: who changed what, and who looked at keys. */
@FunctionalInterface
public interface ArmActivity {
  /**
   * One change, or an attempt at one.
   *
   * @param operation the operation's id
   * @param status HTTP status of the answer
   * @param code of the refusal, or empty text
   * @param requestId id of the HTTP request
   */
  record Entry(
      Caller.Principal caller,
      ArmId scope,
      String action,
      String operation,
      int status,
      String code,
      String requestId) {}

  /** Is durable when it returns. */
  void record(Entry entry);
}
