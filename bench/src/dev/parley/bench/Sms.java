package dev.parley.bench;

import dev.parley.base.kit.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * {@code ./parley bench sms [accepted|through|start]... [QUEUE]}: messages accepted over HTTP,
 * messages through one SMPP bind to a simulator in another process with receipts, Debian's kannel
 * doing the same in turns, and a start with a long queue.
 */
public final class Sms {
  private static final int BATCH = 100;
  private static final int CLIENTS = 4;
  private static final double SECONDS = 6;

  /**
   * As many as the JIT compiler needs to be done with most of its work, which would count as the
   * messages' own.
   */
  private static final int WARM = 40_000;

  private static final int THROUGH = 20_000;
  private static final int PAIRS = 3;
  private static final String VERSION = "/sms?api-version=2026-01-23";

  private final Path home;
  private final Path work;
  private final int queue;
  private final Table table = new Table();

  private Sms(Path home, Path work, int queue) {
    this.home = home;
    this.work = work;
    this.queue = queue;
  }

  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    var queue = 1_000_000;
    var phases = new ArrayList<String>();
    for (var argument : List.of(arguments).subList(1, arguments.length)) {
      if (argument.matches("[0-9]+")) {
        queue = Integer.parseInt(argument);
      } else {
        phases.add(argument);
      }
    }
    var sms = new Sms(Path.of(arguments[0]), work, queue);
    try {
      sms.run(phases.isEmpty() ? List.of("accepted", "through", "start") : phases);
      sms.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void run(List<String> phases) throws Exception {
    for (var phase : phases) {
      switch (phase) {
        case "accepted" -> accepted();
        case "through" -> through();
        case "start" -> restart();
        default ->
            throw new IllegalArgumentException(
                "Unknown phase " + phase + "; known: accepted, through, start");
      }
    }
  }

  private static String verdict(boolean good) {
    return good ? "yes" : "NO";
  }

  private static List<String> settings(int carrier) {
    return List.of(
        "sms.carriers.far.host=127.0.0.1",
        "sms.carriers.far.port=" + carrier,
        "sms.carriers.far.prefixes=+49:1",
        "sms.carriers.far.window=100");
  }

  /** Durable acceptance alone: Parley's carrier is away. */
  private void accepted() throws Exception {
    var ours = 0.0;
    try (var server = Server.start(home, work.resolve("accept"), settings(FreePort.find()))) {
      var clients = clients(server, CLIENTS);
      Load.run(clients, SECONDS / 2);
      var before = Cpu.seconds(server.pid());
      var result = Load.run(clients, SECONDS);
      var count = result.count() * BATCH;
      ours = count / result.seconds();
      table.row(
          "accepted over HTTP, batches of 100, 4 clients",
          "%,.0f/s, %.0f us CPU each, p99 %.0f ms a batch"
              .formatted(
                  ours, (Cpu.seconds(server.pid()) - before) * 1e6 / count, result.millis(99)),
          ">= 5,000/s",
          verdict(ours >= 5_000 && result.failures() == 0));
      for (var client : clients) {
        client.close();
      }
    }
    try (var carrier = new Carrier();
        var kannel = Kannel.start(work.resolve("kannel"), carrier.port)) {
      var theirs = kannel.accept(CLIENTS, BATCH, SECONDS);
      table.row("kannel: accepted over HTTP, batches of 100", "%,.0f/s".formatted(theirs), "", "");
      table.row(
          "Parley / kannel, accepted",
          "%.2f".formatted(ours / theirs),
          "aim 2",
          verdict(ours >= 2 * theirs));
    }
  }

  /**
   * From HTTP through one bind to the carrier, and its receipts back to the disk; in turns with
   * kannel.
   */
  private void through() throws Exception {
    var ours = new ArrayList<Cost>();
    var theirs = new ArrayList<Cost>();
    try (var carrier = new Carrier();
        var server = Server.start(home, work.resolve("through"), settings(carrier.port));
        var other = new Carrier();
        var kannel = Kannel.start(work.resolve("kannel2"), other.port)) {
      carrier.perSecond(WARM, () -> send(server, WARM));
      for (var pair = 0; pair < PAIRS; pair++) {
        ours.add(cost(carrier, () -> send(server, THROUGH), () -> Cpu.seconds(server.pid())));
        theirs.add(cost(other, () -> kannel.send(THROUGH, BATCH), kannel::cpuSeconds));
      }
    }
    var rate = Core.median(ours, Cost::perSecond);
    table.row(
        "HTTP to carrier to receipt stored, one bind",
        "%,.0f/s, %.0f us CPU each".formatted(rate, Core.median(ours, Cost::micros)),
        ">= 2,000/s",
        verdict(rate >= 2_000));
    table.row(
        "kannel: through one bind with receipts",
        "%,.0f/s, %.0f us CPU each"
            .formatted(Core.median(theirs, Cost::perSecond), Core.median(theirs, Cost::micros)),
        "",
        "");
    var ratios = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    for (var i = 0; i < PAIRS; i++) {
      ratios.add(ours.get(i).perSecond() / theirs.get(i).perSecond());
      cpu.add(theirs.get(i).micros() / ours.get(i).micros());
    }
    var ratio = Core.median(ratios, Double::doubleValue);
    table.row(
        "Parley / kannel, through, median of pairs",
        "%.2f".formatted(ratio),
        "aim 2",
        verdict(ratio >= 2));
    table.row(
        "the same by messages per CPU second",
        "%.2f".formatted(Core.median(cpu, Double::doubleValue)),
        "",
        "");
  }

  private static Cost cost(Carrier carrier, Work work, DoubleSupplier cpu) throws Exception {
    var before = cpu.getAsDouble();
    var rate = carrier.perSecond(THROUGH, work);
    return new Cost(rate, (cpu.getAsDouble() - before) * 1e6 / THROUGH);
  }

  private void restart() throws Exception {
    var data = work.resolve("queue");
    var carrier = FreePort.find();
    try (var server = Server.start(home, data, settings(carrier))) {
      send(server, queue);
    }
    try (var server = Server.start(home, data, settings(carrier))) {
      table.row(
          "start with %,d messages queued, to the first answer".formatted(queue),
          "%.2f s, %.2f s of CPU".formatted(server.startSeconds, Cpu.seconds(server.pid())),
          "<= 5 s",
          verdict(server.startSeconds <= 5));
    }
  }

  /** Sends so many from two connections, in batches. */
  private static void send(Server server, int count) throws Exception {
    var left = new AtomicLong(count / BATCH);
    var clients = new ArrayList<Load.Client>();
    for (var client : clients(server, 2)) {
      clients.add(client);
    }
    var threads = new ArrayList<Thread>();
    for (var client : clients) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try (client) {
                  while (left.getAndDecrement() > 0) {
                    if (!client.next()) {
                      throw new IllegalStateException("A batch was refused.");
                    }
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  private static List<Load.Client> clients(Server server, int count) throws Exception {
    var clients = new ArrayList<Load.Client>();
    for (var i = 0; i < count; i++) {
      clients.add(client(server, i));
    }
    return clients;
  }

  private static Load.Client client(Server server, int number) throws Exception {
    var recipients = new ArrayList<String>();
    for (var i = 0; i < BATCH; i++) {
      recipients.add("{\"to\":\"+4915%03d%05d\"}".formatted(number, 10_000 + i));
    }
    var request =
        server.signed(
            VERSION,
            "{\"from\":\"%s\",\"message\":\"%s\",\"smsRecipients\":[%s],\"smsSendOptions\":{\"enableDeliveryReport\":true}}"
                .formatted(
                    server.environment("ACS_SMS_FROM"),
                    "x".repeat(100),
                    String.join(",", recipients)));
    var connection = new Connection(server.httpPort, null);
    return new Load.Client() {
      @Override
      public boolean next() throws IOException {
        return connection.exchange(request).status() == 202;
      }

      @Override
      public void close() throws IOException {
        connection.close();
      }
    };
  }

  /** The simulator's process. */
  private static final class Carrier implements AutoCloseable {
    final Process process;
    final BufferedReader lines;
    final int port;
    private long seen;

    Carrier() throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.parley.bench.SmppSimulator")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
      port = Integer.parseInt(lines.readLine().substring("port ".length()));
    }

    /** Messages a second from the first request to the answer to the last receipt. */
    double perSecond(int count, Work work) throws Exception {
      var start = System.nanoTime();
      var until = seen + count;
      var sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  work.run();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      while (seen < until) {
        var line = lines.readLine();
        if (line == null) {
          throw new IOException("The simulator has ended.");
        }
        seen = Long.parseLong(line.split(" ")[1]);
      }
      sender.join();
      return count * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  /** What a measurement does. */
  interface Work {
    void run() throws Exception;
  }
}
