package dev.parley.bench;

import dev.parley.base.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * {@code ./parley bench chat [pairs|rooms|readers|memory]...}: messages and deliveries against
 * Debian's ejabberd with its archive in PostgreSQL, in alternating pairs of the same run. Nobody
 * uses TLS, everything is archived, all members are connected and count what they receive.
 */
public final class Chat {
  private static final int PAIRS = 7;
  private static final double SECONDS = 4;
  private static final double WARM_SECONDS = 2;
  private static final int WARM_PHASES_MAX = 60;

  /** Phases after each other that cost about the same, with little of it for compiling. */
  private static final int STEADY_PHASES = 3;

  private static final double STEADY = 0.1;
  private static final double COMPILING_MAX = 0.05;

  private static final List<String> PARTS = List.of("pairs", "rooms", "readers", "memory");

  private static final int SQL_CONNECTIONS = 10;

  /** Messages of each talker under way. */
  private static final List<Integer> WINDOWS = List.of(2, 8);

  private final Path home;
  private final Path work;
  private final Table table = new Table();

  private Chat(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  /** Arguments: the clone's folder, and the parts to be run; without any all of them. */
  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    var chat = new Chat(Path.of(arguments[0]), work);
    try {
      chat.run(arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : PARTS);
      chat.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void run(List<String> parts) throws Exception {
    if (!PARTS.containsAll(parts)) {
      throw new IllegalArgumentException("Known parts: " + PARTS);
    }
    try (var postgres = PostgresServer.own();
        var reactor = new Reactor();
        var second = new Reactor();
        var ejabberd = Ejabberd.start(postgres, SQL_CONNECTIONS, reactor, second);
        var gathered = ParleyChat.onPostgres(home, work, postgres, reactor, second);
        var sqlite = ParleyChat.onSqlite(home, work, reactor, second)) {
      var peers = List.of(ejabberd, gathered, sqlite);
      for (var part : parts) {
        switch (part) {
          case "pairs" -> pairs(peers);
          case "rooms" -> rooms(peers);
          case "readers" -> new ChatReaders(table, sqlite).run();
          default -> memory(ejabberd, reactor, second);
        }
      }
      if (parts.contains("pairs") || parts.contains("rooms")) {
        checkArchive(ejabberd);
      }
    }
  }

  private void memory(Ejabberd ejabberd, Reactor... reactors) throws Exception {
    var crowds = Files.createDirectory(work.resolve("crowds"));
    new ChatMemory(
            table,
            ejabberd,
            () -> ParleyChat.onSqlite(home, Files.createTempDirectory(crowds, "one"), reactors))
        .run();
  }

  /**
   * What one phase cost: messages and deliveries, by wall clock and by CPU second of the server
   * with its database.
   */
  private record Measured(ChatLoad.Result result, double server, double database, double compiler) {
    double cpu() {
      return server + database;
    }

    double databasePart() {
      return database / cpu();
    }

    double compilerPart() {
      return compiler / cpu();
    }

    double messages() {
      return result.messagesPerSecond();
    }

    double deliveries() {
      return result.deliveriesPerSecond();
    }

    double messagesPerCpu() {
      return result.messages() / cpu();
    }

    double deliveriesPerCpu() {
      return result.deliveries() / cpu();
    }
  }

  private void pairs(List<? extends ChatPeer> peers) throws Exception {
    var runs = alternating("50 threads of 2", peers, 50, 2, WINDOWS.getFirst());
    ratio("messages/s, pairs", runs, Measured::messages, 3, 6);
    ratio("messages per CPU second, pairs", runs, Measured::messagesPerCpu, 3, 6);
  }

  /** With few messages under way servers wait for them; with many they are at their limit. */
  private void rooms(List<? extends ChatPeer> peers) throws Exception {
    for (var window : WINDOWS) {
      var what = "4 threads of 50, %d messages under way".formatted(4 * ChatLoad.TALKERS * window);
      var runs = alternating(what, peers, 4, 50, window);
      ratio("deliveries/s, " + what, runs, Measured::deliveries, 4, 10);
      ratio("deliveries per CPU second, " + what, runs, Measured::deliveriesPerCpu, 4, 10);
    }
  }

  /**
   * Everybody connects and warms up; then one peer after the other, again and again; then at half
   * speed for the latency.
   */
  private List<List<Measured>> alternating(
      String what, List<? extends ChatPeer> peers, int threads, int members, int window)
      throws Exception {
    var loads = new ArrayList<ChatLoad>();
    var runs = new ArrayList<List<Measured>>();
    for (var peer : peers) {
      var load = new ChatLoad(peer::talks, threads, members, window);
      loads.add(load);
      runs.add(new ArrayList<>());
      // A sender's connection must say something soon.
      load.full(0.2);
    }
    warm(peers, loads);
    for (var pair = 0; pair < PAIRS; pair++) {
      for (var i = 0; i < peers.size(); i++) {
        runs.get(i).add(measured(peers.get(i), loads.get(i), SECONDS));
      }
    }
    for (var i = 0; i < peers.size(); i++) {
      var all = runs.get(i);
      table.row(
          what + ", " + peers.get(i).name(),
          "%,.0f messages/s, %,.0f deliveries/s, %,.0f us CPU a message, %.1f us a delivery; of it database %.0f %%, compiler %.0f %%"
              .formatted(
                  Core.median(all, Measured::messages),
                  Core.median(all, Measured::deliveries),
                  1e6 / Core.median(all, Measured::messagesPerCpu),
                  1e6 / Core.median(all, Measured::deliveriesPerCpu),
                  100 * Core.median(all, Measured::databasePart),
                  100 * Core.median(all, Measured::compilerPart)),
          "",
          "");
    }
    for (var i = 0; i < peers.size(); i++) {
      var half = loads.get(i).paced(Core.median(runs.get(i), Measured::messages) / 2, SECONDS);
      table.row(
          what + " at half of that rate, send to receive p50 / p99, " + peers.get(i).name(),
          "%.1f / %.1f ms".formatted(half.millis(50), half.millis(99)),
          i == 0 ? "" : "p99 < 20 ms",
          i == 0 ? "" : Core.verdict(half.millis(99) < 20));
    }
    loads.forEach(ChatLoad::close);
    return runs;
  }

  /**
   * Until it costs the same again and again: a JVM compiles what it runs while it runs it, and
   * Erlang's fills its caches.
   */
  private static void warm(List<? extends ChatPeer> peers, List<ChatLoad> loads)
      throws InterruptedException {
    var phases = peers.stream().map(_ -> new ArrayList<Measured>()).toList();
    for (var phase = 0;
        phase < WARM_PHASES_MAX && !phases.stream().allMatch(Chat::steady);
        phase++) {
      for (var i = 0; i < peers.size(); i++) {
        if (steady(phases.get(i))) {
          // Who is ready says something now and then: a server ends connections that are idle.
          loads.get(i).full(0.2);
        } else {
          phases.get(i).add(measured(peers.get(i), loads.get(i), WARM_SECONDS));
        }
      }
    }
  }

  private static boolean steady(List<Measured> phases) {
    if (phases.size() <= STEADY_PHASES) {
      return false;
    }
    var last = phases.subList(phases.size() - STEADY_PHASES, phases.size());
    var costs = last.stream().map(one -> 1 / one.messagesPerCpu()).toList();
    return Collections.max(costs) <= Collections.min(costs) * (1 + STEADY)
        && last.stream().allMatch(one -> one.compilerPart() <= COMPILING_MAX);
  }

  private static Measured measured(ChatPeer peer, ChatLoad load, double seconds)
      throws InterruptedException {
    var server = peer.serverSeconds();
    var database = peer.databaseSeconds();
    var compiler = peer.compilerSeconds();
    var result = load.full(seconds);
    return new Measured(
        result,
        peer.serverSeconds() - server,
        peer.databaseSeconds() - database,
        peer.compilerSeconds() - compiler);
  }

  /** Medians of the ratios of neighbouring phases. */
  private void ratio(
      String what,
      List<List<Measured>> runs,
      ToDoubleFunction<Measured> figure,
      double goal,
      double aim) {
    var names = List.of("Parley on PostgreSQL", "Parley on SQLite");
    for (var i = 1; i < runs.size(); i++) {
      var ratios = new ArrayList<Double>();
      for (var pair = 0; pair < PAIRS; pair++) {
        ratios.add(
            figure.applyAsDouble(runs.get(i).get(pair))
                / figure.applyAsDouble(runs.get(0).get(pair)));
      }
      var median = Core.median(ratios);
      table.row(
          what + ", " + names.get(i - 1) + " / ejabberd",
          "%.1f".formatted(median),
          ">= %.0f, aim %.0f".formatted(goal, aim),
          Core.verdict(median >= goal));
    }
  }

  /** Without its archive ejabberd would have had less to do. */
  private void checkArchive(Ejabberd ejabberd) throws Exception {
    var rows = ejabberd.archived();
    if (rows == 0) {
      throw new IllegalStateException("ejabberd archived nothing.");
    }
    table.row("ejabberd's archive afterwards", "%,d rows".formatted(rows), "", "");
  }
}
