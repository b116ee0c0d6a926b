package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import dev.parley.protocol.rtp.Codec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscribers and publishers that are code, with clients over real sockets at the other end. */
@Timeout(120)
class TapTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int PLENTY = 1 << 24;

  private final Media media =
      new Media(
          MediaConfig.of(
              new Settings(Map.of("media.address", "127.0.0.1", "media.workers", "1")), true),
          InstantSource.system(),
          new SecureRandom(),
          new SimpleMeterRegistry());

  @AfterEach
  void stop() {
    media.close();
  }

  private static TapEvent.Frame frame(Tap tap) throws InterruptedException {
    return assertInstanceOf(
        TapEvent.Frame.class,
        tap.take(PATIENCE).orElseThrow(() -> new AssertionError("No frame.")));
  }

  private RtcClient publisher() throws Exception {
    var client = new RtcClient();
    var joined = (MediaJoin.Joined) media.publish("r", "ann", Limits.NONE, client.offer(true));
    client.connect(joined.answer());
    return client;
  }

  /** Sends key frames until the tap hears one; returns the number after it. */
  private static int warm(RtcClient client, Tap tap) throws Exception {
    for (var sequence = 1; sequence < 400; sequence++) {
      client.raw(client.video(sequence, true, 60));
      if (tap.take(Duration.ofMillis(100)).isPresent()) {
        return sequence + 1;
      }
    }
    throw new AssertionError("Nothing was heard.");
  }

  @Test
  void framesComeWholeInOrderAndWithTheirTimes() throws Exception {
    try (var client = publisher();
        var tap = media.tap("r", new Tap.Wish("ann", true, true, PLENTY))) {
      var next = warm(client, tap);
      for (var i = 0; i < 50; i += 2) {
        // Each pair changes places on the way.
        client.raw(client.video(next + i + 1, false, 300));
        client.raw(client.video(next + i, i == 20, 300));
      }
      var before = frame(tap);
      for (var i = 1; i < 50; i++) {
        var frame = frame(tap);
        assertEquals(before.timestamp() + 3000, frame.timestamp());
        assertEquals(299, frame.bytes().length, "The frame without the descriptor.");
        assertEquals(i == 20, frame.keyFrame());
        assertFalse(frame.afterGap());
        before = frame;
      }
      client.leave();
      assertEquals(new TapEvent.Ended("ann", "0"), tap.take(PATIENCE).orElseThrow());
      assertEquals(0, tap.dropped());
    }
  }

  @Test
  void afterALossVideoGoesOnWithAKeyFrameThatWasAskedFor() throws Exception {
    try (var client = publisher();
        var tap = media.tap("r", new Tap.Wish("", true, true, PLENTY))) {
      var next = warm(client, tap);
      client.rtcp.clear();
      client.raw(client.video(next + 1, false, 100));
      var sequence = next + 2;
      while (client.rtcp.stream().noneMatch(packet -> (packet[1] & 0xff) == 206)) {
        assertTrue(sequence < 1_000, "A key frame is asked for.");
        client.raw(client.video(sequence++, false, 100));
        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000L);
      }
      client.raw(client.video(sequence, true, 100));
      var frame = frame(tap);
      while (!frame.afterGap()) {
        frame = frame(tap);
      }
      assertTrue(frame.keyFrame(), "The first one after the gap.");
    }
  }

  @Test
  void whoDoesNotEmptyItsTapLosesFramesAndNobodyElseDoes() throws Exception {
    try (var client = publisher();
        var slow = media.tap("r", new Tap.Wish("", true, true, 3_000));
        var quick = media.tap("r", new Tap.Wish("", true, true, PLENTY))) {
      var next = warm(client, quick);
      for (var i = 0; i < 40; i++) {
        client.raw(client.video(next + i, false, 500));
        assertEquals(499, frame(quick).bytes().length);
      }
      assertTrue(slow.dropped() > 20, "" + slow.dropped());
      while (slow.take(Duration.ZERO).isPresent()) {}
      client.raw(client.video(next + 40, false, 500));
      client.raw(client.video(next + 41, true, 500));
      var frame = frame(slow);
      assertTrue(frame.keyFrame() && frame.afterGap(), "It goes on with a key frame.");
    }
  }

  @Test
  void whatCodePublishesIsHeardAsItWas() throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var asked = new LinkedBlockingQueue<String>();
    var lines =
        List.of(
            new CodePublisher.Line("voice", Codec.OPUS),
            new CodePublisher.Line("vp8", Codec.VP8),
            new CodePublisher.Line("h264", Codec.H264));
    var feed = media.feed("r", "bot", lines, asked::add);
    try (var tap = media.tap("r", new Tap.Wish("bot", true, true, PLENTY))) {
      // The first frames make the sources known; then the tap asks for key frames.
      for (var line = 0; line < 3; line++) {
        assertTrue(feed.send(line, sample(lines.get(line).codec(), random, false), 0));
      }
      for (var wanted = new ArrayList<String>(); wanted.size() < 2; ) {
        wanted.add(asked.poll(40, TimeUnit.SECONDS));
      }
      for (var line = 0; line < 3; line++) {
        var codec = lines.get(line).codec();
        for (var i = 1; i <= 20; i++) {
          var sent = sample(codec, random, i == 1);
          assertTrue(feed.send(line, sent, i * 3000L));
          TapEvent.Frame heard;
          do {
            heard = frame(tap);
          } while (i == 1 && heard.bytes().length != sent.length);
          assertArrayEquals(sent, heard.bytes(), codec + " " + i);
          assertEquals(lines.get(line).track(), heard.track());
          assertEquals(codec, heard.codec());
          assertEquals(codec == Codec.OPUS || i == 1, heard.keyFrame());
          assertTrue(Math.abs(System.currentTimeMillis() - heard.capturedMillis()) < 10_000);
        }
      }
      assertEquals(0, feed.dropped());
      feed.close();
      for (var i = 0; i < 3; i++) {
        assertInstanceOf(TapEvent.Ended.class, tap.take(PATIENCE).orElseThrow());
      }
    }
    assertTrue(media.dump("r").isEmpty() || media.dump("r").orElseThrow().senders().isEmpty());
  }

  /** A frame as an encoder makes it. */
  private static byte[] sample(Codec codec, Random random, boolean key) {
    var out = new ByteArrayOutputStream();
    switch (codec) {
      case OPUS -> out.writeBytes(noise(random, 20 + random.nextInt(100)));
      case VP8 -> {
        out.write(key ? 0x10 : 0x11);
        out.writeBytes(new byte[] {0, 0, (byte) 0x9d, 1, 0x2a, 0, 1, 0, 1});
        out.writeBytes(noise(random, 1 + random.nextInt(6_000)));
      }
      default -> {
        if (key) {
          unit(out, 0x67, noise(random, 12));
          unit(out, 0x68, noise(random, 4));
        }
        unit(out, key ? 0x65 : 0x61, noise(random, 1 + random.nextInt(6_000)));
      }
    }
    return out.toByteArray();
  }

  private static void unit(ByteArrayOutputStream out, int header, byte[] bytes) {
    out.writeBytes(new byte[] {0, 0, 0, 1, (byte) header});
    out.writeBytes(bytes);
  }

  /** Bytes without zeros, as the emulation prevention of H.264 leaves no start code inside. */
  private static byte[] noise(Random random, int length) {
    var bytes = new byte[length];
    for (var i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + random.nextInt(255));
    }
    return bytes;
  }

  @Test
  void aViewerGetsWhatCodePublishes() throws Exception {
    var asked = new LinkedBlockingQueue<String>();
    var lines = List.of(new CodePublisher.Line("picture", Codec.VP8));
    try (var feed = media.feed("r", "bot", lines, asked::add);
        var viewer = new RtcClient()) {
      var joined = (MediaJoin.Joined) media.play("r", "", "", Limits.NONE, viewer.offer(false));
      viewer.connect(joined.answer());
      var random = new Random(1);
      assertTrue(feed.send(0, sample(Codec.VP8, random, false), 0));
      assertEquals("picture", asked.poll(40, TimeUnit.SECONDS));
      assertTrue(viewer.rtp.isEmpty(), "Nothing goes out before a key frame.");
      var frame = sample(Codec.VP8, random, true);
      assertTrue(feed.send(0, frame, 3_000));
      var first = viewer.rtp.poll(40, TimeUnit.SECONDS);
      assertTrue(first != null && (first[1] & 0x7f) == RtcClient.VP8);
    }
  }

  @Test
  void framesThatDoNotFitAreDroppedAndCounted() {
    var lines = List.of(new CodePublisher.Line("voice", Codec.PCMU));
    CodePublisher ended;
    try (var feed = media.feed("r", "bot", lines, _ -> {})) {
      assertFalse(feed.send(0, new byte[2 << 20], 0));
      assertEquals(1, feed.dropped());
      ended = feed;
    }
    assertFalse(ended.send(0, new byte[160], 0));
  }
}
