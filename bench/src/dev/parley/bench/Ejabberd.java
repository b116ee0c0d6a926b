package dev.parley.bench;

import dev.parley.base.kit.FreePort;
import dev.parley.base.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Debian's ejabberd as a peer: no TLS, users and the message archive in PostgreSQL, everything
 * archived, no shapers, only the modules that the job needs. It runs as the account that its
 * package makes, on a free loopback port.
 */
final class Ejabberd implements ChatPeer {
  static final String PASSWORD = "bench";
  private static final Path SCHEMA = Path.of("/usr/share/ejabberd/sql/pg.sql");
  private static final int USERS = 12_000;
  private static final int START_SECONDS = 60;
  private static final String CONFIG =
      """
      loglevel: error
      hosts: [localhost]
      listen:
        - port: %d
          ip: "127.0.0.1"
          module: ejabberd_c2s
          max_stanza_size: 262144
          backlog: 1024
          starttls: false
      auth_method: sql
      auth_password_format: plain
      default_db: sql
      sql_type: pgsql
      sql_server: "127.0.0.1"
      sql_port: %d
      sql_database: "%s"
      sql_username: "parley"
      sql_password: ""
      sql_pool_size: %d
      shaper: {}
      modules:
        mod_mam:
          db_type: sql
          default: always
        mod_muc:
          db_type: mnesia
          max_users: 500
          history_size: 0
          min_message_interval: 0
          default_room_options:
            mam: true
            anonymous: false
            max_users: 500
      """;

  private final Process process;
  private final int port;
  private final Path folder;
  private final PostgresServer postgres;
  private final String url;
  private final Reactor[] reactors;
  private int usersGiven;
  private int roomsGiven;

  private Ejabberd(
      Process process,
      int port,
      Path folder,
      PostgresServer postgres,
      String url,
      Reactor[] reactors) {
    this.process = process;
    this.port = port;
    this.folder = folder;
    this.postgres = postgres;
    this.url = url;
    this.reactors = reactors;
  }

  /**
   * Installs it where it is missing and may be installed, and starts it on a database of its own.
   */
  static Ejabberd start(PostgresServer postgres, int sqlConnections, Reactor... reactors)
      throws Exception {
    install();
    var url = postgres.newDatabase();
    fill(url);
    var folder = Files.createTempDirectory("parley-ejabberd");
    var port = FreePort.find();
    var database = java.net.URI.create(url.substring(5));
    Files.writeString(
        folder.resolve("ejabberd.yml"),
        CONFIG.formatted(
            port, database.getPort(), database.getPath().substring(1), sqlConnections));
    Files.createDirectory(folder.resolve("spool"));
    own(folder);
    var process = launch(folder);
    var peer = new Ejabberd(process, port, folder, postgres, url, reactors);
    peer.awaitStart();
    return peer;
  }

