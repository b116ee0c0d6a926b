package dev.parley.base.kit;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by {@code int} keys, with no object made by a lookup. Grows; a bound is its owner's
 * affair. Not thread-safe.
 */
public final class IntMap<V> {
  private int[] keys = new int[8];
  private @Nullable Object[] values = new @Nullable Object[8];
  private int size;

  /** The value, or null. */
  @SuppressWarnings("unchecked")
  public @Nullable V get(int key) {
    return (V) values[slot(key)];
  }

  /** Sets the value; what stood there is gone. */
  public void put(int key, V value) {
    var slot = slot(key);
    if (values[slot] == null) {
      if (++size * 2 > values.length) {
        grow();
        slot = slot(key);
      }
      keys[slot] = key;
    }
    values[slot] = value;
  }

  /** Removes the value, if there is one. */
  public void remove(int key) {
    var hole = slot(key);
    if (values[hole] == null) {
      return;
    }
    values[hole] = null;
    size--;
    // What was pushed past the hole moves up, so that it is found again.
    var mask = values.length - 1;
    for (var at = hole + 1 & mask; values[at] != null; at = at + 1 & mask) {
      var home = home(keys[at], mask);
      if ((at - home & mask) >= (at - hole & mask)) {
        keys[hole] = keys[at];
        values[hole] = values[at];
        values[at] = null;
        hole = at;
      }
    }
  }

  public int size() {
    return size;
  }

  /** Every value, in no order; the map stays as it is meanwhile. */
  @SuppressWarnings("unchecked")
  public void forEach(Consumer<V> action) {
    for (var value : values) {
      if (value != null) {
        action.accept((V) value);
      }
    }
  }

  private int slot(int key) {
    var mask = values.length - 1;
    var at = home(key, mask);
    while (values[at] != null && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private static int home(int key, int mask) {
    return ((key * 0x9E3779B9) >>> 7) & mask;
  }

  private void grow() {
    var oldKeys = keys;
    var oldValues = values;
    keys = new int[oldKeys.length * 2];
    values = new @Nullable Object[oldValues.length * 2];
    for (var i = 0; i < oldValues.length; i++) {
      if (oldValues[i] != null) {
        var slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
