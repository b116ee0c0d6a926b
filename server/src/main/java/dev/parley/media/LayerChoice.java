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
  /**
   * The layers of a track are made of the same pictures: one that is so long behind another is no
   * longer made.
   */
  private static final long BEHIND_NANOS = 800_000_000L;

  private static final Comparator<Receiver> BY_RATE =
      Comparator.comparingLong(receiver -> receiver.statistics.bitsPerSecond);

  /**
   * The ways in which a track can be had now, smallest first; each takes more than the last.
   *
   * @param described whether the viewer is told which frame is of which layer, see {@link
   *     LayerFilter}
   */
  static List<LayerChoice> of(@Nullable Track track, boolean described, long now) {
    if (track == null) {
      return List.of();
    }
    var choices = new ArrayList<LayerChoice>();
    var most = 0L;
    var size = 0;
    for (var receiver : alive(track, now)) {
      var rates = receiver.layers;
      var top = LayerFilter.isFlat(receiver.codec(), described) ? 0 : rates.spatialTop();
      for (var s = 0; s <= top; s++) {
        for (var t = 0; t <= rates.temporalTop(); t++) {
          var isTop = s == top && t == rates.temporalTop();
          var isAll = isTop && s == rates.spatialTop();
          var rate = isAll ? receiver.statistics.bitsPerSecond : rates.bitsPerSecond(s, t);
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

  private static List<Receiver> alive(Track track, long now) {
    var latest = Long.MIN_VALUE;
    for (var receiver : track.receivers) {
      if (receiver.isActive(now)) {
        latest = Math.max(latest, receiver.pictureNanos());
      }
    }
    var since = latest - BEHIND_NANOS;
    return track.receivers.stream()
        .filter(one -> one.isActive(now) && one.pictureNanos() > since)
        .sorted(BY_RATE)
        .toList();
  }
}
