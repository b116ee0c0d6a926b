package dev.parley.base.words;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param next opaque position of the following page; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {
  /**
   * A page of what was asked for with one item more than its size.
   *
   * @param position of what follows on the last item of the page
   */
  public static <T> Page<T> of(List<T> found, int size, Function<T, String> position) {
    if (found.size() <= size) {
      return new Page<>(found, Optional.empty());
    }
    var items = found.subList(0, size);
    return new Page<>(items, Optional.of(position.apply(items.getLast())));
  }
}
