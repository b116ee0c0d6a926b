package dev.parley.media.control;

import dev.parley.media.control.Demand.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Distributes what a connection carries among the streams that its viewer wants: first the smallest
 * layer to everyone in order of priority, then more, class by class. Down goes a stream at once; up
 * only when there has been room for a while, and later each time that it came down again soon. The
 * first stream is never paused.
 */
public final class Allocator {
  private static final long RISE_AFTER_MIN = Nanos.SECOND;
  private static final long RISE_AFTER_MAX = 8 * Nanos.SECOND;
  private static final long REGRETTED = 10 * Nanos.SECOND;

  /** Room that a higher layer must find beyond its rate, since rates are not constant. */
  private static final double HEADROOM = 1.15;

  private static final int PAUSED = -1;

  /** What a stream gets; no layer means that it is paused. */
  public record Choice(int stream, Optional<Layer> layer) {}

  /** What became of a stream so far. */
  private static final class State {
    int step = PAUSED;
    boolean isNew = true;
    long roomSince = Long.MIN_VALUE;
    long raised = Long.MIN_VALUE;
    long riseAfter = RISE_AFTER_MIN;
  }

  private final Map<Integer, State> states = new HashMap<>();

  /** What all streams take at their best: what probing should aim at. */
  public static long wanted(List<Demand> demands) {
    return demands.stream().mapToLong(Demand::bitsPerSecond).sum();
  }

  /**
   * Chooses, in the order of the demands.
   *
   * @param bitsPerSecond what there is for these streams, without voice
   */
  public List<Choice> choose(List<Demand> demands, long bitsPerSecond, long now) {
    states.keySet().retainAll(demands.stream().map(Demand::stream).toList());
    var ideal = ideal(demands, bitsPerSecond);
    var choices = new ArrayList<Choice>();
    for (var demand : demands) {
      var state = state(demand);
      settle(state, ideal.getOrDefault(demand.stream(), PAUSED), now);
      choices.add(
          new Choice(
              demand.stream(),
              state.step == PAUSED
                  ? Optional.empty()
                  : Optional.of(demand.layers().get(state.step))));
    }
    return choices;
  }

  private Map<Integer, Integer> ideal(List<Demand> demands, long bitsPerSecond) {
    var steps = new HashMap<Integer, Integer>();
    // A stable sort: among equals the order of the demands.
    var ordered = demands.stream().sorted(Comparator.comparing(Demand::priority)).toList();
    double left = bitsPerSecond;
    for (var demand : ordered) {
      if (steps.isEmpty() && !demand.layers().isEmpty()) {
        // Who gets nothing at all gives no sign of how much could come through.
        left -= cost(demand, 0);
        steps.put(demand.stream(), 0);
      } else {
        left -= raise(demand, steps, left);
      }
    }
    for (var priority : Demand.Priority.values()) {
      var changed = true;
      while (changed) {
        changed = false;
        for (var demand : ordered) {
          if (demand.priority() == priority) {
            var taken = raise(demand, steps, left);
            left -= taken;
            changed |= taken > 0;
          }
        }
      }
    }
    return steps;
  }

  /** Raises a stream by one step if it fits. Returns what that takes. */
  private double raise(Demand demand, Map<Integer, Integer> steps, double left) {
    int step = steps.getOrDefault(demand.stream(), PAUSED);
    if (step + 1 >= demand.layers().size()) {
      return 0;
    }
    var more = cost(demand, step + 1) - cost(demand, step);
    if (more > left) {
      return 0;
    }
    steps.put(demand.stream(), step + 1);
    // A step that costs nothing must still count as one.
    return Math.max(more, Double.MIN_NORMAL);
  }

  private double cost(Demand demand, int step) {
    if (step == PAUSED) {
      return 0;
    }
    var state = state(demand);
    var rate = demand.layers().get(step).bitsPerSecond();
    return step <= state.step || state.isNew ? rate : HEADROOM * rate;
  }

  private State state(Demand demand) {
    return states.computeIfAbsent(demand.stream(), _ -> new State());
  }

  private static void settle(State state, int ideal, long now) {
    if (state.isNew) {
      state.isNew = false;
      state.step = ideal;
      return;
    }
    if (ideal < state.step) {
      if (state.raised != Long.MIN_VALUE && now - state.raised < REGRETTED) {
        state.riseAfter = Math.min(2 * state.riseAfter, RISE_AFTER_MAX);
      }
      state.step = ideal;
      state.roomSince = Long.MIN_VALUE;
      return;
    }
    if (state.raised != Long.MIN_VALUE && now - state.raised > 2 * REGRETTED) {
      state.riseAfter = RISE_AFTER_MIN;
    }
    if (ideal == state.step) {
      state.roomSince = Long.MIN_VALUE;
      return;
    }
    if (state.roomSince == Long.MIN_VALUE) {
      state.roomSince = now;
    }
    if (now - state.roomSince >= state.riseAfter) {
      state.step = ideal;
      state.raised = now;
      state.roomSince = Long.MIN_VALUE;
    }
  }
}
