package dev.parley.bench;

import dev.parley.BenchStore;
import dev.parley.feature.email.QueueFill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/**
 * {@code ./parley bench email [accepted|through|queue|large]... [QUEUE]}: messages accepted with
 * nobody to deliver them to, and delivered after a restart; from SMTP to a local sink, in turns
 * with postfix as a relay to the same sink; acceptance beside a long queue; and what heap a message
 * with ten megabytes of attachments takes.
 */
public final class Email {
  private static final double SECONDS = 6;
  private static final int CLIENTS = 32;
  private static final int PAIRS = 3;
  private static final int LARGE = 10 << 20;
  private static final int LARGE_COUNT = 20;
  private static final int HEAP_MAX = 40;

  private final Path home;
  private final Path work;
  private final int queue;
  private final Table table = new Table();

  private Email(Path home, Path work, int queue) {
    this.home = home;
    this.work = work;
    this.queue = queue;
  }

  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    // Postfix gives up its rights, and has to reach its own folder all the same.
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    var queue = 1_000_000;
    var phases = new ArrayList<String>();
    for (var argument : List.of(arguments).subList(1, arguments.length)) {
      if (argument.matches("[0-9]+")) {
        queue = Integer.parseInt(argument);
      } else {
        phases.add(argument);
      }
    }
    var email = new Email(Path.of(arguments[0]), work, queue);
    try {
      email.run(phases.isEmpty() ? List.of("accepted", "through", "queue", "large") : phases);
      email.table.print();
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
        case "queue" -> longQueue();
        case "large" -> large();
        default ->
            throw new IllegalArgumentException(
                "Unknown phase " + phase + "; known: accepted, through, queue, large");
      }
    }
  }

  /** Port 1 takes nothing, so what is accepted stays in the queue. */
  private static List<String> settings(int smarthost) {
    return List.of(
        "email.capture=false",
        "email.smarthost=127.0.0.1:" + smarthost,
        "email.smarthost-security=opportunistic",
        "smtp.submission-tls-port=0");
  }

  private static String verdict(boolean good) {
    return good ? "yes" : "NO";
  }

  private void accepted() throws Exception {
    var data = work.resolve("accepted");
    long accepted;
    try (var server = Server.start(home, data, settings(1))) {
      accepted =
          accepted("API", server, EmailClients.api(server, CLIENTS))
              + accepted("SMTP over TLS", server, EmailClients.smtp(server, CLIENTS));
    }
    try (var sink = new MailSink();
        var server = Server.start(home, data, settings(sink.port()))) {
      var start = System.nanoTime();
      awaitAll(sink, accepted);
      var rate = accepted / ((System.nanoTime() - start) / 1e9);
      table.row(
          "the queue of before the restart, delivered and signed twice",
          "%,.0f/s".formatted(rate),
          "",
          "");
      table.row(
          "accepted and delivered",
          sink.messages.get() + " of " + accepted,
          "none missing",
          verdict(sink.messages.get() >= accepted));
    }
  }

  /** A window after a warm-up; all that was accepted in both. */
  private long accepted(String how, Server server, List<? extends Load.Client> clients)
      throws Exception {
    var warm = Load.run(clients, SECONDS);
    var before = Cpu.seconds(server.pid());
    var result = Load.run(clients, SECONDS);
    var micros = (Cpu.seconds(server.pid()) - before) * 1e6 / result.count();
    EmailClients.close(clients);
    table.row(
        "accepted by %s, %d clients".formatted(how, CLIENTS),
        "%,.0f/s, %.0f us CPU each, p50 %.1f ms, p99 %.1f ms"
            .formatted(result.perSecond(), micros, result.millis(50), result.millis(99)),
        "",
        "");
    if (warm.failures() + result.failures() > 0) {
      throw new IOException(warm.failures() + result.failures() + " were refused.");
    }
    return warm.count() + result.count();
  }

  /**
   * From a client's SMTP connection to the sink, in turns with postfix; a message counts when the
   * sink has it.
   */
  private void through() throws Exception {
    var ours = new ArrayList<Cost>();
    var theirs = new ArrayList<Cost>();
    try (var sink = new MailSink();
        var server = Server.start(home, work.resolve("through"), settings(sink.port()));
        var postfix =
            PostfixRelay.mayRun() ? new PostfixRelay(work.resolve("postfix"), sink.port()) : null) {
      var clients = EmailClients.smtp(server, CLIENTS);
      // Until the JIT compiler is done with most of its work, which would count as the messages'
      // own.
      through(sink, clients, 3 * SECONDS, () -> Cpu.seconds(server.pid()));
      if (postfix != null) {
        postfix.awaitReady();
      }
      for (var pair = 0; pair < PAIRS; pair++) {
        ours.add(through(sink, clients, SECONDS, () -> Cpu.seconds(server.pid())));
        if (postfix != null) {
          var others = EmailClients.relay(postfix.port, CLIENTS);
          theirs.add(through(sink, others, SECONDS, postfix::cpuSeconds));
          EmailClients.close(others);
        }
      }
      EmailClients.close(clients);
    }
    shown("SMTP over TLS to the sink, signed twice", ours);
    if (theirs.isEmpty()) {
      table.row("postfix", "not there, or not root", "", "");
      return;
    }
    shown("postfix: SMTP to the sink", theirs);
    var ratios = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    for (var i = 0; i < PAIRS; i++) {
      ratios.add(ours.get(i).perSecond() / theirs.get(i).perSecond());
      cpu.add(theirs.get(i).micros() / ours.get(i).micros());
    }
    var ratio = Core.median(ratios, Double::doubleValue);
    table.row(
        "Parley / postfix, through, median of pairs",
        "%.2f".formatted(ratio),
        ">= 0.5, aim 1",
        verdict(ratio >= 0.5));
    table.row(
        "the same by messages per CPU second",
        "%.2f".formatted(Core.median(cpu, Double::doubleValue)),
        "",
        "");
  }

  private void shown(String what, List<Cost> costs) {
    table.row(
        what,
        "%,.0f/s, %.0f us CPU each"
            .formatted(Core.median(costs, Cost::perSecond), Core.median(costs, Cost::micros)),
        "",
        "");
  }

  private static Cost through(
      MailSink sink, List<MailClient> clients, double seconds, DoubleSupplier cpu)
      throws Exception {
    sink.messages.set(0);
    var before = cpu.getAsDouble();
    var start = System.nanoTime();
    var taken = Load.run(clients, seconds);
    awaitAll(sink, taken.count());
    var elapsed = (System.nanoTime() - start) / 1e9;
    return new Cost(taken.count() / elapsed, (cpu.getAsDouble() - before) * 1e6 / taken.count());
  }

  private static void awaitAll(MailSink sink, long wanted) throws Exception {
    var end = System.nanoTime() + 120_000_000_000L;
    while (sink.messages.get() < wanted) {
      if (System.nanoTime() > end) {
        throw new IOException(sink.messages.get() + " of " + wanted + " messages came.");
      }
      Thread.sleep(2);
    }
  }

  /** The same acceptance with an empty queue and with a long one, in turns. */
  private void longQueue() throws Exception {
    var data = work.resolve("queue");
    try (var server = Server.start(home, data, settings(1))) {
      try (var client = EmailClients.api(server, 1).getFirst()) {
        client.next();
      }
    }
    try (var store = BenchStore.open(data)) {
      QueueFill.fill(store, queue, EmailClients.TEXT);
    }
    var before = new ArrayList<Cost>();
    var after = new ArrayList<Cost>();
    try (var server = Server.start(home, data, settings(1));
        var empty = Server.start(home, work.resolve("empty"), settings(1))) {
      table.row(
          "start with %,d messages queued, to the first answer".formatted(queue),
          "%.2f s; %.2f s with none".formatted(server.startSeconds, empty.startSeconds),
          "",
          "");
      var full = EmailClients.api(server, CLIENTS);
      var none = EmailClients.api(empty, CLIENTS);
      // Both get to know their code first, see above.
      Load.run(full, 3 * SECONDS);
      Load.run(none, 3 * SECONDS);
      for (var pair = 0; pair < PAIRS; pair++) {
        before.add(accept(empty, none));
        after.add(accept(server, full));
      }
      EmailClients.close(full);
      EmailClients.close(none);
    }
    try (var store = BenchStore.open(data)) {
      table.row(
          "queued after two restarts",
          "%,d".formatted(QueueFill.queued(store)),
          ">= %,d".formatted(queue),
          verdict(QueueFill.queued(store) >= queue));
    }
    shown("accepted by API with an empty queue", before);
    shown("accepted by API with that queue", after);
    var ratios = new ArrayList<Double>();
    for (var i = 0; i < PAIRS; i++) {
      ratios.add(after.get(i).perSecond() / before.get(i).perSecond());
    }
    var ratio = Core.median(ratios, Double::doubleValue);
    table.row(
        "with the queue / without, median of pairs",
        "%.2f".formatted(ratio),
        "> 0.8",
        verdict(ratio > 0.8));
  }

  private static Cost accept(Server server, List<Load.Client> clients) throws Exception {
    var before = Cpu.seconds(server.pid());
    var result = Load.run(clients, SECONDS);
    if (result.failures() > 0) {
      throw new IOException(result.failures() + " were refused.");
    }
    return new Cost(
        result.perSecond(), (Cpu.seconds(server.pid()) - before) * 1e6 / result.count());
  }

  /**
   * With a heap of what lives in it when nothing happens, and the bound more, large messages are
   * accepted all the same.
   */
  private void large() throws Exception {
    var more = new ArrayList<>(settings(1));
    more.add("email.request-bytes-max=" + (LARGE / 3 * 4 + (1 << 20)));
    var data = work.resolve("large");
    int live;
    try (var server = Server.start(home, data, more)) {
      var few = EmailClients.api(server, 4);
      Load.run(few, 2);
      EmailClients.close(few);
      jcmd(server, "GC.run");
      live = (int) Math.ceil(used(jcmd(server, "GC.heap_info")) / 1024.0);
    }
    var options = System.getProperty("parley.jvm", "");
    System.setProperty(
        "parley.jvm",
        options + " -Xms8m -XX:+ExitOnOutOfMemoryError -Xmx" + (live + HEAP_MAX) + "m");
    try (var server = Server.start(home, data, more)) {
      var bytes = new byte[LARGE];
      new Random(1).nextBytes(bytes);
      var body =
          "{\"senderAddress\":\"%s\",\"content\":{\"subject\":\"bench\",\"plainText\":\"x\"},\"recipients\":{\"to\":[{\"address\":\"%s\"}]},\"attachments\":[{\"name\":\"a.bin\",\"contentType\":\"application/octet-stream\",\"contentInBase64\":\"%s\"}]}"
              .formatted(
                  server.environment("ACS_EMAIL_SENDER"),
                  EmailClients.TO,
                  Base64.getEncoder().encodeToString(bytes));
      var accepted = 0;
      try (var client = EmailClients.api(server, body)) {
        while (accepted < LARGE_COUNT && client.next()) {
          accepted++;
        }
      } catch (IOException e) {
        // It ran out of memory.
        System.out.println(e);
      }
      table.row(
          "mails of 10 MB attachments, heap of the %d MB that live at rest and %d MB"
              .formatted(live, HEAP_MAX),
          "%d of %d accepted".formatted(accepted, LARGE_COUNT),
          "all",
          verdict(accepted == LARGE_COUNT && server.process.isAlive()));
    } finally {
      System.setProperty("parley.jvm", options);
    }
  }

  private static String jcmd(Server server, String command) throws Exception {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, Long.toString(server.pid()), command)
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return said;
  }

  /** Kilobytes in use in the generations, without metaspace. */
  private static int used(String heap) {
    return Pattern.compile(
            "(?:new generation|tenured generation|DefNew|Tenured)\\s+total \\d+K, used (\\d+)K")
        .matcher(heap)
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .sum();
  }
}
