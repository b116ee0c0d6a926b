package dev.parley.base.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The one writer of a SQLite store: gathers the units that wait and ends them with one commit.
 *
 * <p>Each unit has a savepoint, so one that fails takes nothing along. When the disk fails, the
 * whole batch is taken back and each caller gets {@link StoreUnavailable}; the writer goes on, for
 * the disk may come back.
 */
final class SqliteWriter implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(SqliteWriter.class);
  private static final String JOURNAL =
      "INSERT INTO journal (shard, position, resource_id, partition_key, event, actor, key_slot,"
          + " request_id, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** Where the positions of a shard go on after a start. */
  static final String LAST = "SELECT MAX(position) FROM journal WHERE shard = ?";

  private final SqliteConnection connection;
  private final SqliteCheckpoints checkpoints;
  private final StoreOptions options;
  private final ArrayBlockingQueue<WaitingUnit<?>> queue;
  private final Thread thread = Thread.ofPlatform().name("sqlite-writer").unstarted(this);
  private final Memories memories = new Memories();
  private final AtomicLong position;
  private volatile Consumer<List<JournalRow>> listener = _ -> {};
  private volatile boolean closing;
  private volatile boolean stopped;
  private boolean walMayShrink;
  private Instant at = Instant.EPOCH;

  SqliteWriter(SqliteConnection connection, SqliteCheckpoints checkpoints, StoreOptions options) {
    this.connection = connection;
    this.checkpoints = checkpoints;
    this.options = options;
    this.queue = new ArrayBlockingQueue<>(options.waitingUnitsMax());
    var last = connection.one(LAST, row -> row.numberIf(1), 0L).flatMap(max -> max);
    this.position = new AtomicLong(last.orElse(0L));
  }

  void start() {
    thread.start();
  }

  long position() {
    return position.get();
  }

  void onCommit(Consumer<List<JournalRow>> listener) {
    this.listener = listener;
  }

  void submit(WaitingUnit<?> unit) {
    if (Thread.currentThread().equals(thread)) {
      throw new IllegalStateException("A unit must not write through the store, only its tx.");
    }
    if (closing) {
      throw new StoreUnavailable("The store is closing.", null);
    }
    if (!queue.offer(unit)) {
      throw new StoreUnavailable("Too many units of work wait for the store.", null);
    }
    // The writer may have looked for the last time between the check and the offer.
    if (stopped && queue.remove(unit)) {
      throw new StoreUnavailable("The store is closing.", null);
    }
  }

  /** Ends what waits, then stops. */
  void close() {
    closing = true;
    SqliteStore.awaitEnd(thread);
  }

  @Override
  public void run() {
    gather();
    // In this order: whoever offers from now on sees the first, whoever offered before is found.
    stopped = true;
    for (var late = queue.poll(); late != null; late = queue.poll()) {
      late.fail(new StoreUnavailable("The store is closing.", null));
      late.end();
    }
  }

  private void gather() {
    var batch = new ArrayList<WaitingUnit<?>>();
    while (true) {
      var first = next();
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, options.batchUnitsMax() - 1);
        commit(batch);
        checkpoints.committed(batch.size());
        batch.clear();
        walMayShrink = true;
      } else if (closing) {
        return;
      } else {
        shrinkWal();
      }
    }
  }

  private @Nullable WaitingUnit<?> next() {
    try {
      return queue.poll(closing ? 0 : 200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return null;
    }
  }

  private void commit(List<WaitingUnit<?>> batch) {
    var rows = new ArrayList<JournalRow>();
    at = later(at, Instant.ofEpochMilli(options.clock().millis()));
    try {
      connection.execute("BEGIN IMMEDIATE");
      for (var unit : batch) {
        rows.addAll(attempt(unit, position.get() + rows.size()));
      }
      connection.execute("COMMIT");
      position.addAndGet(rows.size());
    } catch (SQLException | RuntimeException | Error e) {
      takeBack(batch, e);
      rows.clear();
    }
    if (!rows.isEmpty()) {
      tell(rows);
    }
    batch.forEach(WaitingUnit::end);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private List<JournalRow> attempt(WaitingUnit<?> unit, long after) throws SQLException {
    connection.execute("SAVEPOINT unit");
    var memory = memories.next(unit.partition());
    var tx = new SqliteTx(connection, memory);
    var rows = new ArrayList<JournalRow>();
    try {
      unit.run(tx);
      if (options.everyUnitTwice()) {
        connection.execute("ROLLBACK TO unit");
        memory = memories.next(unit.partition());
        tx = new SqliteTx(connection, memory);
        unit.run(tx);
      }
      for (var published : tx.published()) {
        var row =
            new JournalRow(
                SqliteStore.SHARD,
                after + rows.size() + 1,
                unit.partition(),
                published.event(),
                published.origin(),
                at,
                published.detail());
        journal(row);
        rows.add(row);
      }
      memories.ended(unit.partition(), memory);
    } catch (Throwable e) {
      if (e instanceof SqlFault fault && isDiskFault(fault.sql())) {
        throw fault;
      }
      connection.execute("ROLLBACK TO unit");
      unit.fail(e);
      rows.clear();
    }
    connection.execute("RELEASE unit");
    return rows;
  }

  private void journal(JournalRow row) {
    var origin = row.origin();
    connection.run(
        JOURNAL,
        row.shard().number(),
        row.position(),
        row.partition().resource().value(),
        row.partition().value(),
        EventCodec.text(row.event()),
        origin.actor(),
        origin.keySlot(),
        origin.requestId(),
        row.at().toEpochMilli());
  }

  private void takeBack(List<WaitingUnit<?>> batch, Throwable cause) {
    log.error("a commit of {} units failed and is taken back", batch.size(), cause);
    memories.clear();
    try {
      connection.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself when the disk is full.
      log.debug("nothing was left to roll back", e);
    }
    // Refused units as well: they may have been refused for what an earlier unit did.
    for (var unit : batch) {
      unit.fail(new StoreUnavailable("The store cannot write now.", cause));
    }
  }

  private void tell(List<JournalRow> rows) {
    try {
      listener.accept(List.copyOf(rows));
    } catch (RuntimeException | Error e) {
      log.error("the listener of commits failed", e);
    }
  }

  /**
   * A large write-ahead log is only given back when nobody waits: a checkpoint holds everybody up.
   */
  private void shrinkWal() {
    if (walMayShrink) {
      try {
        walMayShrink = !truncateWal();
      } catch (SqlFault e) {
        walMayShrink = false;
        log.warn("the write-ahead log cannot be checkpointed", e);
      }
    }
  }

  /**
   * Without patience: this thread would wait for the longest reader, and every unit with it.
   *
   * @return whether nobody was in the way
   */
  private boolean truncateWal() {
    connection.one("PRAGMA busy_timeout = 0", row -> row.number(1));
    try {
      return connection
          .one("PRAGMA wal_checkpoint(TRUNCATE)", row -> row.number(1) == 0)
          .orElse(true);
    } finally {
      connection.one("PRAGMA busy_timeout = 10000", row -> row.number(1));
    }
  }

  private static boolean isDiskFault(SQLException fault) {
    if (!(fault instanceof SQLiteException sqlite)) {
      return false;
    }
    var code = sqlite.getResultCode();
    return code == SQLiteErrorCode.SQLITE_FULL
        || code == SQLiteErrorCode.SQLITE_CORRUPT
        || code == SQLiteErrorCode.SQLITE_READONLY
        || code.name().startsWith("SQLITE_IOERR");
  }
}
