package dev.parley.media.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

class SpeakerDetectorTest {
  private static final int SILENCE = 127;

  private final List<Integer> dominant = new ArrayList<>();
  private final List<List<Integer>> active = new ArrayList<>();
  private final Random random = new Random(42);
  private final SpeakerDetector detector =
      new SpeakerDetector(
          new SpeakerDetector.Listener() {
            @Override
            public void dominant(int source) {
              dominant.add(source);
            }

            @Override
            public void active(List<Integer> sources) {
              active.add(sources);
            }
          });
  private final List<Speaker> speakers = new ArrayList<>();
  private long millis;

  /** Lets every source send a packet per 20 ms; a negative level stands for no packet. */
  private void run(int sources, int spanMillis, IntBinaryOperator levels) {
    for (var end = millis + spanMillis; millis < end; millis += 20) {
      for (var source = 1; source <= sources; source++) {
        var level = levels.applyAsInt(source, (int) millis);
        if (level >= 0) {
          speakers.get(source - 1).level(level, millis * 1_000_000);
        }
      }
      detector.tick(millis * 1_000_000);
    }
  }

  /** Words of 240 ms with pauses of 80 ms. */
  private int speech(int at) {
    return at % 320 < 240 ? 30 + random.nextInt(15) : 75;
  }

  private void join(int sources) {
    for (var source = 1; source <= sources; source++) {
      speakers.add(detector.add(source));
    }
  }

  @Test
  void whoSpeaksIsInFront() {
    join(3);
    run(3, 3000, (source, at) -> source == 2 ? speech(at) : 80);
    assertEquals(List.of(2), dominant);
    assertEquals(List.of(2), detector.active());
    run(3, 4000, (source, at) -> source == 3 ? speech(at) : 80);
    assertEquals(List.of(2, 3), dominant);
    assertEquals(3, detector.dominant().orElseThrow());
  }

  @Test
  void aShortWordOfAnotherChangesNothing() {
    join(2);
    run(2, 5000, (source, at) -> source == 1 ? speech(at) : SILENCE);
    run(2, 300, (source, at) -> source == 2 ? 20 : speech(at));
    run(2, 3000, (source, at) -> source == 1 ? speech(at) : SILENCE);
    assertEquals(List.of(1), dominant);
  }

  @Test
  void aPauseOfTheSpeakerChangesNothing() {
    join(2);
    run(2, 5000, (source, at) -> source == 1 ? speech(at) : 85);
    run(2, 6000, (_, _) -> 85);
    assertEquals(List.of(1), dominant);
    assertEquals(1, detector.dominant().orElseThrow());
    assertEquals(List.of(), detector.active());
  }

  @Test
  void aHumAndADoorAreNoSpeech() {
    join(3);
    // A fan that is as loud as a voice, all the time, and a slam every two seconds.
    run(3, 20_000, (source, at) -> source == 1 ? 45 : source == 2 && at % 2000 < 60 ? 5 : 90);
    active.clear();
    run(3, 4000, (source, at) -> source == 1 ? 45 : source == 2 && at % 2000 < 60 ? 5 : 90);
    assertFalse(detector.active().contains(2));
    run(3, 4000, (source, at) -> source == 3 ? speech(at) : source == 1 ? 45 : 90);
    assertEquals(3, detector.active().getFirst());
    assertEquals(3, detector.dominant().orElseThrow());
  }

  @Test
  void whoSendsNothingIsSilent() {
    join(2);
    run(2, 3000, (source, at) -> source == 1 ? speech(at) : -1);
    run(2, 4000, (_, _) -> -1);
    assertEquals(List.of(), detector.active());
    assertTrue(detector.loudness(1) < 0.5);
    assertEquals(0, detector.loudness(99));
  }

  @Test
  void whoLeavesIsForgotten() {
    join(2);
    run(2, 3000, (source, at) -> source == 1 ? speech(at) : 85);
    detector.remove(1);
    assertTrue(detector.dominant().isEmpty());
    speakers.getFirst().level(0, millis * 1_000_000);
    run(2, 3000, (source, at) -> source == 2 ? speech(at) : -1);
    assertEquals(List.of(1, 2), dominant);
  }

  @Test
  void nobodySpeaksInASilentRoom() {
    join(3);
    run(3, 5000, (_, _) -> SILENCE);
    assertEquals(List.of(), dominant);
    assertEquals(List.of(), active);
    assertEquals(List.of(), detector.loudest(3, List.of()));
  }

  @Test
  void theLoudestStayWhileTheyAreAboutAsLoud() {
    join(5);
    run(5, 1000, (source, _) -> source <= 3 ? 20 + source : SILENCE);
    assertEquals(List.of(1, 2), detector.loudest(2, List.of()));
    assertEquals(List.of(2, 3), detector.loudest(2, List.of(2, 3)));
    run(5, 1000, (source, _) -> source == 5 ? 5 : source <= 3 ? 40 : SILENCE);
    assertEquals(5, detector.loudest(2, List.of(2, 3)).getFirst());
  }

  @Test
  void aLevelMakesNoObject() {
    join(5);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var allocated = Long.MAX_VALUE;
    for (var round = 0; round < 3; round++) {
      var before = threads.getCurrentThreadAllocatedBytes();
      for (var i = 0; i < 20_000; i++) {
        speakers.get(i % 5).level(i % 128, i);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(allocated < 20_000, allocated + " bytes");
  }
}
