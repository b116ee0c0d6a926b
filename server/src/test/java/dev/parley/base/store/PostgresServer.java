package dev.parley.base.store;

import dev.parley.base.kit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL that the tests start themselves, on a free loopback port, from the binaries of this
 * machine.
 *
 * <p>PostgreSQL refuses to run as root; then an unprivileged account runs it, in a folder of its
 * own below the folder for temporary files. Where PostgreSQL is not installed a test fails. The
 * benchmark uses it too, so it knows no test library.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String USER = "parley";
  private static final long START_SECONDS = 60;
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** One server for all tests that do not harm it, stopped when the test process ends. */
  private static final class Shared {
    static final PostgresServer SERVER = new PostgresServer(PostgresBinaries.find());

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }

  private final PostgresBinaries binaries;
  private final Path data;
  private int port;
  private Process process;

  private PostgresServer(PostgresBinaries binaries) {
    this.binaries = binaries;
    this.data = binaries.newFolder();
    binaries.run(
        "initdb", "-D", data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
    start();
  }

  /** The server that tests share; each takes a database of its own. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /** A server that the test may kill. */
  public static PostgresServer own() {
    return new PostgresServer(PostgresBinaries.find());
  }

  /** Makes an empty database and gives its JDBC URL, with the user in it. */
  public String newDatabase() {
    var name = "parley_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return url(name);
  }

  /** Runs a statement with full rights. */
  public void execute(String database, String sql) {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The process id of the postmaster, whose children do the work. */
  public long pid() {
    return process.pid();
  }

  /** CPU time of the server and its children so far; the kernel's figures, where it has them. */
  public Optional<Double> cpuSeconds() {
    var handle = process.toHandle();
    return Stream.concat(Stream.of(handle), handle.descendants())
        .map(one -> one.info().totalCpuDuration().map(time -> time.toNanos() / 1e9))
        .reduce(Optional.of(0.0), (a, b) -> a.flatMap(x -> b.map(y -> x + y)));
  }

  /** Ends the whole server as a power cut would, without a chance to tidy up. */
  public void kill() {
    var all = new ArrayList<ProcessHandle>(process.descendants().toList());
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    all.add(process.toHandle());
    for (var one : all) {
      one.onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  /** Starts it again on its data and its port, after {@link #kill}. */
  public void restart() {
    start();
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        // Nobody reads this data again: an immediate shutdown, which writes no checkpoint.
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
          kill();
        }
      }
      try (var files = Files.walk(data)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start() {
    try {
      // Left over by a killed server; the process id in it may belong to somebody else by now.
      Files.deleteIfExists(data.resolve("postmaster.pid"));
      if (port == 0) {
        port = FreePort.find();
      }
      var command =
          List.of("-D", data.toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-k", "");
      process = binaries.start(data.resolve("server.log"), "postgres", command);
      awaitAnswer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAnswer() throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (var _ = connect("postgres")) {
        return;
      } catch (SQLException _) {
        Thread.onSpinWait();
      }
    }
    throw new IllegalStateException(
        "PostgreSQL did not start:\n" + Files.readString(data.resolve("server.log")));
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER;
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database));
  }
}
