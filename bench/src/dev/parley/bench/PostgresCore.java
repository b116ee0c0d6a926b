package dev.parley.bench;

import dev.parley.base.store.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of {@code bench core} on PostgreSQL: durable sends with units gathered, against one transaction per send on a pool of 16,
 * both behind the same edge and on the same database server, in alternating pairs.
 */
final class PostgresCore {
  private final Path home;
  private final Path work;
  private final Table table;
  private final PostgresServer postgres;

  private PostgresCore(Path home, Path work, Table table, PostgresServer postgres) {
    this.home = home;
    this.work = work;
    this.table = table;
    this.postgres = postgres;
  }

  static void run(Path home, Path work, Table table, double sync) throws Exception {
    try (var postgres = PostgresServer.own()) {
      new PostgresCore(home, work, table, postgres).run(sync);
    }
  }

  private void run(double sync) throws Exception {
    var gathered = List.of("postgres.url=" + postgres.newDatabase());
    var pooled = List.of("postgres.url=" + postgres.newDatabase());
    var peer =
        List.of("-cp", System.getProperty("java.class.path"), "dev.parley.bench.PoolServer");
    try (var ours = Server.start(home, work.resolve("gathered"), gathered);
        var theirs = Server.start(peer, work.resolve("pooled"), pooled)) {
      sends(ours, theirs);
      Core.latency(table, "PostgreSQL", ours, 3 * sync + 0.7);
    }
  }

  private void sends(Server ours, Server theirs) throws Exception {
    var our = Core.senders(ours, Core.CLIENTS);
    var their = Core.senders(theirs, Core.CLIENTS);
    Load.run(our, Core.SECONDS);
    Load.run(their, Core.SECONDS);
    var gathered = new ArrayList<Measured>();
    var pooled = new ArrayList<Measured>();
    var rateRatios = new ArrayList<Double>();
    var cpuRatios = new ArrayList<Double>();
    for (var i = 0; i < Core.PAIRS; i++) {
      gathered.add(measured(ours, our));
      pooled.add(measured(theirs, their));
      rateRatios.add(gathered.getLast().rate() / pooled.getLast().rate());
      cpuRatios.add(gathered.getLast().micros() / pooled.getLast().micros());
    }
    row("durable sends, 64 clients, PostgreSQL", gathered);
    row("a transaction each on a pool of 16", pooled);
    var rate = Core.median(rateRatios);
    table.row(
        "messages/s, gathered / pool", "%.1f".formatted(rate), ">= 2.0", Core.verdict(rate >= 2));
    var share = Core.median(cpuRatios);
    table.row(
        "CPU of JVM and PostgreSQL, gathered / pool",
        "%.2f".formatted(share),
        "<= 0.35",
        Core.verdict(share <= 0.35));
    Core.close(our);
    Core.close(their);
  }

  /** Messages a second, and CPU microseconds of the server and its database for each. */
  private record Measured(double rate, double jvm, double database) {
    double micros() {
      return jvm + database;
    }
  }

  private Measured measured(Server server, List<Core.OneRequest> clients) throws Exception {
    var jvm = Cpu.seconds(server.pid());
    var database = Cpu.secondsOfTree(postgres.pid());
    var result = Core.checked(Load.run(clients, Core.SECONDS));
    return new Measured(
        result.perSecond(),
        (Cpu.seconds(server.pid()) - jvm) * 1e6 / result.count(),
        (Cpu.secondsOfTree(postgres.pid()) - database) * 1e6 / result.count());
  }

  private void row(String what, List<Measured> runs) {
    table.row(
        what,
        "%,.0f/s, %.0f us CPU + %.0f us of the database"
            .formatted(
                Core.median(runs, Measured::rate),
                Core.median(runs, Measured::jvm),
                Core.median(runs, Measured::database)),
        "",
        "");
  }
}
