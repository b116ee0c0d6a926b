package dev.parley.media.audio;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Who of a room speaks, and who is in front. The level of every voice packet goes to its {@link
 * Speaker}; decisions are made on a tick of 300 ms. Who is in front stays there through short words
 * of others and through own pauses.
 */
public final class SpeakerDetector {
  /** How often {@link #tick} decides; calls in between change nothing. */
  public static final long TICK_NANOS = 300_000_000;

  private static final long PACKET_NANOS = 20_000_000;
  private static final double ACTIVE_ON = 0.25;
  private static final double ACTIVE_OFF = 0.12;

  /** How much better a challenger must be, and for how many ticks in a row. */
  private static final double BETTER = 1.25;

  private static final int TICKS_TO_WIN = 2;

  /** What a tick found, when something changed. */
  public interface Listener {
    /** Another source is in front. */
    void dominant(int source);

    /** The sources that speak, most speech first. */
    void active(List<Integer> sources);
  }

  private final Map<Integer, Speaker> speakers = new HashMap<>();
  private final Listener listener;
  private List<Integer> active = List.of();
  private OptionalInt dominant = OptionalInt.empty();
  private int challenger;
  private int challengerTicks;
  private long ticked = Long.MIN_VALUE;

  public SpeakerDetector(Listener listener) {
    this.listener = listener;
  }

  /**
   * A source joins under an id that stays while it is here; its packets are told to the speaker.
   */
  public Speaker add(int source) {
    return speakers.computeIfAbsent(source, Speaker::new);
  }

  /** A source leaves. */
  public void remove(int source) {
    speakers.remove(source);
    if (dominant.isPresent() && dominant.getAsInt() == source) {
      dominant = OptionalInt.empty();
    }
  }

  /** Who is in front; nobody before the first one has spoken. */
  public OptionalInt dominant() {
    return dominant;
  }

  /** Who speaks, most speech first. */
  public List<Integer> active() {
    return active;
  }

  /** How loud a source is, 0 to 127; 0 when it is not here. */
  public double loudness(int source) {
    var speaker = speakers.get(source);
    return speaker == null ? 0 : speaker.loudness();
  }

  /** Decides when it is time. */
  public void tick(long now) {
    if (ticked != Long.MIN_VALUE && now - ticked < TICK_NANOS) {
      return;
    }
    ticked = now;
    for (var speaker : speakers.values()) {
      var silent = speaker.heard() == Long.MIN_VALUE ? TICK_NANOS : now - speaker.heard();
      if (silent > 4 * PACKET_NANOS) {
        speaker.silence((int) (Math.min(silent, TICK_NANOS) / PACKET_NANOS));
      }
    }
    decideActive();
    decideDominant();
  }

  /**
   * The loudest sources, for rooms in which only some voices are forwarded. Those that were chosen
   * before stay while they are about as loud, so that voices do not flicker.
   *
   * @param before what was chosen last
   */
  public List<Integer> loudest(int count, List<Integer> before) {
    return speakers.values().stream()
        .filter(speaker -> speaker.loudness() > 0.5 || before.contains(speaker.id))
        .sorted(
            Comparator.comparingDouble((Speaker speaker) ->
                    -speaker.loudness() - 20 * speaker.score() - bonus(speaker, before))
                .thenComparingInt(speaker -> speaker.id))
        .limit(count)
        .map(speaker -> speaker.id)
        .toList();
  }

  private static double bonus(Speaker speaker, List<Integer> before) {
    return before.contains(speaker.id) ? 6 : 0;
  }

  private void decideActive() {
    var now = new ArrayList<Speaker>();
    for (var speaker : speakers.values()) {
      if (speaker.score() > (active.contains(speaker.id) ? ACTIVE_OFF : ACTIVE_ON)) {
        now.add(speaker);
      }
    }
    now.sort(
        Comparator.comparingDouble((Speaker speaker) -> -speaker.score())
            .thenComparingInt(speaker -> speaker.id));
    var ids = now.stream().map(speaker -> speaker.id).toList();
    if (!ids.equals(active)) {
      active = ids;
      listener.active(ids);
    }
  }

  private void decideDominant() {
    if (active.isEmpty()) {
      challengerTicks = 0;
      return;
    }
    int best = active.getFirst();
    if (dominant.isPresent() && dominant.getAsInt() == best) {
      challengerTicks = 0;
      return;
    }
    var front = dominant.isPresent() ? speakers.get(dominant.getAsInt()) : null;
    if (front != null) {
      var bestSpeaker = speakers.get(best);
      if (bestSpeaker == null
          || !bestSpeaker.speaks()
          || bestSpeaker.score() < BETTER * front.score()) {
        challengerTicks = 0;
        return;
      }
      challengerTicks = challenger == best ? challengerTicks + 1 : 1;
      challenger = best;
      if (challengerTicks < TICKS_TO_WIN) {
        return;
      }
    }
    challengerTicks = 0;
    dominant = OptionalInt.of(best);
    listener.dominant(best);
  }
}
