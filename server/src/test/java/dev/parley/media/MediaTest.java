package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the front door, with clients that speak the protocols over real sockets. */
@Timeout(120)
class MediaTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

  private static Media media(boolean batches) {
    var settings =
        new Settings(
            Map.of(
                "media.address", "127.0.0.1",
                "media.workers", "1",
                "media.batches", Boolean.toString(batches)));
    return new Media(
        MediaConfig.of(settings, true),
        InstantSource.system(),
        new SecureRandom(),
        new SimpleMeterRegistry());
  }

  private static MediaJoin.Joined joined(MediaJoin join) {
    return assertInstanceOf(MediaJoin.Joined.class, join);
  }

  private static MediaJoin.Joined publish(Media media, RtcClient client) throws Exception {
    var joined = joined(media.publish("r", "ann", Limits.NONE, client.offer(true)));
    client.connect(joined.answer());
    return joined;
  }

  private static MediaJoin.Joined play(Media media, RtcClient client) throws Exception {
    var joined = joined(media.play("r", "", "", Limits.NONE, client.offer(false)));
    client.connect(joined.answer());
    return joined;
  }

  private static void until(String what, BooleanSupplier holds) {
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Sends until the viewer has heard the first packet; returns the next number. */
  private static int warm(RtcClient sender, RtcClient viewer) throws Exception {
    for (var sequence = 1; sequence < 400; sequence++) {
      sender.raw(sender.video(sequence, true, 60));
      if (viewer.rtp.poll(100, TimeUnit.MILLISECONDS) != null) {
        return sequence + 1;
      }
    }
    throw new AssertionError("Nothing was forwarded.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void packetsAreForwardedInOneStreamAndOnce(boolean batches) throws Exception {
    try (var media = media(batches);
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      publish(media, sender);
      play(media, viewer);
      var next = warm(sender, viewer);
      viewer.rtp.clear();
      var packets = 300;
      for (var i = 0; i < packets; i++) {
        var packet = sender.video(next + i, i % 50 == 0, 200);
        sender.raw(packet);
        if (i % 10 == 0) {
          // Replayed, and forged.
          sender.raw(packet);
          var forged = packet.clone();
          forged[30] ^= 1;
          sender.raw(forged);
        }
        if (i % 20 == 19) {
          // The loopback's buffers are no part of what is tested.
          var before = i;
          until("the first " + i, () -> viewer.rtp.size() >= before);
        }
      }
      until("all packets", () -> viewer.rtp.size() >= packets);
      var numbers = new HashSet<Integer>();
      var contents = new HashSet<Integer>();
      for (var packet : viewer.rtp) {
        numbers.add((packet[2] & 0xff) << 8 | (packet[3] & 0xff));
        contents.add(RtcClient.get32(packet, 24));
      }
      assertEquals(packets, viewer.rtp.size());
      assertEquals(packets, numbers.size(), "Every packet has a number of its own.");
      assertEquals(packets, contents.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lostPacketsAreAskedForAndRepaired(boolean batches) throws Exception {
    try (var media = media(batches);
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      publish(media, sender);
      play(media, viewer);
      var next = warm(sender, viewer);
      var lost = sender.video(next, false, 100);
      sender.raw(sender.video(next + 1, false, 100));
      // Upstream: a NACK (RFC 4585, type 205, format 1) about the one that is missing.
      var nack = await(sender, 205, 1);
      assertEquals(RtcClient.SSRC, RtcClient.get32(nack, 8));
      assertEquals(next, (nack[12] & 0xff) << 8 | (nack[13] & 0xff));
      var behind = viewer.rtp.poll(20, TimeUnit.SECONDS);
      assertNotNull(behind, "The packet behind the gap.");
      sender.raw(lost);
      assertNotNull(viewer.rtp.poll(20, TimeUnit.SECONDS), "The one that came late.");
      // Downstream: the viewer asks for the last one again, and gets it as RTX.
      var ssrc = RtcClient.get32(behind, 8);
      var ask = new byte[16];
      ask[0] = (byte) 0x81;
      ask[1] = (byte) 205;
      ask[3] = 3;
      RtcClient.put32(ask, 4, 1);
      RtcClient.put32(ask, 8, ssrc);
      ask[12] = behind[2];
      ask[13] = behind[3];
      viewer.report(ask);
      var again = viewer.rtp.poll(20, TimeUnit.SECONDS);
      assertNotNull(again, "The retransmission.");
      assertEquals(97, again[1] & 0x7f);
      assertEquals(behind[2], again[12]);
      assertEquals(behind[3], again[13]);
      assertEquals(RtcClient.get32(behind, 24), RtcClient.get32(again, 26));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aViewerWhoComesLateMakesAKeyFrameAskedFor(boolean batches) throws Exception {
    try (var media = media(batches);
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      publish(media, sender);
      sender.raw(sender.video(1, true, 100));
      sender.raw(sender.video(2, false, 100));
      play(media, viewer);
      var sequence = 3;
      while (sender.rtcp.stream().noneMatch(packet -> (packet[1] & 0xff) == 206)) {
        assertTrue(sequence < 1_000, "A key frame is asked for.");
        sender.raw(sender.video(sequence++, false, 100));
        LockSupport.parkNanos(20_000_000);
      }
      assertTrue(viewer.rtp.isEmpty(), "Nothing goes out before a key frame.");
    }
  }

  private static byte[] await(RtcClient client, int type, int format) throws Exception {
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) {
      var packet = client.rtcp.poll(1, TimeUnit.SECONDS);
      if (packet != null && (packet[1] & 0xff) == type && (packet[0] & 0x1f) == format) {
        return packet;
      }
    }
    throw new AssertionError("No RTCP of type " + type);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void strangersAreNeverAnswered(boolean batches) throws Exception {
    try (var media = media(batches);
        var client = new RtcClient()) {
      var joined = joined(media.publish("r", "ann", Limits.NONE, client.offer(true)));
      client.take(joined.answer());
      assertFalse(client.check(true, "not the password at all", 300));
      var seed = System.nanoTime();
      var random = new Random(seed);
      System.out.println("seed " + seed);
      for (var i = 0; i < 5_000; i++) {
        var bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
          // DTLS and RTP from an address that has shown nothing.
          bytes[0] = (byte) (random.nextBoolean() ? 22 : 0x80);
        }
        client.raw(bytes);
      }
      // Still there, and only now does anything come back.
      until("the check", () -> checked(client));
      assertTrue(client.rtp.isEmpty() && client.rtcp.isEmpty());
      assertTrue(media.end("r", joined.session()));
      assertFalse(media.end("r", joined.session()));
    }
  }

  private static boolean checked(RtcClient client) {
    try {
      return client.check(true, client.remotePassword(), 500);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoComesAndGoesLeavesNothingBehind(boolean batches) throws Exception {
    try (var media = media(batches)) {
      for (var round = 0; round < 100; round++) {
        try (var client = new RtcClient()) {
          var publishes = round % 2 == 0;
          var joined = publishes ? publish(media, client) : play(media, client);
          if (round % 3 == 0) {
            assertTrue(media.end("r", joined.session()));
          } else {
            client.leave();
            until("the goodbye", () -> media.trickle("r", joined.session(), "").isEmpty());
          }
        }
      }
      until("an empty room", () -> media.dump("r").isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "v=0", "nonsense", "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\ns=-\r\nt=0 0\r\n"})
  void whatIsNoOfferIsRefused(String text) {
    try (var media = media(true)) {
      assertInstanceOf(MediaJoin.Unacceptable.class, media.publish("r", "ann", Limits.NONE, text));
      assertTrue(media.dump("r").isEmpty());
    }
  }
}
