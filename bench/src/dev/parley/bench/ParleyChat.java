package dev.parley.bench;

import dev.parley.base.store.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;

/** Parley as a chat server under load, over its plain-http listener. */
final class ParleyChat implements ChatPeer {
  private static final Pattern RANGE =
      Pattern.compile("\\[0x([0-9a-f]+), 0x[0-9a-f]+, 0x([0-9a-f]+)\\)");
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +(\\d+) kB");

  private static final int ADDED_AT_ONCE = 200;

  private final String name;
  private final Server server;
  private final Optional<PostgresServer> postgres;
  private final Reactor[] reactors;

  private ParleyChat(
      String name, Server server, Optional<PostgresServer> postgres, Reactor[] reactors) {
    this.name = name;
    this.server = server;
    this.postgres = postgres;
    this.reactors = reactors;
  }

  static ParleyChat onSqlite(Path home, Path work, Reactor... reactors) throws IOException {
    var server = Server.start(home, work.resolve("sqlite"), List.of());
    return new ParleyChat("Parley on SQLite", server, Optional.empty(), reactors);
  }

  static ParleyChat onPostgres(Path home, Path work, PostgresServer postgres, Reactor... reactors)
      throws IOException {
    var server =
        Server.start(
            home, work.resolve("postgres"), List.of("postgres.url=" + postgres.newDatabase()));
    return new ParleyChat("Parley on PostgreSQL", server, Optional.of(postgres), reactors);
  }

  @Override
  public String name() {
    return name;
  }

  Server server() {
    return server;
  }

  private record Thread(
      List<Server.User> users,
      String path,
      List<Trouter> members,
      List<HttpSender> senders,
      int port,
      Reactor reactor)
      implements Talk {
    @Override
    public Sender sender(int member, IntConsumer answered) throws IOException {
      var sender =
          new HttpSender(
              reactor,
              port,
              path + "/messages?api-version=2025-03-15",
              users.get(member).token(),
              answered);
      senders.add(sender);
      return sender;
    }

    @Override
    public void close() {
      senders.forEach(HttpSender::close);
      members.forEach(Trouter::close);
    }
  }

  /** Takes a member's connection from its login on. */
  interface Joining {
    void join(int member, Trouter trouter, SocketChannel channel) throws IOException;
  }

  @Override
  public List<Talk> talks(int threads, int members, Hearing hearing) throws Exception {
    return talks(
        threads,
        members,
        hearing,
        (member, one, channel) -> one.join(reactor(member / members), channel));
  }

  List<Talk> talks(int threads, int members, Hearing hearing, Joining joining) throws Exception {
    var talks = new ArrayList<Talk>();
    try (var http = new Connection(server.httpPort, null)) {
      for (var thread = 0; thread < threads; thread++) {
        var users = server.users(members);
        var path = thread(http, users);
        var all = new ArrayList<Trouter>();
        for (var i = 0; i < members; i++) {
          var member = thread * members + i;
          var one = new Trouter(hearing, member);
          joining.join(member, one, Trouter.login(http, server.httpPort, users.get(i).token()));
          all.add(one);
        }
        talks.add(
            new Thread(users, path, all, new ArrayList<>(), server.httpPort, reactor(thread)));
      }
    }
    return talks;
  }

  /** A thread of many begins with as many as may be added at once. */
  private String thread(Connection http, List<Server.User> users) throws IOException {
    var first = Math.min(users.size(), ADDED_AT_ONCE);
    var path = server.thread(users.subList(0, first));
    if (first < users.size()) {
      var rest =
          users.subList(first, users.size()).stream()
              .map(user ->
                  "{\"communicationIdentifier\":{\"communicationUser\":{\"id\":\"%s\"}}}"
                      .formatted(user.id()))
              .collect(Collectors.joining(","));
      var target = path + "/participants/:add?api-version=2025-03-15";
      var answer =
          http.exchange(
              Connection.request(
                  "POST", target, users.getFirst().token(), "{\"participants\":[" + rest + "]}"));
      if (answer.status() != 201) {
        throw new IOException("Not added: " + answer);
      }
    }
    return path;
  }

  Reactor reactor(int number) {
    return reactors[number % reactors.length];
  }

  @Override
  public double serverSeconds() {
    return Cpu.seconds(server.pid());
  }

  @Override
  public double databaseSeconds() {
    return postgres.map(one -> Cpu.secondsOfTree(one.pid())).orElse(0.0);
  }

  @Override
  public double compilerSeconds() {
    return Cpu.secondsOfThreads(server.pid(), "CompilerThre");
  }

  @Override
  public AutoCloseable idle(int count) throws Exception {
    return crowd(
        count,
        (number, http, token) -> {
          var one = new Trouter((_, _, _, _) -> {}, number);
          one.join(reactor(number), Trouter.login(http, server.httpPort, token));
          return one::close;
        });
  }

  /** The same over TLS. */
  AutoCloseable secureIdle(int count, SSLSocketFactory factory) throws Exception {
    return crowd(
        count,
        (_, http, token) -> {
          var socket = factory.createSocket("localhost", server.httpsPort);
          Trouter.upgrade(http, token, socket.getInputStream(), socket.getOutputStream());
          return socket;
        });
  }

  private interface Login {
    AutoCloseable in(int number, Connection http, String token) throws Exception;
  }

  /** Logs new users in; as many HTTP connections as logins at a time. */
  private AutoCloseable crowd(int count, Login login) throws Exception {
    var users = server.users(count);
    var free = new ConcurrentLinkedQueue<Connection>();
    try {
      return Crowd.connect(
          count,
          i -> {
            var taken = free.poll();
            var http = taken == null ? new Connection(server.httpPort, null) : taken;
            var one = login.in(i, http, users.get(i).token());
            free.add(http);
            return one;
          });
    } finally {
      for (var one : free) {
        one.close();
      }
    }
  }

  /** Heap in use after a collection, and everything resident outside the heap. */
  @Override
  public long memoryBytes() throws Exception {
    command("GC.run");
    command("GC.run");
    var heap = command("GC.heap_info");
    var ranges = RANGE.matcher(heap);
    var from = Long.MAX_VALUE;
    var to = 0L;
    while (ranges.find()) {
      from = Math.min(from, Long.parseUnsignedLong(ranges.group(1), 16));
      to = Math.max(to, Long.parseUnsignedLong(ranges.group(2), 16));
    }
    var used =
        USED.matcher(heap).results().mapToLong(one -> Long.parseLong(one.group(1)) * 1024).sum();
    if (to == 0 || used == 0) {
      throw new IllegalStateException("Not understood: " + heap);
    }
    return used + outside(from, to);
  }

  private long outside(long heapFrom, long heapTo) throws IOException {
    var bytes = 0L;
    var inHeap = false;
    for (var line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/smaps"))) {
      var dash = line.indexOf('-');
      if (dash > 0 && line.indexOf(' ') > dash && line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        var start = Long.parseUnsignedLong(line.substring(0, dash), 16);
        inHeap = start >= heapFrom && start < heapTo;
      }
      var resident = RESIDENT.matcher(line);
      if (!inHeap && resident.lookingAt()) {
        bytes += Long.parseLong(resident.group(1)) * 1024;
      }
    }
    return bytes;
  }

  /** Asks the server's JVM. */
  String command(String... words) throws IOException {
    var command =
        new ArrayList<String>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid())));
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
      return String.join("\n", out.lines().toList());
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
