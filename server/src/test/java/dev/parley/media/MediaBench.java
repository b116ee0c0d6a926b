package dev.parley.media;

import dev.parley.base.kit.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./parley bench media}: one sender of 500 VP8-shaped packets a second of 1,112 bytes, many
 * viewers with real ICE, DTLS and SRTP, all in this process; the figure is the CPU time of the
 * media worker's thread alone, so that the clients' cost and other load on the machine do not
 * count.
 */
public final class MediaBench {
  private static final int PACKETS_PER_SECOND = 500;
  private static final int PAYLOAD_BYTES = 1_100;
  private static final int WARM_SECONDS = 6;
  private static final int SECONDS = 10;

  private MediaBench() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println(
        "viewers  socket  forwarded/s  forwarded per CPU-second of the worker  lost on the way");
    for (var batches : new boolean[] {true, false}) {
      for (var viewers : new int[] {40, 100}) {
        run(viewers, batches);
      }
    }
    System.exit(0);
  }

  private static void run(int count, boolean batches) throws Exception {
    var settings =
        new Settings(
            Map.of(
                "media.address", "127.0.0.1",
                "media.workers", "1",
                "media.tcp", "false",
                "media.batches", Boolean.toString(batches)));
    try (var media =
            new Media(
                MediaConfig.of(settings, true),
                InstantSource.system(),
                new SecureRandom(),
                new SimpleMeterRegistry());
        var sender = new RtcClient()) {
      var up = (MediaJoin.Joined) media.publish("r", "s", Limits.NONE, sender.offer(true));
      sender.connect(up.answer());
      var viewers = new ArrayList<RtcClient>();
      try {
        for (var i = 0; i < count; i++) {
          var viewer = new RtcClient();
          viewers.add(viewer);
          var down = (MediaJoin.Joined) media.play("r", "", "", Limits.NONE, viewer.offer(false));
          viewer.connect(down.answer());
          viewer.countsOnly = true;
        }
        measure(media, sender, viewers, batches);
      } finally {
        viewers.forEach(RtcClient::close);
      }
    }
  }

  private static void measure(
      Media media, RtcClient sender, List<RtcClient> viewers, boolean batches) {
    var worker =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("media-0"))
            .findFirst()
            .orElseThrow()
            .threadId();
    var threads = ManagementFactory.getThreadMXBean();
    var sequence = send(sender, 1, WARM_SECONDS);
    var cpu = threads.getThreadCpuTime(worker);
    var forwarded = forwarded(media);
    var received = received(viewers);
    var start = System.nanoTime();
    send(sender, sequence, SECONDS);
    var seconds = (System.nanoTime() - start) / 1e9;
    var packets = forwarded(media) - forwarded;
    var cpuSeconds = (threads.getThreadCpuTime(worker) - cpu) / 1e9;
    var lost = packets - (received(viewers) - received);
    System.out.printf(
        "%7d  %-6s  %11.0f  %38.0f  %15d%n",
        viewers.size(), batches ? "batch" : "nio", packets / seconds, packets / cpuSeconds, lost);
  }

  private static int send(RtcClient sender, int first, int seconds) {
    var start = System.nanoTime();
    var total = seconds * PACKETS_PER_SECOND;
    for (var i = 0; i < total; i++) {
      var due = start + i * 1_000_000_000L / PACKETS_PER_SECOND;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      sender.raw(sender.video(first + i, i % 250 == 0, PAYLOAD_BYTES));
    }
    return first + total;
  }

  private static long forwarded(Media media) {
    return media.dump("r").orElseThrow().viewers().stream()
        .flatMap(viewer -> viewer.shown().stream())
        .mapToLong(RoomDump.Shown::packets)
        .sum();
  }

  private static long received(List<RtcClient> viewers) {
    return viewers.stream().mapToLong(viewer -> viewer.counted.sum()).sum();
  }
}
