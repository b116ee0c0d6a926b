package dev.parley.media;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a track can be had.
 *
 * @param size which picture it is, counted over sources and spatial layers from the smallest, 0
 * @param spatial the highest spatial layer of the source, {@link LayerFilter#ALL} for all
 * @param temporal the highest temporal layer, {@link LayerFilter#ALL} for all
 * @param bitsPerSecond what it takes
 */
record LayerChoice(Receiver receiver, int size, int spatial, int temporal, long bitsPerSecond) {
  private static final Comparator<Receiver> BY_RATE =
      Comparator.comparingLong(receiver -> receiver.statistics.bitsPerSecond);

  /** The ways in which a track can be had now, smallest first; each takes more than the last. */
  static List<LayerChoice> of(@Nullable Track track, long now) {
    if (track == null) {
      return List.of();
    }
    var choices = new ArrayList<LayerChoice>();
    var most = 0L;
    var size = 0;
    for (var receiver :
        track.receivers.stream().filter(one -> one.isActive(now)).sorted(BY_RATE).toList()) {
      var rates = receiver.layers;
      for (var s = 0; s <= rates.spatialTop(); s++) {
        for (var t = 0; t <= rates.temporalTop(); t++) {
          var isTop = s == rates.spatialTop() && t == rates.temporalTop();
          var rate = isTop ? receiver.statistics.bitsPerSecond : rates.bitsPerSecond(s, t);
          // A larger picture that takes less than a smaller one is still taking its first key
          // frame.
          if (rate > most || isTop) {
            most = Math.max(most, rate);
            choices.add(
                new LayerChoice(
                    receiver,
                    size,
                    s == rates.spatialTop() ? LayerFilter.ALL : s,
                    t == rates.temporalTop() ? LayerFilter.ALL : t,
                    most));
          }
        }
        size++;
      }
    }
    return choices;
  }
}
