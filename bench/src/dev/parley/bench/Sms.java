package dev.parley.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code ./parley bench sms [QUEUE]}: messages accepted over HTTP, messages through one SMPP bind to a simulator in another
 * process with receipts, Debian's kannel doing the same, and a start with a long queue.
 */
public final class Sms {
  private static final int BATCH = 100;
  private static final int CLIENTS = 4;
  private static final double SECONDS = 6;
  private static final int THROUGH = 30_000;
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
    var sms = new Sms(Path.of(arguments[0]), work, arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000);
    try {
      sms.run();
      sms.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void run() throws Exception {
    var accepted = accepted();
    var through = through();
    if (Kannel.installed()) {
      try (var carrier = new Carrier();
          var kannel = Kannel.start(work.resolve("kannel"), carrier.port)) {
        var theirs = kannel.accept(CLIENTS, BATCH, SECONDS);
        table.row("kannel: accepted over HTTP, batches of 100", "%,.0f/s".formatted(theirs), "", "");
        table.row("Parley / kannel, accepted", "%.2f".formatted(accepted / theirs), "aim 2", verdict(accepted >= 2 * theirs));
      }
      try (var carrier = new Carrier();
          var kannel = Kannel.start(work.resolve("kannel2"), carrier.port)) {
        var theirs = carrier.perSecond(THROUGH, () -> kannel.send(THROUGH, BATCH));
        table.row("kannel: through one bind with receipts", "%,.0f/s".formatted(theirs), "", "");
        table.row("Parley / kannel, through", "%.2f".formatted(through / theirs), "aim 2", verdict(through >= 2 * theirs));
      }
    } else {
      table.row("kannel", "not installed (Debian's kannel)", "", "");
    }
    restart();
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

  /** Durable acceptance alone: the carrier is away. */
  private double accepted() throws Exception {
    try (var server = Server.start(home, work.resolve("accept"), settings(Server.freePort()))) {
      var clients = clients(server, CLIENTS);
      Load.run(clients, SECONDS / 2);
      var before = Cpu.seconds(server.pid());
      var result = Load.run(clients, SECONDS);
      var count = result.count() * BATCH;
      var rate = count / result.seconds();
      table.row(
          "accepted over HTTP, batches of 100, 4 clients",
          "%,.0f/s, %.0f us CPU each, p99 %.0f ms a batch"
              .formatted(rate, (Cpu.seconds(server.pid()) - before) * 1e6 / count, result.millis(99)),
          ">= 5,000/s",
          verdict(rate >= 5_000 && result.failures() == 0));
      for (var client : clients) {
        client.close();
      }
      return rate;
    }
  }

  /** From HTTP through one bind to the carrier, and its receipts back to the disk. */
  private double through() throws Exception {
    try (var carrier = new Carrier();
        var server = Server.start(home, work.resolve("through"), settings(carrier.port))) {
      carrier.perSecond(5_000, () -> send(server, 5_000));
      var before = Cpu.seconds(server.pid());
      var rate = carrier.perSecond(THROUGH, () -> send(server, THROUGH));
      table.row(
          "HTTP to carrier to receipt stored, one bind",
          "%,.0f/s, %.0f us CPU each".formatted(rate, (Cpu.seconds(server.pid()) - before) * 1e6 / THROUGH),
          ">= 2,000/s",
          verdict(rate >= 2_000));
      return rate;
    }
  }

  private void restart() throws Exception {
    var data = work.resolve("queue");
    var carrier = Server.freePort();
    try (var server = Server.start(home, data, settings(carrier))) {
      send(server, queue);
    }
    try (var server = Server.start(home, data, settings(carrier))) {
      table.row(
          "start with %,d messages queued, to the first answer".formatted(queue),
          "%.2f s".formatted(server.startSeconds),
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
              .start(
                  () -> {
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
                .formatted(server.environment("ACS_SMS_FROM"), "x".repeat(100), String.join(",", recipients)));
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
              .start(
                  () -> {
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
