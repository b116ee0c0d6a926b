package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several workers, each with a port and rooms of its own, over IPv4 and IPv6; and what is known
 * afterwards.
 */
@Timeout(120)
class MediaPlacesTest {
  @ParameterizedTest
  @CsvSource({"127.0.0.1, true", "::1, true", "::1, false"})
  void roomsAreSpreadOverWorkers(String address, boolean batches) throws Exception {
    var settings =
        new Settings(
            Map.of(
                "media.address",
                address,
                "media.workers",
                "3",
                "media.batches",
                Boolean.toString(batches)));
    var registry = new SimpleMeterRegistry();
    var records = new LinkedBlockingQueue<ConnectionRecord>();
    var ports = new HashSet<Integer>();
    try (var media =
        new Media(
            MediaConfig.of(settings, true), InstantSource.system(), new SecureRandom(), registry)) {
      media.onEnd(records::add);
      for (var room = 0; room < 6; room++) {
        var name = "room " + room;
        try (var sender = new RtcClient(InetAddress.ofLiteral(address));
            var viewer = new RtcClient(InetAddress.ofLiteral(address))) {
          sender.connect(
              assertInstanceOf(
                      MediaJoin.Joined.class,
                      media.publish(name, "ann", Limits.NONE, sender.offer(true)))
                  .answer());
          viewer.connect(
              assertInstanceOf(
                      MediaJoin.Joined.class,
                      media.play(name, "ann", "", Limits.NONE, viewer.offer(false)))
                  .answer());
          assertTrue(media.capture(name, 3));
          var sequence = 1;
          while (viewer.rtp.poll(100, TimeUnit.MILLISECONDS) == null) {
            assertTrue(sequence < 400, "Nothing was forwarded.");
            sender.raw(sender.video(sequence++, true, 60));
          }
          ports.add(media.dump(name).orElseThrow().port());
          var file = java.nio.ByteBuffer.wrap(media.captured(name).orElseThrow());
          assertEquals(0xa1b23c4d, file.getInt(0));
          // The first packet: its record, made-up IP and UDP, then the header of RTP and nothing
          // behind it.
          assertEquals(20 + 8 + 12, file.getInt(24 + 8));
          assertEquals(20 + 8 + 12 + 60, file.getInt(24 + 12));
          assertEquals(RtcClient.SSRC, file.getInt(24 + 16 + 28 + 8));
          viewer.leave();
          var down = Objects.requireNonNull(records.poll(40, TimeUnit.SECONDS));
          assertEquals(name, down.room());
          assertEquals("udp", down.transport());
          assertTrue(!down.publishes() && down.streams().getFirst().packets() > 0);
          assertEquals("ann", down.streams().getFirst().stream());
          assertEquals("VP8", down.streams().getFirst().codec());
          sender.leave();
          var up = Objects.requireNonNull(records.poll(40, TimeUnit.SECONDS));
          assertTrue(up.publishes() && up.streams().getFirst().keyFrames() > 0);
          assertTrue(!up.ended().isBefore(up.began()));
        }
      }
      assertEquals(3, ports.size(), "Each worker has got a room.");
      var counted =
          registry
              .get("parley.media.stream.bitrate")
              .tags("direction", "out", "kind", "video")
              .summary();
      assertEquals(6, counted.count());
    }
  }
}
