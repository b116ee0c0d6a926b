package dev.parley.base.wire;

/** Answers one request, with blocking code on a virtual thread. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers the request.
   *
   * @throws dev.parley.base.words.Refusal for the caller's mistakes; anything else thrown is our
   *     bug and becomes a 500
   */
  Answer handle(Request request);
}
