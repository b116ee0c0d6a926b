package dev.parley.bench;

import dev.parley.media.RtcClient;
import dev.parley.media.RtcLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./parley bench media [viewers|crowd]...}: one sender of 500 VP8-shaped packets a second of
 * 1,112 bytes and many viewers with real ICE, DTLS and AES-GCM over loopback, on Parley and on
 * Debian's Janus in turns; and a room of 1,000 listeners with 20 voices. What a server takes is
 * what Linux accounts to its process.
 */
public final class Media {
  private static final int PACKETS_PER_SECOND = 500;
  private static final int PAYLOAD_BYTES = 1_100;
  private static final int ROUNDS = 3;
  private static final int SETTLE_SECONDS = 2;
  private static final int SECONDS = 8;
  private static final int JOINS_AT_A_TIME = 8;

  /** Every so many-th viewer opens its packets, to see when they were sent. */
  private static final int TIMED = 10;

  private final Path home;
  private final Path work;
  private final Table table = new Table();

  private Media(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    var phases = List.of(arguments).subList(1, arguments.length);
    var media = new Media(Path.of(arguments[0]), work);
    try {
      for (var phase : phases.isEmpty() ? List.of("viewers", "crowd") : phases) {
        switch (phase) {
          case "viewers" -> media.viewers();
          case "crowd" -> media.crowd();
          default ->
              throw new IllegalArgumentException(
                  "Unknown phase " + phase + "; known: viewers, crowd");
        }
      }
      media.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    System.exit(0);
  }

  /** What a phase showed. */
  private record Figures(
      double perSecond,
      double perCpuSecond,
      double perWorkerSecond,
      double p50,
      double p99,
      double transit50,
      double transit99,
      long lost,
      long unsent) {}

  /** A peer under load: its sender, and the viewers that have joined so far. */
  private static final class Stage implements AutoCloseable {
    final MediaPeer peer;
    final RtcLoad.Transits transits = new RtcLoad.Transits();
    final List<Double> joins = new ArrayList<>();
    final List<Instant> window = new ArrayList<>();
    private final RtcClient client = new RtcClient(MediaPeer.ADDRESS);
    private final List<RtcClient> clients = new ArrayList<>();
    private final List<RtcLoad> viewers = new ArrayList<>();
    private RtcLoad sender;
    private int sequence = 1;
    private double dueNanos;

    Stage(MediaPeer peer) throws Exception {
      this.peer = peer;
      peer.publish(client);
      sender = client.load();
    }

    /** Lets viewers in until there are so many, while the sender sends. */
    void grow(int count) throws Exception {
      var missing = count - viewers.size();
      try (var pool = Executors.newFixedThreadPool(JOINS_AT_A_TIME)) {
        var tasks = new ArrayList<java.util.concurrent.Future<Double>>();
        for (var i = 0; i < missing; i++) {
          tasks.add(pool.submit((Callable<Double>) this::join));
        }
        while (!tasks.stream().allMatch(java.util.concurrent.Future::isDone)) {
          send(1);
        }
        for (var task : tasks) {
          joins.add(task.get());
        }
      }
    }

    /** From the wish to watch to the first packet of a key frame, milliseconds. */
    private double join() throws Exception {
      var viewer = new RtcClient(MediaPeer.ADDRESS);
      var begun = System.nanoTime();
      var load = viewer.load();
      peer.watch(viewer);
      while (load.firstNanos() == 0) {
        LockSupport.parkNanos(200_000);
        if (System.nanoTime() - begun > 20e9) {
          throw new IllegalStateException(peer.name() + " sends a viewer no key frame.");
        }
      }
      synchronized (this) {
        clients.add(viewer);
        if (viewers.size() % TIMED == 0) {
          load.time(transits);
        }
        viewers.add(load);
      }
      return (load.firstNanos() - begun) / 1e6;
    }

    private int send(double seconds) {
      dueNanos = Math.max(dueNanos, System.nanoTime() - 50e6);
      var count = (int) (seconds * PACKETS_PER_SECOND);
      for (var i = 0; i < count; i++) {
        dueNanos += 1e9 / PACKETS_PER_SECOND;
        while (System.nanoTime() < dueNanos) {
          LockSupport.parkNanos((long) dueNanos - System.nanoTime());
        }
        sender.video(sequence++, PAYLOAD_BYTES);
      }
      return count;
    }

    private long received() {
      return viewers.stream().mapToLong(RtcLoad::received).sum();
    }

    Figures measure() throws Exception {
      send(SETTLE_SECONDS);
      LockSupport.parkNanos(200_000_000);
      transits.clear();
      var received = received();
      var forwarded = forwarded();
      var cpu = peer.cpuSeconds();
      var worker = workerSeconds();
      window.clear();
      window.add(Instant.now());
      var begun = System.nanoTime();
      var sent = send(SECONDS);
      var seconds = (System.nanoTime() - begun) / 1e9;
      window.add(Instant.now());
      cpu = peer.cpuSeconds() - cpu;
      worker = workerSeconds() - worker;
      LockSupport.parkNanos(300_000_000);
      var count = received() - received;
      return new Figures(
          count / seconds,
          count / cpu,
          count / worker,
          transits.millis(50),
          transits.millis(99),
          transit("0.5"),
          transit("0.99"),
          (long) sent * viewers.size() - count,
          (long) sent * viewers.size() - (forwarded() - forwarded));
    }

    private long forwarded() throws Exception {
      return peer instanceof ParleyMedia parley ? parley.forwarded() : 0;
    }

    private double transit(String quantile) throws Exception {
      return peer instanceof ParleyMedia parley ? parley.transitMillis(quantile) : Double.NaN;
    }

    private double workerSeconds() throws Exception {
      return peer instanceof ParleyMedia parley ? parley.workerSeconds() : 0;
    }

    int size() {
      return viewers.size();
    }

    @Override
    public void close() throws Exception {
      clients.forEach(RtcClient::close);
      client.close();
      peer.close();
    }
  }

  private void viewers() throws Exception {
    var parley = ParleyMedia.start(home, work.resolve("parley"));
    try (var ours = new Stage(parley);
        var theirs = new Stage(Janus.start(work.resolve("janus")))) {
      var recording = Recording.start(parley.server.pid(), work.resolve("parley.jfr"));
      // The generator's own handshakes are compiled by those with Janus, which counts no joins yet.
      theirs.grow(JOINS_AT_A_TIME);
      theirs.joins.clear();
      ours.grow(JOINS_AT_A_TIME);
      var first = List.copyOf(ours.joins);
      ours.joins.clear();
      ours.grow(40);
      warm(ours);
      theirs.grow(40);
      turns(40, ours, theirs);
      ours.grow(60);
      theirs.grow(60);
      turns(60, ours, theirs);
      ours.grow(100);
      theirs.grow(100);
      turns(100, ours, theirs);
      var packets = (long) SECONDS * PACKETS_PER_SECOND * ours.size() - ours.measure().unsent();
      recording.stop();
      allocation(recording, ours, packets);
      joins(ours, theirs);
      table.row(
          "Parley: the same of the first %d after the server's start, p50".formatted(first.size()),
          "%.0f ms".formatted(Core.median(first)),
          "",
          "");
    }
  }

  /** The compiler works while the first packets go through; that is not the packets' own cost. */
  private void warm(Stage stage) throws Exception {
    var last = 0.0;
    for (var i = 0; i < 8; i++) {
      var next = stage.measure().perCpuSecond();
      if (next < 1.07 * last) {
        return;
      }
      last = next;
    }
  }

  private void turns(int count, Stage ours, Stage theirs) throws Exception {
    var parley = new ArrayList<Figures>();
    var janus = new ArrayList<Figures>();
    for (var round = 0; round < ROUNDS; round++) {
      parley.add(ours.measure());
      janus.add(theirs.measure());
    }
    var what = count + " viewers, ";
    var rate = Core.median(parley, Figures::perCpuSecond);
    table.row(
        what + "Parley: packets per CPU-second of the process",
        "%,.0f".formatted(rate),
        ">= 100,000",
        rate >= 100_000 ? "reached" : "missed");
    table.row(
        what + "Parley: packets per CPU-second of the worker's thread",
        "%,.0f".formatted(Core.median(parley, Figures::perWorkerSecond)),
        "",
        "");
    table.row(
        what + "Janus: packets per CPU-second of the process",
        "%,.0f".formatted(Core.median(janus, Figures::perCpuSecond)),
        "",
        "");
    var ratios = new ArrayList<Double>();
    for (var round = 0; round < ROUNDS; round++) {
      ratios.add(parley.get(round).perCpuSecond() / janus.get(round).perCpuSecond());
    }
    ratios.sort(null);
    var ratio = ratios.get(ROUNDS / 2);
    table.row(
        what + "Parley / Janus, median of neighbours",
        "%.1f (%.1f to %.1f)".formatted(ratio, ratios.getFirst(), ratios.getLast()),
        ">= 2",
        ratio >= 2 ? "reached" : "missed");
    var late = Core.median(parley, Figures::transit99);
    var lost = parley.stream().mapToLong(Figures::lost).sum();
    var unsent = parley.stream().mapToLong(Figures::unsent).sum();
    table.row(
        what + "Parley: from a packet's arrival at the kernel to its leaving, p50 / p99",
        "%.2f / %.2f ms".formatted(Core.median(parley, Figures::transit50), late),
        count == 60 ? "p99 < 2 ms" : "",
        count == 60 ? (late < 2 ? "reached" : "missed") : "");
    table.row(
        what + "Parley: under way p50 / p99, both of the generator's sockets included",
        "%.2f / %.2f ms"
            .formatted(Core.median(parley, Figures::p50), Core.median(parley, Figures::p99)),
        "",
        "");
    table.row(
        what + "Janus: under way p50 / p99",
        "%.2f / %.2f ms"
            .formatted(Core.median(janus, Figures::p50), Core.median(janus, Figures::p99)),
        "",
        "");
    table.row(
        what
            + "packets that Parley did not send on, of %,.0f/s"
                .formatted(Core.median(parley, Figures::perSecond)),
        "%d".formatted(unsent),
        count == 60 ? "none" : "",
        count == 60 ? (unsent == 0 ? "reached" : "missed") : "");
    table.row(
        what + "packets that did not come, by the generator's sockets or otherwise, Parley / Janus",
        "%d / %d".formatted(lost, janus.stream().mapToLong(Figures::lost).sum()),
        "",
        "");
  }

  private void joins(Stage ours, Stage theirs) {
    for (var stage : List.of(ours, theirs)) {
      stage.joins.sort(null);
      var median = stage.joins.get(stage.joins.size() / 2);
      table.row(
          "%s: from the wish to watch to the first packet of a key frame, %d at a time, p50 / p95"
              .formatted(stage.peer.name(), JOINS_AT_A_TIME),
          "%.0f / %.0f ms".formatted(median, stage.joins.get(stage.joins.size() * 95 / 100)),
          stage == ours ? "< 500 ms" : "",
          stage == ours ? (median < 500 ? "reached" : "missed") : "");
    }
  }

  private void allocation(Recording recording, Stage stage, long packets) throws Exception {
    var seen = recording.read(stage.window.getFirst(), stage.window.getLast());
    table.row(
        "allocated by the worker per forwarded packet",
        "%.0f bytes".formatted((double) seen.bytes() / packets),
        "what the cipher needs",
        "%.0f %% under javax.crypto".formatted(100 * seen.cipherShare()));
    table.row("the rest of it, by place", String.join("; ", seen.others()), "", "");
    table.row(
        "longest pause of the collector, of %d".formatted(seen.pauses()),
        "%.1f ms".formatted(seen.longestMillis()),
        "p99.9 < 5 ms",
        seen.longestMillis() < 5 ? "reached" : "missed");
  }

  /** A thousand listeners; of twenty voices one speaks, and the others send comfort noise. */
  private void crowd() throws Exception {
    try (var crowd = new Crowded(ParleyMedia.start(home, work.resolve("crowd")))) {
      crowd.run(table);
    }
  }
}
