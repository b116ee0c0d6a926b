package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntMapTest {
  @Test
  void holdsWhatAHashMapHolds() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var expected = new HashMap<Integer, Integer>();
    var map = new IntMap<Integer>();
    for (var i = 0; i < 200_000; i++) {
      var key = random.nextInt(300) * (random.nextBoolean() ? 1 : 1 << 20);
      if (random.nextInt(3) == 0) {
        expected.remove(key);
        map.remove(key);
      } else {
        expected.put(key, i);
        map.put(key, i);
      }
      assertEquals(expected.get(key), map.get(key), "seed " + seed);
      assertEquals(expected.size(), map.size(), "seed " + seed);
    }
    expected.forEach((key, value) -> assertEquals(value, map.get(key), "seed " + seed));
    var values = new HashSet<Integer>();
    map.forEach(values::add);
    assertEquals(new HashSet<>(expected.values()), values, "seed " + seed);
  }
}
