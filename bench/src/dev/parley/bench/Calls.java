package dev.parley.bench;

import dev.parley.base.store.PostgresServer;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./parley bench calls [joins|muting|memory]...}: what calls cost the server. Clients speak the protocol over plain WebSockets;
 * they negotiate media, and send none.
 */
public final class Calls {
  private static final List<String> PARTS = List.of("joins", "muting", "memory");
  private static final int JOINS = 500;
  private static final int JOINS_PER_CALL = 50;
  private static final int MUTING = 100;
  private static final int MUTING_SECONDS = 20;
  private static final int MUTING_WARM_SECONDS = 10;
  private static final int IDLE = 10_000;
  private static final int IDLE_FIRST = 500;
  private static final int SQL_CONNECTIONS = 10;

  private final Path home;
  private final Path work;
  private final Table table = new Table();
  private final LongAdder told = new LongAdder();

  private Calls(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  /** Arguments: the clone's folder, and the parts to be run; without any all of them. */
  public static void main(String[] arguments) throws Exception {
    var work = Files.createTempDirectory("parley-bench");
    var calls = new Calls(Path.of(arguments[0]), work);
    try {
      var parts = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : PARTS;
      if (!PARTS.containsAll(parts)) {
        throw new IllegalArgumentException("Known parts: " + PARTS);
      }
      for (var part : parts) {
        switch (part) {
          case "joins" -> calls.joins();
          case "muting" -> calls.muting();
          default -> calls.memory();
        }
      }
      calls.table.print();
    } finally {
      try (var files = Files.walk(work)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    System.exit(0);
  }

  /** One every so often, whatever became of those before: connect, join, publish, subscribe. */
  private void joins() throws Exception {
    try (var server = Server.start(home, work.resolve("joins"), List.of());
        var client = HttpClient.newHttpClient();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var users = server.users(JOINS, "voip");
      var failed = new AtomicInteger();
      var millis = new double[JOINS];
      var agents = new ArrayList<CallAgent>();
      var cpu = Cpu.seconds(server.pid());
      var begin = System.nanoTime();
      var every = TimeUnit.MINUTES.toNanos(1) / JOINS;
      for (var i = 0; i < JOINS; i++) {
        var number = i;
        var due = begin + i * every;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        threads.submit(() -> {
          try {
            var agent = CallAgent.connect(client, server.httpPort, users.get(number).token(), told);
            synchronized (agents) {
              agents.add(agent);
            }
            enter(agent, number);
            millis[number] = (System.nanoTime() - due) / 1e6;
          } catch (Exception e) {
            millis[number] = Double.POSITIVE_INFINITY;
            if (failed.incrementAndGet() == 1) {
              e.printStackTrace();
            }
          }
          return true;
        });
      }
      threads.shutdown();
      var done = threads.awaitTermination(2, TimeUnit.MINUTES);
      var cost = Cpu.seconds(server.pid()) - cpu;
      Arrays.sort(millis);
      table.row(
          "joins in a minute, calls of " + JOINS_PER_CALL,
          "%d of %d failed".formatted(done ? failed.get() : JOINS, JOINS),
          "0 of " + JOINS,
          Core.verdict(done && failed.get() == 0));
      table.row(
          "connect, join, publish and subscribe, p50 / p95 / p99",
          "%.0f / %.0f / %.0f ms".formatted(millis[JOINS / 2], millis[JOINS * 95 / 100], millis[JOINS * 99 / 100]),
          "",
          "");
      table.row("CPU of the server per join", "%.1f ms".formatted(cost * 1000 / JOINS), "", "");
      agents.forEach(CallAgent::close);
    }
  }

  private static void enter(CallAgent agent, int number) throws Exception {
    var answer = agent.ask("\"do\":\"call.join\",\"groupId\":\"g" + number / JOINS_PER_CALL + "\"");
    var callId = text(answer, "\"callId\":\"");
    agent.ask(
        "\"do\":\"media.publish\",\"callId\":\"%s\",\"sdp\":\"%s\",\"tracks\":[{\"mid\":\"0\",\"type\":\"Audio\"}]"
            .formatted(callId, offer(number)));
    agent.ask("\"do\":\"media.subscribe\",\"callId\":\"" + callId + "\",\"streams\":[]");
  }

  /** An offer of one section of audio, of a client that then never comes. */
  private static String offer(int number) {
    return String.join(
        "\\r\\n",
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=sendonly",
        "a=rtcp-mux",
        "a=ice-ufrag:name" + number,
        "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa",
        "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB",
        "a=setup:actpass",
        "a=rtpmap:111 opus/48000/2",
        "");
  }

  private static String text(String json, String before) {
    var start = json.indexOf(before) + before.length();
    return json.substring(start, json.indexOf('"', start));
  }

  /** Everybody in a call of a hundred mutes or unmutes once a second. */
  private void muting() throws Exception {
    try (var server = Server.start(home, work.resolve("muting"), List.of());
        var client = HttpClient.newHttpClient()) {
      var agents = new ArrayList<CallAgent>();
      var callId = "";
      for (var user : server.users(MUTING, "voip")) {
        var agent = CallAgent.connect(client, server.httpPort, user.token(), told);
        agents.add(agent);
        callId = text(agent.ask("\"do\":\"call.join\",\"groupId\":\"all\""), "\"callId\":\"");
      }
      mute(agents, callId, MUTING_WARM_SECONDS);
      var cpu = Cpu.seconds(server.pid());
      var heard = told.sum();
      var begin = System.nanoTime();
      mute(agents, callId, MUTING_SECONDS);
      var seconds = (System.nanoTime() - begin) / 1e9;
      var share = (Cpu.seconds(server.pid()) - cpu) / seconds;
      table.row(
          "a call of " + MUTING + ", everybody muting once a second",
          "%.1f %% of a core, %,.0f notifications/s".formatted(share * 100, (told.sum() - heard) / seconds),
          "< 20 %",
          Core.verdict(share < 0.2));
      agents.forEach(CallAgent::close);
    }
  }

  private static void mute(List<CallAgent> agents, String callId, int seconds) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Boolean>>();
      for (var i = 0; i < agents.size(); i++) {
        var number = i;
        tasks.add(() -> {
          var begin = System.nanoTime() + number * TimeUnit.SECONDS.toNanos(1) / agents.size();
          for (var second = 0; second < seconds; second++) {
            var due = begin + TimeUnit.SECONDS.toNanos(second);
            LockSupport.parkNanos(due - System.nanoTime());
            agents
                .get(number)
                .ask("\"do\":\"me\",\"callId\":\"%s\",\"muted\":%b".formatted(callId, second % 2 == 0));
          }
          return true;
        });
      }
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  /** Agents that wait for a call, against clients of ejabberd that wait for a message. */
  private void memory() throws Exception {
    double theirs;
    try (var postgres = PostgresServer.own();
        var reactor = new Reactor();
        var ejabberd = Ejabberd.start(postgres, SQL_CONNECTIONS, reactor)) {
      theirs = ChatMemory.perConnection(ejabberd::idle, ejabberd::memoryBytes, IDLE_FIRST, IDLE);
    }
    double ours;
    try (var parley = ParleyChat.onSqlite(home, Files.createDirectory(work.resolve("memory")));
        var client = HttpClient.newHttpClient()) {
      ours = ChatMemory.perConnection(count -> idle(parley.server(), client, count), parley::memoryBytes, IDLE_FIRST, IDLE);
    }
    table.row("memory of an idle connection, ejabberd", "%.1f KB".formatted(theirs / 1024), "", "");
    table.row("memory of an idle call agent, Parley", "%.1f KB".formatted(ours / 1024), "", "");
    table.row(
        "memory of an idle call agent, Parley / ejabberd",
        "%.2f".formatted(ours / theirs),
        "<= 0.7",
        Core.verdict(ours / theirs <= 0.7));
  }

  private AutoCloseable idle(Server server, HttpClient client, int count) throws Exception {
    var users = server.users(count, "voip");
    return Crowd.connect(count, i -> CallAgent.connect(client, server.httpPort, users.get(i).token(), told));
  }
}
