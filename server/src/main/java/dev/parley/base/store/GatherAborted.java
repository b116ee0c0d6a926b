package dev.parley.base.store;

/**
 * Unwinds a unit whose batch was rolled back; it will run again. An error rather than an exception,
 * so that a unit which catches exceptions does not take it for an answer.
 */
final class GatherAborted extends Error {
  private static final long serialVersionUID = 1L;

  GatherAborted() {
    super("The unit's batch was rolled back.", null, false, false);
  }
}
