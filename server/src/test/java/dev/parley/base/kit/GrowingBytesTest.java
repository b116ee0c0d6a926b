package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GrowingBytesTest {
  private static byte[] through(byte[] all, long announced, int piece) {
    var growing = new GrowingBytes(announced);
    for (var at = 0; at < all.length; at += piece) {
      var from = at;
      var length = Math.min(piece, all.length - at);
      if (length == 1) {
        growing.add(all[from]);
      } else {
        growing.add(length, (into, place) -> System.arraycopy(all, from, into, place, length));
      }
    }
    assertEquals(all.length, growing.count());
    return growing.take();
  }

  @Test
  void whatComesInIsThereWhateverWasAnnounced() {
    var random = new Random(1);
    for (var length : new int[] {0, 1, 1000, 1024, 1025, 5000}) {
      var all = new byte[length];
      random.nextBytes(all);
      for (var announced : new long[] {-1, 0, 1, 500, length, length + 1, Long.MAX_VALUE}) {
        assertArrayEquals(all, through(all, announced, 1));
        assertArrayEquals(all, through(all, announced, 333));
      }
    }
  }

  @Test
  void anAnnouncementAloneTakesNoMemory() {
    // All at once, these would be more than there is.
    var growing = new GrowingBytes[100];
    for (var i = 0; i < growing.length; i++) {
      growing[i] = new GrowingBytes(Integer.MAX_VALUE);
      growing[i].add((byte) 1);
    }
    assertEquals(1, growing[0].count());
  }
}
