package dev.parley.base.store;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the write-ahead log back into the file while the writer goes on. The writer's own
 * checkpoint, which alone can begin the log anew, then finds little left to copy, and no commit
 * waits long for it.
 */
final class SqliteCheckpoints implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqliteCheckpoints.class);

  /** Some thousand pages; a pass costs two fsyncs, so that more of them would cost the writer. */
  private static final int UNITS = 512;

  private final SqliteConnection connection;
  private final Thread thread = Thread.ofPlatform().name("sqlite-checkpoints").unstarted(this);
  private final Semaphore due = new Semaphore(0);
  private int units;

  SqliteCheckpoints(SqliteConnection connection) {
    this.connection = connection;
  }

  void start() {
    thread.start();
  }

  /** So many units are in the log. The writer's thread alone says it. */
  void committed(int more) {
    units += more;
    if (units >= UNITS) {
      units = 0;
      due.release();
    }
  }

  @Override
  public void run() {
    try {
      while (true) {
        due.acquire();
        due.drainPermits();
        pass();
      }
    } catch (InterruptedException _) {
      // The store closes.
    }
  }

  private void pass() {
    try {
      connection.one("PRAGMA wal_checkpoint(PASSIVE)", row -> row.number(1));
    } catch (SqlFault e) {
      log.warn("the write-ahead log cannot be copied back now", e);
    }
  }

  @Override
  public void close() throws SQLException {
    thread.interrupt();
    SqliteStore.awaitEnd(thread);
    connection.close();
  }
}
