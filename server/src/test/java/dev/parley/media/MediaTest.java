package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the front door, with clients that speak the protocols over real sockets. */
@Timeout(120)
class MediaTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(40);

  private static Media media(boolean batches) {
    return media(batches, new SimpleMeterRegistry());
  }

  private static Media media(boolean batches, MeterRegistry registry) {
    var settings =
        new Settings(
            Map.of(
                "media.address", "127.0.0.1",
                "media.workers", "1",
                "media.batches", Boolean.toString(batches)));
    return new Media(
        MediaConfig.of(settings, true), InstantSource.system(), new SecureRandom(), registry);
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
  void howLongPacketsWereHereIsToldWhereTheKernelSaysWhenTheyCame(boolean batches)
      throws Exception {
    var registry = new SimpleMeterRegistry();
    try (var media = media(batches, registry);
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      publish(media, sender);
      play(media, viewer);
      warm(sender, viewer);
    }
    var transit = registry.get("parley.media.transit").timer();
    assertEquals(batches && LinuxCalls.available(), transit.count() > 0);
    assertTrue(transit.max(TimeUnit.SECONDS) < 60, "No clock of another kind was read.");
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void probesThatNameNoSourceAreAcknowledged(boolean batches) throws Exception {
    var section =
        """
        m=video 9 UDP/TLS/RTP/SAVPF 96 97
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 transport-cc
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=extmap:2 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        """;
    try (var media = media(batches);
        var sender = new RtcClient()) {
      // Two sections have the payload type: it does not say either which of them it is.
      var offer = sender.offerOf(true, section, section);
      sender.connect(joined(media.publish("r", "ann", Limits.NONE, offer)).answer());
      var isFeedback =
          (Predicate<byte[]>) packet -> (packet[1] & 0xff) == 205 && (packet[0] & 0x1f) == 15;
      for (var number = 0; sender.rtcp.stream().noneMatch(isFeedback); number++) {
        assertTrue(number < 1_000, "A probe is acknowledged.");
        sender.raw(sender.probe(number, 2, number));
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=fmtp:96 x-google-start-bitrate=1500\n", "a=rtcp-fb:96 nack\n", ""})
  void aLayerGoesOnWhenAnotherSectionIsOffered(String saysBesides) throws Exception {
    var section =
        """
        m=video 9 UDP/TLS/RTP/SAVPF 96 97
        a=rtpmap:96 VP8/90000
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
        """;
    var layered =
        """
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
        a=rid:q send
        a=simulcast:send q
        """;
    // Without anything else that is new the extensions are.
    var added = saysBesides.isEmpty() ? "a=extmap:5 urn:3gpp:video-orientation\n" : saysBesides;
    try (var media = media(true);
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      var publishing = media.publishing("r", "ann", () -> {});
      var first = sender.offerOf(true, section + layered);
      sender.connect(joined(publishing.offer(first, Set.of("0"))).answer());
      play(media, viewer);
      var sequence = 1;
      for (; viewer.rtp.isEmpty(); sequence++) {
        assertTrue(sequence < 1_000, "The layer is forwarded.");
        sender.raw(sender.layer(sequence, "0", "q"));
        LockSupport.parkNanos(20_000_000);
      }
      var second = sender.offerOf(true, section + layered + added, section);
      var _ = joined(publishing.offer(second, Set.of("0", "1")));
      viewer.rtp.clear();
      // A sender that was acknowledged does not say any more which section and layer it is of.
      for (var i = 0; viewer.rtp.size() < 20; i++) {
        assertTrue(i < 1_000, "The layer goes on.");
        sender.raw(sender.video(sequence++, true, 60));
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  @Test
  void aSectionThatRestedGoesOnUnderAnotherSource() throws Exception {
    try (var media = media(true);
        var sender = new RtcClient();
        var viewer = new RtcClient()) {
      publish(media, sender);
      var records = new LinkedBlockingQueue<ConnectionRecord>();
      media.onEnd(records::add);
      var picture = List.of(new TrackName("ann", "0", true));
      var viewing = media.viewing("r", "bob", () -> {});
      var first = viewing.offer(picture, false).orElseThrow();
      joined(viewing.answer(first.number(), viewer.answer(first.sdp())));
      viewer.connect(first.sdp());
      var next = warm(sender, viewer);
      var rest = viewing.offer(List.of(), false).orElseThrow();
      joined(viewing.answer(rest.number(), viewer.answer(rest.sdp())));
      var again = viewing.offer(picture, false).orElseThrow();
      joined(viewing.answer(again.number(), viewer.answer(again.sdp())));
      viewer.rtp.clear();
      for (var i = 0; viewer.rtp.isEmpty(); i++) {
        assertTrue(i < 1_000, "The picture is back.");
        sender.raw(sender.video(next++, true, 60));
        LockSupport.parkNanos(20_000_000);
      }
      var after = RtcClient.get32(viewer.rtp.element(), 8);
      assertTrue(again.sdp().contains("a=ssrc:" + after + " "), again.sdp());
      assertFalse(first.sdp().contains("a=ssrc:" + after + " "), first.sdp());
      viewing.close();
      var record = records.poll(20, TimeUnit.SECONDS);
      assertNotNull(record);
      assertEquals(2, record.streams().size(), "Both are told of when the viewer has left.");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyViewersWhoComeTogetherAreFewRequestsAndOneKeyFrameServesAll(boolean batches)
      throws Exception {
    var viewers = new ArrayList<RtcClient>();
    try (var media = media(batches);
        var sender = new RtcClient()) {
      publish(media, sender);
      until(
          "the server's half of the handshake",
          () -> media.dump("r").orElseThrow().senders().getFirst().connected());
      sender.raw(sender.video(1, true, 100));
      until("the stream", () -> packets(media) > 0);
      sender.rtcp.clear();
      var begun = System.nanoTime();
      for (var i = 0; i < 20; i++) {
        viewers.add(new RtcClient());
        play(media, viewers.getLast());
      }
      until(
          "everybody",
          () ->
              media.dump("r").orElseThrow().viewers().stream()
                  .allMatch(RoomDump.Viewer::connected));
      until("a request", () -> keyFramesAsked(sender) > 0);
      var asked = keyFramesAsked(sender);
      var seconds = (System.nanoTime() - begun) / 1e9;
      assertTrue(asked <= 2 + 2 * seconds, asked + " key frames asked for in " + seconds + " s");
      sender.raw(sender.video(2, true, 100));
      until("all see it", () -> viewers.stream().noneMatch(viewer -> viewer.rtp.isEmpty()));
      // Requests from before are read with the first report, the second one says what is wanted
      // now.
      sender.rtcp.clear();
      await(sender, 201, 1);
      sender.rtcp.clear();
      until("a report", () -> sender.rtcp.stream().anyMatch(one -> (one[1] & 0xff) == 201));
      assertEquals(0, keyFramesAsked(sender), "Nobody needs one any more.");
    } finally {
      viewers.forEach(RtcClient::close);
    }
  }

  private static long packets(Media media) {
    return media.dump("r").orElseThrow().senders().stream()
        .flatMap(sender -> sender.tracks().stream())
        .flatMap(track -> track.layers().stream())
        .mapToLong(RoomDump.Layer::packets)
        .sum();
  }

  /** Picture losses (RFC 4585 section 6.3.1), each in a packet of its own. */
  private static long keyFramesAsked(RtcClient sender) {
    return sender.rtcp.stream()
        .filter(packet -> (packet[1] & 0xff) == 206 && (packet[0] & 0x1f) == 1)
        .count();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void redundantVoiceGoesToWhoTakesItAndTheRestGetsPlainOpus(boolean batches) throws Exception {
    try (var media = media(batches);
        var sender = new RtcClient();
        var taker = new RtcClient();
        var plain = new RtcClient();
        var other = new RtcClient()) {
      var offer =
          sender.offerOf(true, redundant(111) + "a=ssrc:%d cname:a\n".formatted(RtcClient.SSRC));
      sender.connect(joined(media.publish("r", "ann", Limits.NONE, offer)).answer());
      watch(media, taker, redundant(111));
      watch(media, plain, RtcClient.AUDIO);
      watch(media, other, redundant(109));
      var sequence = 1;
      while (taker.rtp.isEmpty() || plain.rtp.isEmpty() || other.rtp.isEmpty()) {
        assertTrue(sequence < 2_000, "Everybody hears.");
        sender.raw(sender.seal(redundantPacket(sequence), sequence));
        sequence++;
        LockSupport.parkNanos(5_000_000);
      }
      var whole = taker.rtp.remove();
      assertEquals(63, whole[1] & 0x7f);
      assertArrayEquals(BLOCKS, Arrays.copyOfRange(whole, 12, whole.length));
      for (var one : List.of(plain, other)) {
        var voice = one.rtp.remove();
        assertEquals(one == plain ? 111 : 109, voice[1] & 0x7f);
        assertArrayEquals(new byte[] {4, 5}, Arrays.copyOfRange(voice, 12, voice.length));
      }
    }
  }

  /** RFC 2198: an older block of three bytes, 960 earlier, and the primary one of two. */
  private static final byte[] BLOCKS = {
    (byte) (0x80 | 111), (byte) (960 >> 6), (byte) (960 << 2), 3, 111, 1, 2, 3, 4, 5
  };

  private static byte[] redundantPacket(int sequence) {
    var packet = new byte[12 + BLOCKS.length];
    packet[0] = (byte) 0x80;
    packet[1] = 63;
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    RtcClient.put32(packet, 4, sequence * 960);
    RtcClient.put32(packet, 8, RtcClient.SSRC);
    System.arraycopy(BLOCKS, 0, packet, 12, BLOCKS.length);
    return packet;
  }

  private static String redundant(int opus) {
    return """
    m=audio 9 UDP/TLS/RTP/SAVPF 63 %1$d
    a=rtpmap:%1$d opus/48000/2
    a=rtpmap:63 red/48000/2
    a=fmtp:63 %1$d/%1$d
    """
        .formatted(opus);
  }

  private static void watch(Media media, RtcClient client, String section) throws Exception {
    var offer = client.offerOf(false, section);
    client.connect(joined(media.play("r", "", "", Limits.NONE, offer)).answer());
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