  private static void install() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/sbin/ejabberdctl")) || !hasPostgresDriver()) {
      Debian.install("ejabberd", "erlang-p1-pgsql");
    }
  }

  private static boolean hasPostgresDriver() throws IOException {
    try (var libraries = Files.list(Path.of("/usr/lib/erlang/lib"))) {
      return libraries.anyMatch(one -> one.getFileName().toString().startsWith("p1_pgsql"));
    }
  }

  /** The package's own tables, and all users. */
  private static void fill(String url) throws Exception {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(Files.readString(SCHEMA));
      statement.execute(
          "INSERT INTO users (username, password) SELECT 'u' || n, '%s' FROM generate_series(1, %d) n"
              .formatted(PASSWORD, USERS));
    }
  }

  /** Root gives the folder to the package's account; anybody else runs it as himself. */
  private static void own(Path folder) throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return;
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    var owner =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("ejabberd");
    try (var files = Files.walk(folder)) {
      for (var file : files.toList()) {
        Files.setOwner(file, owner);
      }
    }
  }

  private static Process launch(Path folder) throws IOException {
    var command = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(
          List.of("setpriv", "--reuid=ejabberd", "--regid=ejabberd", "--clear-groups", "--"));
    }
    // As the package's own script starts it, without the network of Erlang nodes; and its
    // schedulers do not spin while they wait, which
    // would be counted as its CPU time.
    command.addAll(
        List.of(
            "erl",
            "+K",
            "true",
            "+P",
            "250000",
            "+sbwt",
            "none",
            "+sbwtdcpu",
            "none",
            "+sbwtdio",
            "none"));
    command.addAll(
        List.of("-noinput", "-mnesia", "dir", "\"" + folder + "/spool\"", "-s", "ejabberd"));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("out.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME",
                folder.toString(),
                "EJABBERD_CONFIG_PATH",
                folder.resolve("ejabberd.yml").toString(),
                "EJABBERD_LOG_PATH",
                folder.resolve("ejabberd.log").toString(),
                "ERL_LIBS",
                "/usr/lib/x86_64-linux-gnu",
                "ERL_CRASH_DUMP_BYTES",
                "0",
                "ERL_MAX_PORTS",
                "32000"));
    return builder.start();
  }

  private void awaitStart() throws Exception {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < end) {
      try (var channel = Xmpp.login(port, "u1").channel()) {
        return;
      } catch (IOException _) {
        Thread.sleep(100);
      }
    }
    var log = folder.resolve("ejabberd.log");
    throw new IllegalStateException(
        "ejabberd did not start:\n"
            + Files.readString(folder.resolve("out.log"))
            + (Files.exists(log) ? Files.readString(log) : ""));
  }

  @Override
  public String name() {
    return "ejabberd on PostgreSQL";
  }

  private record Room(List<Xmpp> members, String address) implements Talk {
    @Override
    public Sender sender(int member, IntConsumer answered) {
      return members.get(member);
    }

    @Override
    public void close() {
      members.forEach(Xmpp::close);
    }
  }

  /** Two talk to each other directly, more in a room, as XMPP has it. */
  @Override
  public List<Talk> talks(int threads, int members, Hearing hearing) throws Exception {
    var first = usersGiven + 1;
    usersGiven += threads * members;
    var talks = new ArrayList<Talk>();
    for (var thread = 0; thread < threads; thread++) {
      var room = "room%d@conference.localhost".formatted(++roomsGiven);
      var all = new ArrayList<Xmpp>();
      for (var i = 0; i < members; i++) {
        var number = thread * members + i;
        var user = "u" + (first + number);
        var login = Xmpp.login(port, user);
        if (members > 2) {
          Xmpp.enter(login, room, user);
        }
        var one = new Xmpp(hearing, number);
        if (members > 2) {
          one.to(room, "groupchat");
        } else {
          one.to("u%d@localhost".formatted(first + thread * 2 + 1 - i), "chat");
        }
        one.join(reactors[thread % reactors.length], login);
        all.add(one);
      }
      talks.add(new Room(all, room));
    }
    return talks;
  }

  @Override
  public double serverSeconds() {
    return Cpu.secondsOfTree(process.pid());
  }

  @Override
  public double databaseSeconds() {
    return Cpu.secondsOfTree(postgres.pid());
  }

  /** Erlang compiles a module when it loads it. */
  @Override
  public double compilerSeconds() {
    return 0;
  }

  @Override
  public AutoCloseable idle(int count) throws Exception {
    var first = usersGiven + 1;
    usersGiven += count;
    return Crowd.connect(
        count,
        i -> {
          var login = Xmpp.login(port, "u" + (first + i));
          var one = new Xmpp((_, _, _, _) -> {}, i);
          one.join(reactors[i % reactors.length], login);
          return one::close;
        });
  }

  /** All of its resident memory: Erlang tells no garbage apart from outside. */
  @Override
  public long memoryBytes() throws Exception {
    return (long) (Cpu.residentMegabytes(process.pid()) * 1024 * 1024);
  }

  /** Archived messages so far. */
  long archived() throws Exception {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM archive")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws Exception {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
