package dev.parley.base.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Connections that read, a bounded number of them, each made when it is first needed. */
final class PostgresReaders implements AutoCloseable {
  private final PostgresConfig config;
  private final Duration wait;
  private final Semaphore free;
  private final ConcurrentLinkedDeque<PostgresConnection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  PostgresReaders(PostgresConfig config, StoreOptions options) {
    this.config = config;
    this.wait = options.readWait();
    this.free = new Semaphore(options.readers(), true);
  }

  /**
   * Reads on this thread.
   *
   * @throws StoreUnavailable when no connection becomes free in time, or the server is gone
   */
  <T> T read(Function<PostgresRows, T> reading) {
    take();
    try {
      var kept = idle.poll();
      var rows = new PostgresRows(this, kept == null ? open() : kept);
      try {
        return reading.apply(rows);
      } finally {
        giveBack(rows.connection());
      }
    } catch (SQLException e) {
      throw PostgresProblems.unreachable(config.place(), e);
    } finally {
      free.release();
    }
  }

  PostgresConnection open() throws SQLException {
    return PostgresConnection.reader(config);
  }

  /** What a reader gets for a statement that failed. */
  RuntimeException problem(SQLException problem, PostgresConnection connection) {
    return switch (PostgresFault.of(problem, connection.closed())) {
      case LOST -> PostgresProblems.unreachable(config.place(), problem);
      case BUSY, FULL -> PostgresProblems.unable(problem);
      case STATEMENT -> PostgresProblems.failed(problem);
    };
  }

  @Override
  public void close() {
    closed = true;
    for (var left = idle.poll(); left != null; left = idle.poll()) {
      left.close();
    }
  }

  private void take() {
    if (closed) {
      throw PostgresProblems.closed();
    }
    try {
      if (free.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw PostgresProblems.noReader();
  }

  /** Ends the snapshot; the last one used is the first one used again, so that few stay warm. */
  private void giveBack(PostgresConnection connection) {
    try {
      connection.rollback();
      idle.push(connection);
    } catch (SQLException _) {
      connection.close();
    }
    if (closed) {
      close();
    }
  }
}
