package dev.parley.media;

/** What came of an offer. */
public sealed interface MediaJoin {
  /**
   * The peer may come.
   *
   * @param session names the connection from now on; nobody can guess it
   * @param answer the SDP answer
   */
  record Joined(String session, String answer) implements MediaJoin {}

  /**
   * The offer is not one that can be answered.
   *
   * @param malformed whether it is broken, and not only of no use here
   * @param detail for whoever wrote it
   */
  record Unacceptable(boolean malformed, String detail) implements MediaJoin {}

  /** There is no room for one more. */
  record Full() implements MediaJoin {}
}
