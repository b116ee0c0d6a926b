package dev.parley.media;

/** Who is told about a connection. Called on the media core's thread, so it must not wait. */
@FunctionalInterface
public interface ConnectionHearer {
  /** Nothing has come for ten seconds, not even a check: an ICE restart may bring it back. */
  void silent();
}
