package dev.parley.base.wire;

import dev.parley.base.store.Erasable;
import dev.parley.base.words.Resource;
import java.util.List;
import java.util.Map;

/**
 * A room that serves callers, as the house sees it: which operations it answers, what it begins,
 * and what it keeps. The house makes features in an order of its own, starts them once all are made
 * and before the first request, and closes them in reverse.
 */
public interface Feature extends Erasable, AutoCloseable {
  /** All operations of the room. */
  List<Route> routes();

  /** Begins to hear events, and says what to do with due jobs; called once. */
  default void start() {}

  /**
   * What the room adds to the developer's environment file; called when the default resource stands
   * and every listener is open.
   *
   * @return values by variable name, none of them with a line break
   */
  default Map<String, String> environment(Resource home) {
    return Map.of();
  }

  /** What the room tells the developer when the house stands, one line each. */
  default List<String> greeting(Resource home) {
    return List.of();
  }

  /** Ends what {@link #start} began; called once. */
  @Override
  default void close() {}
}
