package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What must not wear the media core out: many who come and go, who vanish, who flood, who ask too
 * much. {@code -Dparley.media.joins=10000} for the full size.
 */
@Timeout(1800)
class MediaSoakTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final int JOINS = Integer.getInteger("parley.media.joins", 60);
  private static final int WARM_JOINS = 50;
  private static final long LEFT_BYTES_MAX = 6 << 20;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Media media =
      new Media(
          MediaConfig.of(
              new Settings(
                  Map.of(
                      "media.address", "127.0.0.1",
                      "media.workers", "1",
                      "media.handshakes-max", "4")),
              true),
          InstantSource.system(),
          new SecureRandom(),
          registry);

  @AfterEach
  void stop() {
    media.close();
  }

  private static void until(String what, BooleanSupplier holds) {
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private double counted(String what) {
    return registry.get("parley.media.packets").tag("what", what).functionCounter().count();
  }

  private double connections() {
    return registry.get("parley.media.connections").gauge().value();
  }

  private MediaJoin.Joined publish(String room, RtcClient client) throws Exception {
    var join = media.publish(room, "ann", Limits.NONE, client.offer(true));
    var joined = assertInstanceOf(MediaJoin.Joined.class, join);
    client.connect(joined.answer());
    return joined;
  }

  private MediaJoin.Joined play(String room, RtcClient client) throws Exception {
    var join = media.play(room, "", "", Limits.NONE, client.offer(false));
    var joined = assertInstanceOf(MediaJoin.Joined.class, join);
    client.connect(joined.answer());
    return joined;
  }

  /** Sends key frames until the viewer has one; returns the next number. */
  private static int flow(RtcClient sender, RtcClient viewer, int first) throws Exception {
    for (var sequence = first; sequence < first + 400; sequence++) {
      sender.raw(sender.video(sequence, true, 60));
      if (viewer.rtp.poll(100, TimeUnit.MILLISECONDS) != null) {
        return sequence + 1;
      }
    }
    throw new AssertionError("Nothing was forwarded.");
  }

  @Test
  void whoeverCameLeavesNothing() throws Exception {
    var used = 0L;
    for (var round = 0; round < WARM_JOINS + JOINS; round++) {
      if (round == WARM_JOINS) {
        used = usedBytes();
      }
      try (var sender = new RtcClient();
          var viewer = new RtcClient()) {
        var up = publish("room " + round % 7, sender);
        var down = play("room " + round % 7, viewer);
        flow(sender, viewer, 1);
        if (round % 2 == 0) {
          assertTrue(media.end("room " + round % 7, up.session()));
          viewer.leave();
        } else {
          sender.leave();
          assertTrue(media.end("room " + round % 7, down.session()));
        }
        until("both gone", () -> connections() == 0);
      }
    }
    for (var room = 0; room < 7; room++) {
      assertTrue(media.dump("room " + room).isEmpty());
    }
    var left = usedBytes() - used;
    System.out.printf("%,d bytes left after %,d joins%n", left, 2 * JOINS);
    assertTrue(left < LEFT_BYTES_MAX, left + " bytes left after " + 2 * JOINS + " joins");
  }

  /** What is in use after the collector has found all that it finds. */
  private static long usedBytes() {
    var runtime = Runtime.getRuntime();
    var least = Long.MAX_VALUE;
    for (var i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void whoVanishesIsForgotten() throws Exception {
    for (var i = 0; i < 10; i++) {
      // Gone without a word, once connected and once before.
      try (var client = new RtcClient();
          var never = new RtcClient()) {
        publish("r" + i, client);
        assertInstanceOf(
            MediaJoin.Joined.class, media.play("r" + i, "", "", Limits.NONE, never.offer(false)));
      }
    }
    assertEquals(20, connections());
    until("all forgotten", () -> connections() == 0);
    for (var i = 0; i < 10; i++) {
      assertTrue(media.dump("r" + i).isEmpty());
    }
  }

  @Test
  void floodsOfStrangersAreNotAnsweredAndOthersGoOn() throws Exception {
    var seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new Random(seed);
    try (var sender = new RtcClient();
        var viewer = new RtcClient();
        var flooder = new RtcClient()) {
      var joined = publish("r", sender);
      play("r", viewer);
      var next = flow(sender, viewer, 1);
      flooder.take(joined.answer());
      var used = usedBytes();
      for (var i = 0; i < 60_000; i++) {
        flooder.raw(flood(random, i));
        if (i % 2_000 == 0) {
          next = flow(sender, viewer, next);
        }
      }
      until(
          "the flood", () -> counted("stranger") + counted("bad-check") + counted("malformed") > 0);
      assertTrue(counted("stranger") > 1_000, "DTLS of strangers");
      assertTrue(counted("bad-check") > 1_000, "checks of strangers");
      flow(sender, viewer, next);
      assertTrue(flooder.checks.isEmpty() && flooder.rtp.isEmpty() && flooder.rtcp.isEmpty());
      assertEquals(2, connections());
      var left = usedBytes() - used;
      assertTrue(left < LEFT_BYTES_MAX, left + " bytes for 60,000 packets of a stranger");
    }
  }

  /** A check under a name that nobody has, or a hello of DTLS. */
  private static byte[] flood(Random random, int round) {
    if (round % 2 == 0) {
      var hello = new byte[200];
      random.nextBytes(hello);
      // RFC 6347 section 4.1: a handshake record of DTLS 1.2 with a client hello in it.
      hello[0] = 22;
      hello[1] = (byte) 0xfe;
      hello[2] = (byte) 0xfd;
      hello[11] = 0;
      hello[12] = (byte) 187;
      hello[13] = 1;
      return hello;
    }
    var out = new byte[dev.parley.protocol.stun.StunWriter.BYTES_MAX];
    var transaction = new byte[12];
    random.nextBytes(transaction);
    var length =
        dev.parley.protocol.stun.StunWriter.request(
            transaction,
            "%08x:%08x".formatted(random.nextInt(), random.nextInt()),
            true,
            new dev.parley.protocol.stun.StunKey("nobody's password at all"),
            out,
            0);
    return Arrays.copyOf(out, length);
  }

  @Test
  void hellosOfAKnownPeerTakeOnePlaceAndEndByThemselves() throws Exception {
    try (var flooder = new RtcClient();
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      var join = media.play("other", "", "", Limits.NONE, flooder.offer(false));
      flooder.take(assertInstanceOf(MediaJoin.Joined.class, join).answer());
      until("the check", () -> checked(flooder));
      var random = new Random(7);
      for (var i = 0; i < 20_000; i++) {
        flooder.raw(flood(random, 2 * i));
      }
      publish("r", sender);
      play("r", viewer);
      flow(sender, viewer, 1);
      until("the end of the false handshake", () -> media.dump("other").isEmpty());
    }
  }

  private static boolean checked(RtcClient client) {
    try {
      return client.check(true, client.remotePassword(), 500);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void stormsOfRequestsAreBounded() throws Exception {
    try (var sender = new RtcClient();
        var viewer = new RtcClient();
        var stormer = new RtcClient()) {
      publish("r", sender);
      play("r", viewer);
      play("r", stormer);
      var next = flow(sender, viewer, 1);
      var shown = stormer.rtp.poll(20, TimeUnit.SECONDS);
      assertNotNull(shown, "The stormer sees as well.");
      var ssrc = RtcClient.get32(shown, 8);
      // What the viewer sees has numbers of its own.
      var ahead = number(shown) - RtcClient.get32(shown, 24);
      sender.rtcp.clear();
      stormer.rtp.clear();
      var begun = System.nanoTime();
      var packets = 200;
      for (var i = 0; i < packets; i++) {
        sender.raw(sender.video(next + i, false, 1_000));
        for (var j = 0; j < 20; j++) {
          stormer.report(nack(ssrc, next + i - 16 + ahead));
          stormer.report(pictureLoss(ssrc));
        }
        var before = i - 20;
        until("the packets before", () -> viewer.rtp.size() >= before);
      }
      until("all packets", () -> viewer.rtp.size() >= packets);
      var seconds = (System.nanoTime() - begun) / 1e9;
      var again = stormer.rtp.stream().filter(packet -> (packet[1] & 0x7f) == 97).count();
      // 68,000 packets are asked for; the estimate is 800 kbit/s, and repairs go at half more.
      var repairsMax = 20 + seconds * 1.5 * 800_000 / 8_000;
      System.out.printf("%d repairs, %.1f s, at most %.0f%n", again, seconds, repairsMax);
      assertTrue(again > 0 && again < repairsMax, again + " repairs in " + seconds + " s");
      var asked =
          sender.rtcp.stream()
              .filter(packet -> (packet[1] & 0xff) == 206 && (packet[0] & 0x1f) == 1)
              .count();
      assertTrue(asked <= 2 + 2 * seconds, asked + " key frames asked for in " + seconds + " s");
    }
  }

  /** RFC 4585 section 6.2.1: seventeen packets are missing. */
  private static byte[] nack(int ssrc, int first) {
    var packet = new byte[16];
    packet[0] = (byte) 0x81;
    packet[1] = (byte) 205;
    packet[3] = 3;
    RtcClient.put32(packet, 4, 1);
    RtcClient.put32(packet, 8, ssrc);
    RtcClient.put32(packet, 12, first << 16 | 0xffff);
    return packet;
  }

  /** RFC 4585 section 6.3.1. */
  private static byte[] pictureLoss(int ssrc) {
    var packet = new byte[12];
    packet[0] = (byte) 0x81;
    packet[1] = (byte) 206;
    packet[3] = 2;
    RtcClient.put32(packet, 4, 1);
    RtcClient.put32(packet, 8, ssrc);
    return packet;
  }

  @Test
  void sequenceNumbersAndTimestampsWrapWithoutASeam() throws Exception {
    try (var sender = new RtcClient();
        var viewer = new RtcClient()) {
      publish("r", sender);
      play("r", viewer);
      // RFC 3711 section 3.3.1: what comes first is taken for the first round of numbers.
      var sequence = 32_000;
      var timestamp = 0xffff_ffff - 200 * 3_000;
      while (viewer.rtp.poll(100, TimeUnit.MILLISECONDS) == null) {
        sender.raw(packet(sender, sequence++, timestamp += 3_000, true));
        assertTrue(sequence < 32_400, "Nothing was forwarded.");
      }
      viewer.rtp.clear();
      var packets = 36_000;
      for (var i = 0; i < packets; i++) {
        sender.raw(packet(sender, sequence++, timestamp += 3_000, i % 500 == 0));
        var before = i - 30;
        until("the packets before", () -> viewer.rtp.size() >= before);
      }
      until("all", () -> viewer.rtp.size() >= packets);
      var numbers = new HashSet<Integer>();
      byte[] last = null;
      for (var packet : viewer.rtp) {
        numbers.add(number(packet));
        if (last != null) {
          assertEquals(1, number(packet) - number(last) & 0xffff);
          assertEquals(3_000, RtcClient.get32(packet, 4) - RtcClient.get32(last, 4));
        }
        last = packet;
      }
      assertEquals(packets, numbers.size());
    }
  }

  private static int number(byte[] packet) {
    return (packet[2] & 0xff) << 8 | (packet[3] & 0xff);
  }

  private static byte[] packet(RtcClient sender, int sequence, int timestamp, boolean key) {
    var packet = new byte[60];
    packet[0] = (byte) 0x80;
    packet[1] = (byte) (0x80 | RtcClient.VP8);
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    RtcClient.put32(packet, 4, timestamp);
    RtcClient.put32(packet, 8, RtcClient.SSRC);
    // RFC 7741 section 4.3.
    packet[12] = 0x10;
    packet[13] = (byte) (key ? 0 : 1);
    packet[16] = (byte) 0x9d;
    packet[17] = 0x01;
    packet[18] = 0x2a;
    return sender.seal(packet, sequence);
  }
}
