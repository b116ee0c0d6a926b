package dev.parley.base.arm;

import java.util.Optional;

/** Statuses of long-running operations; durable, and forgotten after a day. */
public interface ArmStatuses {
  /** Why an operation failed. */
  record Failure(String code, String message) {}

  /**
   * An operation begins.
   *
   * @return its id: a GUID
   */
  String begin(ArmId resource);

  /** It ended, well without a failure. An id that nobody knows is passed over. */
  void end(String id, Optional<Failure> failure);
}
