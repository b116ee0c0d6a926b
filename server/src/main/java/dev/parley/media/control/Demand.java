package dev.parley.media.control;

import java.util.List;

/**
 * A stream that a viewer wants.
 *
 * @param stream an id that stays
 * @param layers what the stream can be had in and the viewer has use for, smallest first
 */
public record Demand(int stream, Priority priority, List<Layer> layers) {
  /** Who is served first. */
  public enum Priority {
    /** Text that cannot be read is worth nothing. */
    SCREEN,
    /** The viewer chose it. */
    PINNED,
    /** Who speaks. */
    SPEAKER,
    OTHER
  }

  /**
   * A combination of layers.
   *
   * @param bitsPerSecond of all that must be sent for it
   */
  public record Layer(int spatialId, int temporalId, long bitsPerSecond) {}

  public Demand {
    layers = List.copyOf(layers);
  }

  /** What the best layer takes. */
  public long bitsPerSecond() {
    return layers.isEmpty() ? 0 : layers.getLast().bitsPerSecond();
  }
}
