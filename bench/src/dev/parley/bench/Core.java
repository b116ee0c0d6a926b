package dev.parley.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** {@code ./parley bench core}: what the house, identity and chat cost. Every ratio is of figures from this same run. */
public final class Core {
  static final int CLIENTS = 64;
  static final int PAIRS = 3;
  static final double SECONDS = 6;
  private static final String SEND =
      "{\"content\":\"%s\",\"senderDisplayName\":\"Ann\",\"type\":\"text\"}".formatted("x".repeat(200));

  private final Path home;
  private final Path work;
  private final Table table = new Table();

  private Core(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  /** Arguments: the clone's folder, then the wanted parts of start, sqlite and postgres; all of them without a name. */
  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    var core = new Core(Path.of(arguments[0]), work);
    try {
      var parts = List.of(arguments).subList(1, arguments.length);
      core.run(parts.isEmpty() ? List.of("start", "sqlite", "postgres") : parts);
      core.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void run(List<String> parts) throws Exception {
    var sync = fdatasyncMillis();
    table.row("one fdatasync of this disk, p50", "%.3f ms".formatted(sync), "", "");
    for (var part : parts) {
      switch (part) {
        case "start" -> startUp();
        case "sqlite" -> sqlite(sync);
        case "postgres" -> PostgresCore.run(home, work, table, sync);
        default -> throw new IllegalArgumentException("No part " + part + "; known: start, sqlite, postgres");
      }
    }
  }

  private void sqlite(double sync) throws Exception {
    try (var sqlite = Server.start(home, work.resolve("sqlite"), List.of());
        var raw = Server.start(rawLog(), work.resolve("raw"), List.of())) {
      sends(sqlite, raw);
      latency(table, "SQLite", sqlite, 3 * sync + 0.3);
      tls(sqlite);
      tokens(sqlite);
      page(sqlite);
    }
  }

  private List<String> rawLog() {
    return List.of("-cp", System.getProperty("java.class.path"), "dev.parley.bench.RawLogServer");
  }

  /** Time from the start of the process to the first answer, and memory then. */
  private void startUp() throws Exception {
    var data = work.resolve("start");
    try (var first = Server.start(home, data, List.of())) {
      table.row("start, first on empty data", "%.2f s".formatted(first.startSeconds), "", "");
    }
    var seconds = new ArrayList<Double>();
    var megabytes = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    for (var i = 0; i < 5; i++) {
      try (var server = Server.start(home, data, List.of())) {
        seconds.add(server.startSeconds);
        cpu.add(Cpu.seconds(server.pid()));
        megabytes.add(Cpu.residentMegabytes(server.pid()));
      }
    }
    table.row(
        "start to first answer",
        "%.2f s, %.2f s of CPU".formatted(median(seconds), median(cpu)),
        "<= 2 s",
        verdict(median(seconds) <= 2));
    table.row(
        "resident memory after start",
        "%.0f MB".formatted(median(megabytes)),
        "< 200 MB",
        verdict(median(megabytes) < 200));
  }

  /** Durable sends with 64 clients, against the same edge over a group-committed raw log, in alternating pairs. */
  private void sends(Server sqlite, Server raw) throws Exception {
    var ours = senders(sqlite, CLIENTS);
    var theirs = senders(raw, CLIENTS);
    Load.run(ours, SECONDS);
    Load.run(theirs, SECONDS);
    var ratios = new ArrayList<Double>();
    var rates = new ArrayList<Double>();
    var rawRates = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    var rawCpu = new ArrayList<Double>();
    for (var i = 0; i < PAIRS; i++) {
      var before = Cpu.seconds(sqlite.pid());
      var our = checked(Load.run(ours, SECONDS));
      cpu.add((Cpu.seconds(sqlite.pid()) - before) * 1e6 / our.count());
      before = Cpu.seconds(raw.pid());
      var their = checked(Load.run(theirs, SECONDS));
      rawCpu.add((Cpu.seconds(raw.pid()) - before) * 1e6 / their.count());
      rates.add(our.perSecond());
      rawRates.add(their.perSecond());
      ratios.add(our.perSecond() / their.perSecond());
    }
    table.row(
        "durable sends, 64 clients, SQLite",
        "%,.0f/s, %.0f us CPU".formatted(median(rates), median(cpu)),
        "",
        "");
    table.row(
        "the same edge on a raw log",
        "%,.0f/s, %.0f us CPU".formatted(median(rawRates), median(rawCpu)),
        "",
        "");
    table.row(
        "SQLite / raw log",
        "%.2f".formatted(median(ratios)),
        ">= 0.20, aim 0.35",
        verdict(median(ratios) >= 0.2));
    close(ours);
    close(theirs);
  }

  static void latency(Table table, String engine, Server server, double bound) throws Exception {
    var one = senders(server, 1);
    Load.run(one, SECONDS / 2);
    var result = checked(Load.run(one, SECONDS));
    table.row(
        "send p50 / p99, one client, " + engine,
        "%.2f / %.2f ms".formatted(result.millis(50), result.millis(99)),
        "p50 <= %.2f ms".formatted(bound),
        verdict(result.millis(50) <= bound));
    close(one);
  }

  /** The same reading request with and without TLS. */
  private void tls(Server server) throws Exception {
    var users = server.users(2);
    var request =
        Connection.request(
            "GET", server.thread(users) + "?api-version=2025-03-15", users.getFirst().token(), "");
    var factory = trusting(server);
    var plain = clients(16, () -> new Connection(server.httpPort, null), request, 200);
    var secure = clients(16, () -> new Connection(server.httpsPort, factory), request, 200);
    Load.run(plain, SECONDS / 2);
    Load.run(secure, SECONDS / 2);
    var ratios = new ArrayList<Double>();
    var plainCpu = new ArrayList<Double>();
    var secureCpu = new ArrayList<Double>();
    for (var i = 0; i < PAIRS; i++) {
      var without = cpuPerRequest(server, plain);
      var with = cpuPerRequest(server, secure);
      plainCpu.add(without);
      secureCpu.add(with);
      ratios.add(with / without);
    }
    table.row(
        "CPU of a request, HTTPS / HTTP",
        "%.0f / %.0f us = %.2f".formatted(median(secureCpu), median(plainCpu), median(ratios)),
        "<= 2",
        verdict(median(ratios) <= 2));
    close(plain);
    close(secure);
  }

  private static double cpuPerRequest(Server server, List<? extends Load.Client> clients)
      throws Exception {
    var before = Cpu.seconds(server.pid());
    var result = checked(Load.run(clients, SECONDS));
    return (Cpu.seconds(server.pid()) - before) * 1e6 / result.count();
  }

  private void tokens(Server server) throws Exception {
    var user = server.users(1).getFirst();
    var target =
        "/identities/" + user.id() + "/:issueAccessToken?api-version=2023-10-01";
    var request = server.signed(target, "{\"scopes\":[\"chat\",\"voip\"]}");
    var clients = clients(16, () -> new Connection(server.httpPort, null), request, 200);
    Load.run(clients, SECONDS);
    var perCore = new ArrayList<Double>();
    for (var i = 0; i < PAIRS; i++) {
      perCore.add(1e6 / cpuPerRequest(server, clients));
    }
    table.row(
        "tokens issued per second of CPU, whole request",
        "%,.0f".formatted(median(perCore)),
        ">= 5,000",
        verdict(median(perCore) >= 5000));
    close(clients);
  }

  private void page(Server server) throws Exception {
    var users = server.users(2);
    var thread = server.thread(users);
    var send =
        Connection.request(
            "POST", thread + "/messages?api-version=2025-03-15", users.getFirst().token(), SEND);
    var senders = clients(CLIENTS, () -> new Connection(server.httpPort, null), send, 201);
    for (var sent = 0L; sent < 100_000; ) {
      sent += checked(Load.run(senders, 2)).count();
    }
    close(senders);
    var get =
        Connection.request(
            "GET",
            thread + "/messages?maxPageSize=100&api-version=2025-03-15",
            users.getFirst().token(),
            "");
    var reader = clients(1, () -> new Connection(server.httpPort, null), get, 200);
    Load.run(reader, SECONDS / 2);
    var result = checked(Load.run(reader, SECONDS));
    table.row(
        "page of 100 from 100,000 messages, whole request p50",
        "%.2f ms".formatted(result.millis(50)),
        "< 2 ms",
        verdict(result.millis(50) < 2));
    close(reader);
  }

  /** Clients that each send into a thread of their own. */
  static List<OneRequest> senders(Server server, int count) throws Exception {
    var clients = new ArrayList<OneRequest>();
    var users = server.users(2 * count);
    for (var i = 0; i < count; i++) {
      var pair = users.subList(2 * i, 2 * i + 2);
      var request =
          Connection.request(
              "POST",
              server.thread(pair) + "/messages?api-version=2025-03-15",
              pair.getFirst().token(),
              SEND);
      clients.add(new OneRequest(new Connection(server.httpPort, null), request, 201));
    }
    return clients;
  }

  interface Opening {
    Connection open() throws IOException;
  }

  static List<OneRequest> clients(int count, Opening opening, byte[] request, int status)
      throws IOException {
    var clients = new ArrayList<OneRequest>();
    for (var i = 0; i < count; i++) {
      clients.add(new OneRequest(opening.open(), request, status));
    }
    return clients;
  }

  /** A client that sends the same request again and again. */
  record OneRequest(Connection connection, byte[] request, int status) implements Load.Client {
    @Override
    public boolean next() throws IOException {
      return connection.exchange(request).status() == status;
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  static void close(List<OneRequest> clients) throws IOException {
    for (var client : clients) {
      client.close();
    }
  }

  /** A result is worth nothing when requests failed. */
  static Load.Result checked(Load.Result result) {
    if (result.failures() > 0) {
      throw new IllegalStateException(result.failures() + " requests failed");
    }
    return result;
  }

  static double median(List<Double> values) {
    return median(values, Double::doubleValue);
  }

  /** The median of one figure of all; the upper of two. */
  static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
    var sorted = all.stream().mapToDouble(figure).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  static String verdict(boolean reached) {
    return reached ? "reached" : "MISSED";
  }

  private double fdatasyncMillis() throws IOException {
    var file = work.resolve("sync");
    var nanos = new long[500];
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (var i = 0; i < nanos.length; i++) {
        channel.write(ByteBuffer.wrap(new byte[400]));
        var before = System.nanoTime();
        channel.force(false);
        nanos[i] = System.nanoTime() - before;
      }
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e6;
  }

  static SSLSocketFactory trusting(Server server) throws Exception {
    var store =
        KeyStore.getInstance(
            Path.of(server.environment("ACS_JAVA_TRUSTSTORE")).toFile(),
            server.environment("ACS_JAVA_TRUSTSTORE_PASSWORD").toCharArray());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
