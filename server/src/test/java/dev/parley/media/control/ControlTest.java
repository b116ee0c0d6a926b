package dev.parley.media.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.media.control.Allocator.Choice;
import dev.parley.media.control.Demand.Layer;
import dev.parley.media.control.Demand.Priority;
import dev.parley.protocol.rtcp.RtcpListener;
import dev.parley.protocol.rtcp.RtcpReader;
import dev.parley.protocol.rtcp.TransportFeedback;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {
  private static long limited(long second) {
    return second >= 20 && second < 50 ? 500_000 : 3_000_000;
  }

  /** What was seen, for the message of a failure: a line per second. */
  private final List<String> seen = new ArrayList<>();

  private void run(LinkSimulator link, int seconds) {
    for (var i = 0; i < 1000 * seconds; i++) {
      link.run();
      if (i % 1000 == 999) {
        seen.add(
            "%d s: estimate %d, layer %d, queue %d ms, loss %.2f, padding %d%n"
                .formatted(
                    link.nanos() / Nanos.SECOND,
                    link.estimator.bitsPerSecond(),
                    link.layer(),
                    link.queueMillis,
                    link.estimator.loss(),
                    link.padding));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "0, 0, 2",
    "0, 10, 3",
    "0.05, 0, 4",
    "0.05, 0, 5",
    "0, 50, 6",
    "0.05, 50, 7",
    "0.05, 50, 8",
    "0.05, 50, 9",
    "0.02, 20, 10",
    "0.05, 50, 11",
    "0, 50, 12",
    "0.05, 50, 13",
    "0.05, 50, 14",
    "0.01, 30, 15",
    "0, 0, 16"
  })
  void aLimitIsFollowedDownWithinThreeSecondsAndUpWithinFifteen(
      double loss, int jitterMillis, long seed) {
    var link = new LinkSimulator(ControlTest::limited, loss, jitterMillis, seed);
    runToTheTop(link, 15);
    run(link, 23 - (int) (link.nanos() / Nanos.SECOND));
    for (var i = 0; i < 27; i++) {
      run(link, 1);
      assertTrue(link.layer() <= 500_000, () -> seen + "");
    }
    assertTrue(link.layer() >= 90_000, () -> seen + "");
    runToTheTop(link, 15);
  }

  /** Runs until the highest layer is sent, which must be within so many seconds. */
  private void runToTheTop(LinkSimulator link, int secondsMax) {
    for (var i = 0; i < secondsMax && link.layer() < 1_800_000; i++) {
      run(link, 1);
    }
    assertEquals(1_800_000, link.layer(), () -> seen + "");
  }

  @Test
  void theQueueIsKeptShort() {
    var link = new LinkSimulator(_ -> 600_000, 0, 0, 11);
    run(link, 20);
    var above = 0;
    for (var i = 0; i < 30_000; i++) {
      link.run();
      above += link.queueMillis > 250 ? 1 : 0;
    }
    assertTrue(above < 1500, above + " ms with a long queue: " + seen);
    assertTrue(link.layer() >= 250_000, () -> seen + "");
  }

  @Test
  void lossThatIsAlwaysThereDoesNotStarve() {
    var link = new LinkSimulator(_ -> 3_000_000, 0.08, 0, 12);
    run(link, 40);
    assertTrue(link.layer() >= 1_000_000, () -> seen + "");
  }

  @Test
  void whoIsNotHeardOfGetsLess() {
    var link = new LinkSimulator(_ -> 3_000_000, 0, 0, 13);
    run(link, 15);
    link.cut = true;
    run(link, 10);
    assertTrue(link.estimator.bitsPerSecond() < 200_000, () -> seen + "");
    link.cut = false;
    run(link, 20);
    assertEquals(1_800_000, link.layer(), () -> seen + "");
  }

  @Test
  void withoutTransportFeedbackTheReceiversEstimateHolds() {
    var estimator = new BandwidthEstimator(300_000);
    estimator.remb(2_000_000, 0);
    assertTrue(estimator.bitsPerSecond() >= 1_000_000);
    for (var second = 1L; second < 30; second++) {
      estimator.remb(2_000_000, second * Nanos.SECOND);
      estimator.receptionReport(0, second * Nanos.SECOND);
    }
    assertEquals(2_000_000, estimator.bitsPerSecond());
    estimator.remb(400_000, 31 * Nanos.SECOND);
    assertEquals(400_000, estimator.bitsPerSecond());
    for (var second = 32L; second < 42; second++) {
      estimator.receptionReport(100, second * Nanos.SECOND);
    }
    assertTrue(estimator.bitsPerSecond() < 300_000);
    assertTrue(estimator.bitsPerSecond() >= BandwidthEstimator.RATE_MIN);
  }

  @Test
  void whateverAPeerClaimsTheEstimateStaysInItsBounds() {
    var seed = new Random().nextLong();
    System.out.println("ControlTest.whateverAPeerClaims seed " + seed);
    var random = new Random(seed);
    var bytes = new byte[400];
    var reader = new RtcpReader();
    for (var peer = 0; peer < 20; peer++) {
      var estimator = new BandwidthEstimator(300_000);
      var listener =
          new RtcpListener() {
            private long now;

            @Override
            public void transportFeedback(TransportFeedback feedback) {
              now += random.nextInt(100) * Nanos.MILLISECOND;
              estimator.feedback(feedback, now);
            }
          };
      var number = random.nextInt(65_536);
      var read = 0;
      for (var round = 0; round < 300; round++) {
        for (var i = random.nextInt(20); i > 0; i--) {
          estimator.sent(number++ & 0xffff, 40 + random.nextInt(1200), listener.now + i);
        }
        random.nextBytes(bytes);
        // Ninety-nine words of feedback on up to sixty packets around those that were sent.
        bytes[0] = (byte) 0x8f;
        bytes[1] = (byte) 205;
        bytes[2] = 0;
        bytes[3] = 99;
        var base = number - random.nextInt(60) & 0xffff;
        bytes[12] = (byte) (base >> 8);
        bytes[13] = (byte) base;
        bytes[14] = 0;
        bytes[15] = (byte) random.nextInt(60);
        read += reader.read(bytes, 0, bytes.length, listener) ? 1 : 0;
        estimator.tick(random.nextInt(3_000_000), listener.now);
        estimator.prober().paddingDue(listener.now);
        var rate = estimator.bitsPerSecond();
        assertTrue(
            rate >= BandwidthEstimator.RATE_MIN && rate <= BandwidthEstimator.RATE_MAX,
            "seed " + seed);
      }
      assertTrue(read > 10, read + " read, seed " + seed);
    }
  }

  @Test
  void thePacerSpreadsABurst() {
    var pacer = new Pacer(1_000_000);
    var now = 5 * Nanos.SECOND;
    var sent = 0;
    var began = now;
    while (sent < 50) {
      if (pacer.delay(now) == 0) {
        pacer.sent(1000, now);
        sent++;
      } else {
        now += pacer.delay(now);
      }
    }
    // 400,000 bits at 1.5 Mbit/s, of which the first twenty milliseconds go at once.
    var millis = (now - began) / Nanos.MILLISECOND;
    assertTrue(millis >= 240 && millis <= 247, millis + " ms");
    assertEquals(0, pacer.delay(now + Nanos.SECOND));
  }

  private static Demand demand(int stream, Priority priority) {
    return new Demand(
        stream,
        priority,
        List.of(new Layer(0, 0, 100), new Layer(1, 0, 500), new Layer(2, 0, 2000)));
  }

  private static String text(List<Choice> choices) {
    return String.join(
        " ",
        choices.stream()
            .map(choice -> choice.layer().map(layer -> layer.bitsPerSecond() + "").orElse("-"))
            .toList());
  }

  @Test
  void whoComesFirstGetsMore() {
    var demands =
        List.of(
            demand(1, Priority.OTHER),
            demand(2, Priority.SPEAKER),
            demand(3, Priority.SCREEN),
            demand(4, Priority.PINNED));
    assertEquals(8000, Allocator.wanted(demands));
    assertEquals("100 100 2000 100", text(new Allocator().choose(demands, 2300, 0)));
    assertEquals("100 500 2000 2000", text(new Allocator().choose(demands, 4600, 0)));
    assertEquals("2000 2000 2000 2000", text(new Allocator().choose(demands, 8000, 0)));
    assertEquals("- - 100 100", text(new Allocator().choose(demands, 250, 0)));
    // The first is never paused: nothing would be known of the connection any more.
    assertEquals("- - 100 -", text(new Allocator().choose(demands, 0, 0)));
  }

  @Test
  void amongEqualsMoreIsShared() {
    var demands = List.of(demand(1, Priority.OTHER), demand(2, Priority.OTHER));
    assertEquals("500 500", text(new Allocator().choose(demands, 2000, 0)));
  }

  @Test
  void downIsAtOnceAndUpIsSlow() {
    var allocator = new Allocator();
    var demands = List.of(demand(1, Priority.OTHER));
    var now = 0L;
    assertEquals("2000", text(allocator.choose(demands, 2100, now)));
    assertEquals("500", text(allocator.choose(demands, 1900, now + 1)));
    // The rate alone is not enough to rise, and room must last.
    assertEquals("500", text(allocator.choose(demands, 2200, now + 2 * Nanos.SECOND)));
    assertEquals("500", text(allocator.choose(demands, 2200, now + 9 * Nanos.SECOND)));
    assertEquals("500", text(allocator.choose(demands, 2400, now + 10 * Nanos.SECOND)));
    assertEquals("2000", text(allocator.choose(demands, 2400, now + 11 * Nanos.SECOND)));
    // Up and down again soon: the next rise takes twice as long.
    assertEquals("500", text(allocator.choose(demands, 1900, now + 12 * Nanos.SECOND)));
    assertEquals("500", text(allocator.choose(demands, 2400, now + 13 * Nanos.SECOND)));
    assertEquals("500", text(allocator.choose(demands, 2400, now + 14 * Nanos.SECOND)));
    assertEquals("2000", text(allocator.choose(demands, 2400, now + 15 * Nanos.SECOND)));
    assertEquals("", text(allocator.choose(List.of(), 2400, now + 16 * Nanos.SECOND)));
  }
}
