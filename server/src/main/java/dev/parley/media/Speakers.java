package dev.parley.media;

import java.util.List;
import java.util.Optional;

/**
 * Who of a room speaks, found from the audio levels that senders put into their packets (RFC 6464).
 *
 * @param dominant the stream that is in front: it stays there through short words of others and
 *     through its own pauses; empty before the first one has spoken
 * @param active the streams that speak now, most speech first
 */
public record Speakers(Optional<String> dominant, List<String> active) {
  /** Nobody has spoken yet. */
  public static final Speakers NOBODY = new Speakers(Optional.empty(), List.of());

  public Speakers {
    active = List.copyOf(active);
  }
}
