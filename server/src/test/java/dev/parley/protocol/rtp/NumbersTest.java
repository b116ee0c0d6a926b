package dev.parley.protocol.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What wraps, what is mapped, and what keeps its order. */
class NumbersTest {
  @Test
  void wrapsAreFollowedBothWays() {
    var numbers = Unwrapper.ofSequences();
    assertEquals(65_534, numbers.unwrap(65_534));
    assertEquals(65_537, numbers.unwrap(1));
    assertEquals(65_535, numbers.unwrap(65_535));
    assertEquals(65_536, numbers.peek(0));
    assertEquals(65_535, numbers.peek(65_535));
    var times = Unwrapper.ofTimestamps();
    assertEquals(0xffff_fff0L, times.unwrap(0xffff_fff0));
    assertEquals(0x1_0000_0010L, times.unwrap(0x10));
    var late = Unwrapper.ofSequences();
    assertEquals(2, late.unwrap(2));
    assertEquals(-1, late.unwrap(65_535));
    assertThrows(IllegalArgumentException.class, () -> Unwrapper.ofBits(33));
  }

  @Test
  void newerIsWhatIsLessThanHalfAhead() {
    assertTrue(Sequences.isNewer(0, 65_535));
    assertFalse(Sequences.isNewer(65_535, 0));
    assertFalse(Sequences.isNewer(5, 5));
    assertEquals(-3, Sequences.apart(1, 65_534));
    assertEquals(4, Sequences.apart(0x7ffe, 2, 15));
    assertEquals(20, Sequences.timestampsApart(-10, 10));
  }

  @Test
  void extensionsAreMapped() {
    var map = new ExtensionMap(Map.of(ExtensionKind.MID, 4, ExtensionKind.RID, 10));
    assertEquals(4, map.id(ExtensionKind.MID));
    assertEquals(0, map.id(ExtensionKind.TRANSPORT_CC));
    assertEquals(ExtensionKind.RID, map.kind(10).orElseThrow());
    assertTrue(map.kind(0).isEmpty());
    assertTrue(map.kind(256).isEmpty());
    assertThrows(
        IllegalArgumentException.class, () -> new ExtensionMap(Map.of(ExtensionKind.MID, 256)));
    for (var kind : ExtensionKind.values()) {
      assertEquals(kind, ExtensionKind.of(kind.uri()).orElseThrow());
    }
  }

  @Test
  void whatIsDroppedLeavesNoGap() {
    var map = NumberMap.ofSequences();
    assertEquals(65_534, map.forward(65_534));
    map.drop(65_535);
    assertEquals(65_535, map.forward(0));
    map.drop(1);
    map.drop(2);
    assertEquals(0, map.forward(3));
    assertEquals(3, map.origin(0));
    assertEquals(0, map.origin(65_535));
    assertEquals(65_534, map.origin(65_534));
    assertEquals(NumberMap.NONE, map.origin(1));
    assertEquals(NumberMap.NONE, map.forward(1));
  }

  @Test
  void whatIsLateKeepsItsPlace() {
    var map = NumberMap.ofSequences();
    assertEquals(10, map.forward(10));
    assertEquals(13, map.forward(13));
    map.drop(14);
    assertEquals(14, map.forward(15));
    assertEquals(11, map.forward(11));
    map.drop(12);
    assertEquals(NumberMap.NONE, map.forward(12));
    assertEquals(14, map.forward(15));
    assertEquals(NumberMap.NONE, map.forward(9));
  }

  @Test
  void anotherSourceGoesOnWithTheNextNumber() {
    var map = NumberMap.ofSequences();
    assertEquals(100, map.forward(100));
    assertEquals(101, map.forward(101));
    map.switchTo(3, 40_000);
    assertEquals(102, map.forward(40_000));
    assertEquals(104, map.forward(40_002));
    assertEquals(103, map.forward(40_001));
    assertEquals(NumberMap.NONE, map.forward(39_999));
    assertEquals(40_002, map.origin(104));
    assertEquals(3, map.originSource(104));
    assertEquals(101, map.origin(101));
    assertEquals(0, map.originSource(101));
    assertEquals(105, map.insert());
    assertEquals(NumberMap.NONE, map.origin(105));
    assertEquals(106, map.forward(40_003));
  }

  @Test
  void noNumberIsGivenTwiceHoweverPacketsCome() {
    var seed = new Random().nextLong();
    var random = new Random(seed);
    var map = NumberMap.ofSequences();
    var given = new HashSet<Integer>();
    var base = random.nextInt(65_536);
    var forwarded = 0;
    for (var i = 0; i < 30_000; i++) {
      // In blocks of four, backwards now and then, some lost.
      var number = base + (i & ~3) + (random.nextInt(4) == 0 ? 3 - (i & 3) : i & 3) & 0xffff;
      switch (random.nextInt(10)) {
        case 0 -> map.drop(number);
        case 1 -> {}
        default -> {
          var before = map.origin(map.newestOut());
          var out = map.forward(number);
          if (out != NumberMap.NONE) {
            assertEquals(number, map.origin(out), "seed " + seed + ", before " + before);
            given.add(out);
            forwarded++;
          }
        }
      }
    }
    assertTrue(forwarded > 15_000 && given.size() > 10_000, "seed " + seed);
  }

  @Test
  void pictureIdsHaveNoGapAndIndexesFollow() {
    var continuity = new PictureContinuity();
    var view = new Vp8Descriptor();
    assertEquals("5 9", rewrite(continuity, view, 5, 9, 0));
    assertTrue(view.wrap(packet(6, 9, 2), 0, 8));
    continuity.drop(view);
    continuity.drop(view);
    assertEquals("6 10", rewrite(continuity, view, 7, 10, 0));
    assertEquals("dropped", rewrite(continuity, view, 6, 9, 2));
    // A simulcast stream with other numbers goes on.
    assertTrue(view.wrap(packet(0x7fff, 255, 0), 0, 8));
    continuity.switchTo(view);
    assertEquals("7 11", rewrite(continuity, view, 0x7fff, 255, 0));
    assertEquals("8 12", rewrite(continuity, view, 0, 0, 0));
  }

  private static String rewrite(
      PictureContinuity continuity, Vp8Descriptor view, int pictureId, int tl0, int temporalId) {
    assertTrue(view.wrap(packet(pictureId, tl0, temporalId), 0, 8));
    return continuity.rewrite(view) ? view.pictureId() + " " + view.tl0PictureIndex() : "dropped";
  }

  private static byte[] packet(int pictureId, int tl0, int temporalId) {
    return new byte[] {
      (byte) 0x90,
      (byte) 0xe0,
      (byte) (0x80 | pictureId >> 8),
      (byte) pictureId,
      (byte) tl0,
      (byte) (temporalId << 6),
      1,
      0
    };
  }
}
