package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LruCacheTest {
  @Test
  void asksTheSourceOnce() {
    var cache = new LruCache<String, String>(64);
    var asked = new AtomicInteger();
    for (var i = 0; i < 3; i++) {
      assertEquals("x1", cache.get("x", key -> key + asked.incrementAndGet()));
    }
  }

  @Test
  void asksAgainAfterAChange() {
    var cache = new LruCache<String, Integer>(64);
    cache.get("x", _ -> 1);
    cache.forget("x");
    assertEquals(2, cache.get("x", _ -> 2));
    cache.clear();
    assertEquals(3, cache.get("x", _ -> 3));
  }

  @Test
  void doesNotRememberWhatWasReadBeforeAChange() {
    var cache = new LruCache<String, Integer>(64);
    var stale =
        cache.get(
            "x",
            key -> {
              cache.forget(key);
              return 1;
            });
    assertEquals(1, stale);
    assertEquals(2, cache.get("x", _ -> 2));
  }

  @Test
  void doesNotRememberWhatWasReadBeforeAClear() {
    var cache = new LruCache<String, Integer>(64);
    cache.get(
        "x",
        _ -> {
          cache.clear();
          return 1;
        });
    assertEquals(2, cache.get("x", _ -> 2));
  }

  @Test
  void holdsNoMoreThanItsBoundAndKeepsWhatIsUsed() {
    var cache = new LruCache<Integer, Integer>(320);
    cache.put(-1, -1);
    var most = 100_000;
    for (var i = 0; i < most; i++) {
      cache.put(i, i);
      assertEquals(Optional.of(-1), cache.find(-1));
    }
    var held = 0;
    for (var i = 0; i < most; i++) {
      held += cache.find(i).isPresent() ? 1 : 0;
    }
    assertTrue(held <= 320, held + " entries");
  }
}
