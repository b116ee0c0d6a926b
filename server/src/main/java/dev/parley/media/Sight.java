package dev.parley.media;

import dev.parley.media.control.Demand;

/**
 * How a viewer looks at a stream of video.
 *
 * @param lines the height at which it is shown, in pixels; 0 when that is not known
 * @param linesFull the height of the best layer that is sent, in pixels
 * @param priority who is served first when not everything fits
 */
public record Sight(int lines, int linesFull, Demand.Priority priority) {
  /** As large as it comes, after what matters more. */
  static final Sight WHOLE = new Sight(0, 720, Demand.Priority.OTHER);

  /**
   * How many of the layers are of use, smallest first: the first that is as high as what is shown
   * is the last one.
   *
   * @param layers how many there are, each half as high as the next
   */
  int layersOfUse(int layers) {
    if (lines == 0) {
      return layers;
    }
    var use = 1;
    while (use < layers && (linesFull >> (layers - use)) < lines) {
      use++;
    }
    return use;
  }
}
