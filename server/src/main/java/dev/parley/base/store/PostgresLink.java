package dev.parley.base.store;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The writer's connection, which is made again when it is lost. For the thread that writes. */
final class PostgresLink implements AutoCloseable {
  private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private final PostgresConfig config;
  private final CountDownLatch closing;
  private @Nullable PostgresConnection connection;

  /**
   * @param closing opens when nobody should wait for a server any longer
   */
  PostgresLink(PostgresConfig config, CountDownLatch closing) {
    this.config = config;
    this.closing = closing;
  }

  /**
   * The connection, made with growing pauses for at most five seconds when there is none.
   *
   * @throws StoreUnavailable when the server cannot be reached
   */
  PostgresConnection connection() {
    var deadline = System.nanoTime() + WAIT_NANOS;
    var pause = PAUSE_NANOS_MIN;
    var made = connection;
    while (made == null) {
      try {
        made = PostgresConnection.writer(config);
      } catch (SQLException e) {
        if (System.nanoTime() + pause > deadline || ends(pause)) {
          throw PostgresProblems.unreachable(config.place(), e);
        }
        pause = Math.min(2 * pause, PAUSE_NANOS_MAX);
      }
    }
    connection = made;
    return made;
  }

  /** Takes back what was not committed; gives the connection up when that fails. */
  void rollback() {
    if (connection != null) {
      try {
        connection.rollback();
      } catch (SQLException _) {
        close();
      }
    }
  }

  /** Gives the connection up; the next one is made when it is needed. */
  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private boolean ends(long pause) {
    try {
      return closing.await(pause, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
