package dev.parley.base.kit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A bounded copy of what is kept elsewhere; the least recently used entry makes room. Safe on every
 * thread.
 *
 * <p>A change is told by {@link #forget}, never by putting the new value: of two changes the later
 * one could be put first. What was read before a change is not remembered after it.
 */
public final class LruCache<K, V> {
  private static final int STRIPES = 32;

  /** A part of the keys behind a lock of its own. */
  private static final class Stripe<K, V> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, V> entries;
    private long changes;

    Stripe(int entriesMax) {
      entries =
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
              return size() > entriesMax;
            }
          };
    }
  }

  private final List<Stripe<K, V>> stripes = new ArrayList<>();

  /** A copy of at most about so many entries. */
  public LruCache(int entriesMax) {
    for (var i = 0; i < STRIPES; i++) {
      stripes.add(new Stripe<>(Math.max(1, entriesMax / STRIPES)));
    }
  }

  /** What is remembered. */
  public Optional<V> find(K key) {
    var stripe = stripe(key);
    stripe.lock.lock();
    try {
      return Optional.ofNullable(stripe.entries.get(key));
    } finally {
      stripe.lock.unlock();
    }
  }

  /** What is remembered, or else what the source says; the source is asked outside the lock. */
  public V get(K key, Function<K, V> source) {
    var stripe = stripe(key);
    long before;
    stripe.lock.lock();
    try {
      var known = stripe.entries.get(key);
      if (known != null) {
        return known;
      }
      before = stripe.changes;
    } finally {
      stripe.lock.unlock();
    }
    var loaded = source.apply(key);
    stripe.lock.lock();
    try {
      if (stripe.changes == before) {
        stripe.entries.put(key, loaded);
      }
    } finally {
      stripe.lock.unlock();
    }
    return loaded;
  }

  /** Remembers what never changes for its key. */
  public void put(K key, V value) {
    var stripe = stripe(key);
    stripe.lock.lock();
    try {
      stripe.entries.put(key, value);
    } finally {
      stripe.lock.unlock();
    }
  }

  /** The source has changed for this key. */
  public void forget(K key) {
    var stripe = stripe(key);
    stripe.lock.lock();
    try {
      stripe.changes++;
      stripe.entries.remove(key);
    } finally {
      stripe.lock.unlock();
    }
  }

  /** The source has changed for many keys. */
  public void clear() {
    for (var stripe : stripes) {
      stripe.lock.lock();
      try {
        stripe.changes++;
        stripe.entries.clear();
      } finally {
        stripe.lock.unlock();
      }
    }
  }

  private Stripe<K, V> stripe(K key) {
    var hash = key.hashCode();
    return stripes.get((hash ^ (hash >>> 16)) & (STRIPES - 1));
  }
}
