package dev.parley.base.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers questions on a few platform threads, each with a read-only connection of its own. */
final class SqliteReaders implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqliteReaders.class);
  private static final int WAITING_MAX = 10_000;

  interface Opening {
    SqliteConnection open() throws SQLException;
  }

  private final StoreOptions options;
  private final List<SqliteConnection> connections = new ArrayList<>();
  private final BlockingQueue<SqliteConnection> free;
  private final ThreadPoolExecutor threads;

  SqliteReaders(Opening opening, StoreOptions options) throws SQLException {
    this.options = options;
    this.free = new ArrayBlockingQueue<>(options.readers());
    for (var i = 0; i < options.readers(); i++) {
      var connection = opening.open();
      connections.add(connection);
      free.add(connection);
    }
    threads =
        new ThreadPoolExecutor(
            options.readers(),
            options.readers(),
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("sqlite-reader-", 0).daemon().factory());
  }

  <T> T read(Query<T> query) {
    Future<T> asked;
    try {
      asked = threads.submit(() -> answer(query));
    } catch (RejectedExecutionException e) {
      throw new StoreUnavailable("The store has too many readers, or is closed.", e);
    }
    try {
      return asked.get(options.readWait().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException fault -> throw fault;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (TimeoutException e) {
      // Whoever asked is gone, so a question that has not begun need not begin.
      asked.cancel(false);
      throw new StoreUnavailable("The store has too many readers.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("Interrupted while reading.", e);
    }
  }

  /** There are as many connections as threads, so one is always free. */
  private <T> T answer(Query<T> query) throws SQLException {
    var connection = free.remove();
    try {
      connection.execute("BEGIN");
      try {
        return query.run(connection);
      } finally {
        connection.execute("COMMIT");
      }
    } finally {
      free.add(connection);
    }
  }

  @Override
  public void close() {
    threads.close();
    for (var connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.warn("a reader's connection cannot be closed", e);
      }
    }
  }
}
