package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleBiFunction;

/**
 * {@code ./parley bench events}: deliveries to a webhook on the same machine that answers at once.
 * The events are those of a chat; they are replayed from the journal, so that nothing but their
 * delivery is measured, and once delivered as they happen.
 */
public final class Events {
  private static final int MEMBERS = 10;
  private static final int MESSAGES = 6_000;
  private static final int ROUNDS = 3;
  private static final int PAIRS = 9;
  private static final String TEXT = "x".repeat(200);

  private final Path home;
  private final Path work;
  private final Table table = new Table();

  private Events(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  /**
   * Arguments: the clone's folder, then the wanted parts of replay, live, hundred and killed; all
   * of them without a name.
   */
  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    var events = new Events(Path.of(arguments[0]), work);
    try {
      var parts = List.of(arguments).subList(1, arguments.length);
      events.run(parts.isEmpty() ? List.of("replay", "live", "hundred", "killed") : parts);
      events.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    System.exit(0);
  }

  private void run(List<String> parts) throws Exception {
    if (parts.stream().anyMatch(List.of("replay", "live", "hundred")::contains)) {
      deliveries(parts);
    }
    if (parts.contains("killed")) {
      killed();
    }
  }

  private void deliveries(List<String> parts) throws Exception {
    try (var server = Server.start(home, work.resolve("data"), List.of())) {
      var users = server.users(MEMBERS);
      var thread = server.thread(users);
      if (parts.contains("replay")) {
        var from = Instant.now();
        send(server, thread, users.getFirst(), MESSAGES);
        replays(server, from, "one event a request", 1, 64, 3_000);
        replays(server, from, "batched, 100 a request", 100, 1_024, 30_000);
      }
      if (parts.contains("live")) {
        live(server, thread, users.getFirst());
      }
      if (parts.contains("hundred")) {
        oneDeadOfAHundred(server, thread, users.getFirst());
      }
    }
  }

  private static void send(Server server, String thread, Server.User user, int messages)
      throws Exception {
    try (var connection = new Connection(server.httpPort, null)) {
      var request =
          Connection.request(
              "POST",
              thread + "/messages?api-version=2025-03-15",
              user.token(),
              "{\"content\":\"%s\",\"senderDisplayName\":\"Ann\",\"type\":\"text\"}"
                  .formatted(TEXT));
      for (var i = 0; i < messages; i++) {
        if (connection.exchange(request).status() != 201) {
          throw new IOException("A message was refused.");
        }
      }
    }
  }

  /** The best of some replays of everything; the first warms the server up. */
  private void replays(Server server, Instant from, String what, int batch, int kilobytes, int goal)
      throws Exception {
    var expected = (long) MESSAGES * MEMBERS;
    var best = 0.0;
    var cpu = Double.NaN;
    var share = Double.NaN;
    try (var sink = WebhookSink.open()) {
      var name = "replay-" + batch;
      subscribe(server, name, sink, batch, kilobytes);
      for (var round = 0; round < ROUNDS; round++) {
        sink.reset();
        var before = Cpu.seconds(server.pid());
        var own = Cpu.seconds(ProcessHandle.current().pid());
        replay(server, name, from);
        await("the first", () -> sink.events() > 0);
        var start = System.nanoTime();
        await("all events", () -> sink.events() >= expected);
        var rate = expected / ((System.nanoTime() - start) / 1e9);
        if (rate > best) {
          best = rate;
          cpu = (Cpu.seconds(server.pid()) - before) * 1e6 / expected;
          share = (Cpu.seconds(ProcessHandle.current().pid()) - own) * 1e6 / expected;
        }
        await("the end", () -> !standing(server).contains("\"replaying\":true"));
      }
      delete(server, name);
    }
    table.row(
        "events/s to one local webhook, " + what,
        "%,.0f".formatted(best),
        "%,d".formatted(goal),
        best >= goal ? "met" : "missed");
    table.row("server CPU per event, " + what, "%.1f us".formatted(cpu), "", "");
    table.row("receiver CPU per event, " + what, "%.1f us".formatted(share), "", "");
  }

  /** Events as they happen, from one closed-loop sender. */
  private void live(Server server, String thread, Server.User user) throws Exception {
    try (var sink = WebhookSink.open()) {
      subscribe(server, "live", sink, 100, 1_024);
      var messages = 3_000;
      var start = System.nanoTime();
      send(server, thread, user, messages);
      var sent = (System.nanoTime() - start) / 1e9;
      await("all events", () -> sink.events() >= (long) messages * MEMBERS);
      var all = (System.nanoTime() - start) / 1e9;
      table.row(
          "live: messages/s of one sender, each " + MEMBERS + " events",
          "%,.0f".formatted(messages / sent),
          "",
          "");
      table.row(
          "live: the last event after the last message",
          "%.0f ms".formatted((all - sent) * 1e3),
          "",
          "");
      delete(server, "live");
    }
  }

  /**
   * 99 webhooks that answer, with and without a silent hundredth: medians of neighbouring pairs,
   * which take turns to be first.
   */
  private void oneDeadOfAHundred(Server server, String thread, Server.User user) throws Exception {
    var sinks = new ArrayList<WebhookSink>();
    try {
      for (var i = 0; i < 99; i++) {
        var sink = WebhookSink.open();
        sinks.add(sink);
        subscribe(server, "many-" + i, sink, 100, 1_024);
      }
      hundred(server, thread, user, sinks);
      var without = new ArrayList<Cost>();
      var with = new ArrayList<Cost>();
      for (var pair = 0; pair < PAIRS; pair++) {
        if (pair % 2 == 1) {
          with.add(oneIsDead(server, thread, user, sinks));
        }
        without.add(hundred(server, thread, user, sinks));
        if (pair % 2 == 0) {
          with.add(oneIsDead(server, thread, user, sinks));
        }
      }
      table.row(
          "events/s to 99 webhooks, none dead",
          "%,.0f, %.1f us of the server's CPU each"
              .formatted(Core.median(without, Cost::perSecond), Core.median(without, Cost::micros)),
          "",
          "");
      var slower = percents(without, with, (all, one) -> 1 - one.perSecond() / all.perSecond());
      table.row(
          "a silent hundredth slows the others by",
          range(slower),
          "under 5 %",
          Core.median(slower) < 5 ? "met" : "missed");
      table.row(
          "the same by the server's CPU",
          range(percents(without, with, (all, one) -> one.micros() / all.micros() - 1)),
          "",
          "");
      for (var i = 0; i < 99; i++) {
        delete(server, "many-" + i);
      }
    } finally {
      for (var sink : sinks) {
        sink.close();
      }
    }
  }

  private static List<Double> percents(
      List<Cost> without, List<Cost> with, ToDoubleBiFunction<Cost, Cost> part) {
    var percents = new ArrayList<Double>();
    for (var i = 0; i < without.size(); i++) {
      percents.add(100 * part.applyAsDouble(without.get(i), with.get(i)));
    }
    return percents;
  }

  private static String range(List<Double> percents) {
    return "%.1f %% (%.1f to %.1f)"
        .formatted(Core.median(percents), Collections.min(percents), Collections.max(percents));
  }

  private Cost oneIsDead(Server server, String thread, Server.User user, List<WebhookSink> sinks)
      throws Exception {
    try (var dead = WebhookSink.dead()) {
      subscribe(server, "dead", dead, 100, 1_024);
      var cost = hundred(server, thread, user, sinks);
      delete(server, "dead");
      return cost;
    }
  }

  private Cost hundred(Server server, String thread, Server.User user, List<WebhookSink> sinks)
      throws Exception {
    var messages = 400;
    sinks.forEach(WebhookSink::reset);
    var cpu = Cpu.seconds(server.pid());
    var start = System.nanoTime();
    send(server, thread, user, messages);
    await(
        "all events at all",
        () -> sinks.stream().allMatch(sink -> sink.events() >= (long) messages * MEMBERS));
    var seconds = (System.nanoTime() - start) / 1e9;
    var events = (double) messages * MEMBERS * sinks.size();
    return new Cost(events / seconds, (Cpu.seconds(server.pid()) - cpu) * 1e6 / events);
  }

  /** kill -9 while events are delivered, several times: what is lost, and what comes twice. */
  private void killed() throws Exception {
    var kills = 5;
    var data = work.resolve("killed");
    var sent = 0;
    try (var sink = WebhookSink.remembering()) {
      Server.User user = null;
      String thread = null;
      for (var kill = 0; kill <= kills; kill++) {
        try (var server = Server.start(home, data, List.of())) {
          if (user == null) {
            var users = server.users(MEMBERS);
            user = users.getFirst();
            thread = server.thread(users);
            subscribe(server, "killed", sink, 1, 64);
          }
          var ann = user;
          var place = thread;
          var stop = new AtomicBoolean();
          if (kill < kills) {
            var killer =
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        TimeUnit.MILLISECONDS.sleep(1_500);
                      } catch (InterruptedException _) {
                        return;
                      }
                      stop.set(true);
                      server.process.destroyForcibly();
                    });
            try {
              while (!stop.get()) {
                send(server, place, ann, 1);
                sent++;
              }
            } catch (IOException _) {
              // Killed.
            }
            killer.join();
            server.process.waitFor();
          } else {
            var wanted = (long) sent * MEMBERS;
            await("everything", () -> sink.distinct() >= wanted);
            TimeUnit.SECONDS.sleep(1);
          }
        }
      }
      var lost = Math.max(0, (long) sent * MEMBERS - sink.distinct());
      table.row(
          "kill -9 during deliveries, %d times: events of acknowledged messages lost"
              .formatted(kills),
          Long.toString(lost),
          "0",
          lost == 0 ? "met" : "missed");
      table.row(
          "events that came twice",
          "%d of %,d".formatted(sink.events() - sink.distinct(), sink.events()),
          "",
          "");
    }
  }

  // The server's operations.

  private static String path(Server server, String name) {
    return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Communication/communicationServices/%s/providers/Microsoft.EventGrid/eventSubscriptions/%s?api-version=2022-06-15"
        .formatted(
            server.environment("ACS_SUBSCRIPTION_ID"),
            server.environment("ACS_RESOURCE_GROUP"),
            server.environment("ACS_RESOURCE_NAME"),
            name);
  }

  private static void subscribe(
      Server server, String name, WebhookSink sink, int batch, int kilobytes) throws IOException {
    var body =
        """
        {"properties":{"destination":{"endpointType":"WebHook","properties":{"endpointUrl":"%s",
        "maxEventsPerBatch":%d,"preferredBatchSizeInKilobytes":%d}},
        "filter":{"includedEventTypes":["Microsoft.Communication.ChatMessageReceived","Microsoft.Communication.ChatMessageReceivedInThread"]}}}\
        """
            .formatted(sink.url(), batch, kilobytes);
    manage(server, "PUT", path(server, name), body, 201);
  }

  private static void delete(Server server, String name) throws IOException {
    manage(server, "DELETE", path(server, name), "", 200);
  }

  private static void manage(Server server, String method, String path, String body, int status)
      throws IOException {
    try (var connection = new Connection(server.httpPort, null)) {
      var answer =
          connection.exchange(
              Connection.request(method, path, server.environment("ACS_ARM_TOKEN"), body));
      if (answer.status() != status) {
        throw new IOException(answer.status() + " " + answer.body());
      }
    }
  }

  private static void replay(Server server, String name, Instant from) throws Exception {
    try (var connection = new Connection(server.httpPort, null)) {
      var answer =
          connection.exchange(
              server.signed(
                  "/parley/events/subscriptions/" + name + "/:replay",
                  "{\"from\":\"" + from + "\"}"));
      if (answer.status() != 202) {
        throw new IOException(answer.status() + " " + answer.body());
      }
    }
  }

  private static String standing(Server server) {
    try (var connection = new Connection(server.httpPort, null)) {
      return connection.exchange(server.signed("GET", "/parley/events/subscriptions", "")).body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("It did not come to this: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
