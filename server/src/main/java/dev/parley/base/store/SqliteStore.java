package dev.parley.base.store;

import dev.parley.base.kit.Fsync;
import dev.parley.base.kit.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store: one file, a write-ahead log, synchronous=FULL, one writer with group commit,
 * a few readers.
 *
 * <p>One process at a time; {@link DataLock} sees to that.
 */
public final class SqliteStore implements Store {
  /** All events of a SQLite store are one sequence. */
  static final Shard SHARD = new Shard(0);

  /**
   * Pages of 4 KB in the write-ahead log before the writer copies back what {@link
   * SqliteCheckpoints} has left, and begins the log anew.
   */
  private static final List<String> WRITER =
      List.of(
          "journal_mode=WAL",
          "synchronous=FULL",
          "wal_autocheckpoint=20000",
          "foreign_keys=OFF",
          "temp_store=MEMORY",
          "busy_timeout=10000");

  private static final List<String> CHECKPOINTS = List.of("synchronous=FULL", "busy_timeout=0");

  private static final List<String> READER = List.of("temp_store=MEMORY", "busy_timeout=10000");
  private static final Pattern KEYED =
      Pattern.compile("(?is)^\\s*CREATE\\s+TABLE.*PRIMARY\\s+KEY.*");

  private final Path file;
  private final SqliteConnection writing;
  private final SqliteCheckpoints checkpoints;
  private final SqliteWriter writer;
  private final SqliteReaders readers;

  /**
   * Opens the file, or makes it, and brings its schema up to date.
   *
   * @param rooms the migrations of all rooms but the store's own
   */
  public SqliteStore(Path file, List<Migration> rooms, StoreOptions options) {
    this.file = file;
    // A temporary folder may forbid programs; the native library is unpacked beside the data
    // instead.
    if (System.getProperty("org.sqlite.tmpdir") == null) {
      System.setProperty("org.sqlite.tmpdir", Fsync.folderOf(file).toString());
    }
    try {
      // The log beside it gets the same permissions from SQLite.
      OwnerOnly.file(file);
      writing = new SqliteConnection(file, false, WRITER);
      migrate(rooms);
      checkpoints = new SqliteCheckpoints(new SqliteConnection(file, false, CHECKPOINTS));
      writer = new SqliteWriter(writing, checkpoints, options);
      readers = new SqliteReaders(() -> new SqliteConnection(file, true, READER), options);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("The store " + file + " cannot be opened.", e);
    }
    checkpoints.start();
    writer.start();
  }

  private void migrate(List<Migration> rooms) throws SQLException {
    writing.execute("BEGIN IMMEDIATE");
    try {
      Schema.migrate(writing.jdbc(), StoreSchema.with(rooms), SqliteStore::clustered);
      writing.execute("COMMIT");
    } catch (SQLException | RuntimeException e) {
      writing.execute("ROLLBACK");
      writing.close();
      throw e;
    }
  }

  /**
   * A table with a key is kept in the order of that key, which makes a page of messages one read.
   */
  private static String clustered(String statement) {
    return KEYED.matcher(statement).matches() ? statement + " WITHOUT ROWID" : statement;
  }

  @Override
  public <T extends @Nullable Object> T write(PartitionKey partition, Unit<T> unit) {
    var waiting = new WaitingUnit<T>(partition, unit);
    writer.submit(waiting);
    return waiting.await();
  }

  @Override
  public <T> T read(Query<T> query) {
    return readers.read(query);
  }

  @Override
  public List<JournalRow> journal(Shard shard, long after, int limit) {
    return read(rows -> JournalRows.after(rows, shard, after, limit));
  }

  @Override
  public Map<Shard, Long> heads() {
    return Map.of(SHARD, writer.position());
  }

  @Override
  public void onCommit(Consumer<List<JournalRow>> listener) {
    writer.onCommit(listener);
  }

  @Override
  public void backup(Path target) {
    if (Files.exists(target)) {
      throw new IllegalArgumentException(target + " exists already.");
    }
    try (var source = new SqliteConnection(file, false, READER)) {
      source.run("VACUUM INTO ?", target.toAbsolutePath().toString());
      Fsync.file(target);
    } catch (SQLException | SqlFault | IOException e) {
      discard(target, e);
      throw new StoreUnavailable("The backup to " + target + " failed.", e);
    }
  }

  /** Half a copy would be taken for a whole one, and be in the way of the next attempt. */
  private static void discard(Path target, Exception cause) {
    try {
      Files.deleteIfExists(target);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public List<String> check() {
    return read(rows -> {
      var found =
          new ArrayList<>(
              rows.all("PRAGMA integrity_check", row -> row.text(1)).stream()
                  .filter(line -> !line.equals("ok"))
                  .toList());
      found.addAll(JournalRows.holes(rows));
      return found;
    });
  }

  /** Waits for a thread of the store's to end, whoever interrupts meanwhile. */
  static void awaitEnd(Thread thread) {
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    writer.close();
    readers.close();
    try {
      checkpoints.close();
      writing.close();
    } catch (SQLException e) {
      throw new IllegalStateException("The store cannot be closed.", e);
    }
  }
}
