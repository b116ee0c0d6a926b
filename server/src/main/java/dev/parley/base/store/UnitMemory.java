package dev.parley.base.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one unit knows of its partition without asking, and what it leaves to the next one. */
final class UnitMemory {
  private @Nullable Object value;

  /** Begins with what the unit before left; null when that is nothing. */
  UnitMemory(@Nullable Object left) {
    this.value = left;
  }

  <T> Optional<T> remembered(Class<T> type) {
    return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
  }

  void remember(Object knowledge) {
    value = knowledge;
  }

  /** The partition is about to change, so that what was known may be wrong. */
  void changing() {
    value = null;
  }

  @Nullable Object left() {
    return value;
  }
}
