package dev.parley.base.store;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of this process that writes: it gathers the units that wait into one batch after
 * the other, and takes a batch that fails apart until only the guilty get an error.
 */
final class PostgresWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);

  /** After that many attempts in company a unit is tried by itself. */
  private static final int TRIES_TOGETHER_MAX = 3;

  private static final int TRIES_MAX = 5;
  private static final long IDLE_MILLIS = 200;

  /** The part of a batch's time for which the next one waits for company, and its bound. */
  private static final int COMPANY_PART = 8;

  private static final long COMPANY_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 30_000;

  private final PostgresLink link;
  private final CountDownLatch closing;
  private final StoreOptions options;
  private final int shards;
  private final GatherStatements statements = new GatherStatements();
  private final PostgresMemory memory = new PostgresMemory();
  private final BlockingQueue<GatherTicket<?>> waiting;
  private final LongAdder repeats = new LongAdder();
  private final Thread thread;
  private volatile Consumer<List<JournalRow>> listener = _ -> {};
  private volatile boolean ended;
  private long lastNanos;
  private int lastUnits;

  /**
   * Starts the thread.
   *
   * @param closing opened by {@link #close}; the link waits for a lost server no longer then
   */
  PostgresWriter(PostgresLink link, CountDownLatch closing, StoreOptions options, int shards) {
    this.link = link;
    this.closing = closing;
    this.options = options;
    this.shards = shards;
    this.waiting = new ArrayBlockingQueue<>(options.waitingUnitsMax());
    this.thread = Thread.ofPlatform().name("postgres-writer").start(this::work);
  }

  void onCommit(Consumer<List<JournalRow>> listener) {
    this.listener = listener;
  }

  /** How many batches were taken apart since the start. */
  long repeats() {
    return repeats.sum();
  }

  <T extends @Nullable Object> T write(PartitionKey partition, Unit<T> unit) {
    var shard = PostgresJournal.shard(partition, shards);
    var ticket = new GatherTicket<>(partition, shard, unit);
    if (closing.getCount() == 0) {
      throw PostgresProblems.closed();
    }
    if (!waiting.offer(ticket)) {
      throw PostgresProblems.full();
    }
    if (ended && waiting.remove(ticket)) {
      throw PostgresProblems.closed();
    }
    return ticket.await();
  }

  /** Stores what waits, and stops. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      while (closing.getCount() > 0 || !waiting.isEmpty()) {
        var first = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          awaitCompany();
          var batch = new ArrayList<GatherTicket<?>>();
          batch.add(first);
          waiting.drainTo(batch, options.batchUnitsMax() - 1);
          var begin = System.nanoTime();
          store(batch);
          lastNanos = System.nanoTime() - begin;
          lastUnits = batch.size();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
      failWaiting(PostgresProblems.closed());
      link.close();
    }
  }

  /**
   * Those who were answered together ask again at about the same time: a batch of one followed by a
   * batch of the others would cost as much as two. Whoever writes alone waits for nobody.
   */
  private void awaitCompany() {
    if (lastUnits > 1 && waiting.size() + 1 < lastUnits && closing.getCount() > 0) {
      LockSupport.parkNanos(this, Math.min(lastNanos / COMPANY_PART, COMPANY_NANOS_MAX));
    }
  }

  private void store(List<GatherTicket<?>> batch) {
    var work = new ArrayDeque<List<GatherTicket<?>>>();
    work.add(batch);
    try {
      while (!work.isEmpty()) {
        work.addAll(attempt(work.element()));
        work.remove();
      }
    } catch (StoreUnavailable e) {
      // Nobody can be helped before the server is back, and everybody has waited already.
      LOG.warn("{}", e.getMessage());
      work.forEach(tickets -> fail(tickets, e));
      failWaiting(e);
    } catch (RuntimeException | Error e) {
      LOG.error("The writer failed; the units of its batch fail with it.", e);
      work.forEach(tickets -> fail(tickets, e));
    }
  }

  /** Tries to store the units together; gives what is to be tried again, in that company. */
  private List<List<GatherTicket<?>>> attempt(List<GatherTicket<?>> tickets) {
    var connection = link.connection();
    memory.on(connection);
    tickets.forEach(GatherTicket::tried);
    var batch = new GatherBatch(connection, statements, memory, tickets, options.clock());
    List<JournalRow> rows;
    try {
      if (options.everyUnitTwice()) {
        rehearse(connection, tickets);
      }
      if (!batch.run()) {
        return takenApart(batch);
      }
      rows = batch.commit();
    } catch (SQLException e) {
      batch.abort();
      forget(tickets);
      return afterFault(batch, e, PostgresFault.of(e, connection.closed()));
    } catch (RuntimeException | Error e) {
      LOG.error("The writer failed; its connection is given up.", e);
      batch.abort();
      forget(tickets);
      link.close();
      if (batch.committing()) {
        fail(tickets, PostgresProblems.unknownOutcome(e));
        return List.of();
      }
      return aloneOrFailed(tickets, e);
    }
    // From here on nothing may lead to another attempt, since the units are stored.
    stored(batch, rows);
    return List.of();
  }

  private void rehearse(PostgresConnection connection, List<GatherTicket<?>> tickets)
      throws SQLException {
    var batch = new GatherBatch(connection, statements, memory, tickets, options.clock());
    try {
      batch.run();
    } finally {
      batch.abort();
    }
    connection.rollback();
    forget(tickets);
  }

  /** What these units left to others is not stored. */
  private void forget(List<GatherTicket<?>> tickets) {
    memory.forget(tickets.stream().map(GatherTicket::shard).toList());
  }

  private void stored(GatherBatch batch, List<JournalRow> rows) {
    try {
      if (!rows.isEmpty()) {
        listener.accept(rows);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("The listener of committed rows failed; hearers read the journal instead.", e);
    }
    batch.finish();
  }

  /** A unit failed too late to be left out, or did not come back: the others go on without it. */
  private List<List<GatherTicket<?>>> takenApart(GatherBatch batch) {
    var tickets = batch.tickets();
    var late = batch.late();
    var spoilt = batch.spoilt();
    batch.abort();
    forget(tickets);
    link.rollback();
    fail(late, PostgresProblems.tooSlow());
    if (tickets.size() == 1 && !spoilt.isEmpty()) {
      batch.finish();
      return List.of();
    }
    LOG.info("Repeating {} units without {} that failed.", tickets.size(), spoilt.size());
    repeats.increment();
    var rest = new ArrayList<>(tickets);
    rest.removeAll(late);
    rest.removeAll(spoilt);
    // A failure may rest on what another unit wrote that is not stored now, so it is asked again.
    var again = alone(spoilt);
    again.addAll(
        rest.stream().anyMatch(ticket -> ticket.tries() >= TRIES_TOGETHER_MAX)
            ? alone(rest)
            : together(rest));
    return again;
  }

  private List<List<GatherTicket<?>>> afterFault(
      GatherBatch batch, SQLException problem, PostgresFault fault) {
    var tickets = batch.tickets();
    link.rollback();
    if (batch.surprised(problem)) {
      return together(tickets);
    }
    LOG.warn(
        "A batch of {} units failed ({}): {}",
        tickets.size(),
        fault,
        PostgresProblems.said(problem));
    return switch (fault) {
      case LOST -> {
        link.close();
        var rest = new ArrayList<>(tickets);
        if (batch.committing()) {
          fail(batch.changing(), PostgresProblems.unknownOutcome(problem));
          rest.removeAll(batch.changing());
        }
        yield together(rest);
      }
      case BUSY -> together(tickets);
      case FULL -> {
        fail(tickets, PostgresProblems.unable(problem));
        yield List.of();
      }
      case STATEMENT -> aloneOrFailed(tickets, PostgresProblems.failed(problem));
    };
  }

  private List<List<GatherTicket<?>>> aloneOrFailed(
      List<GatherTicket<?>> tickets, Throwable problem) {
    if (tickets.size() == 1) {
      fail(tickets, problem);
      return List.of();
    }
    repeats.increment();
    return alone(tickets);
  }

  private static List<List<GatherTicket<?>>> alone(List<GatherTicket<?>> tickets) {
    var again = new ArrayList<List<GatherTicket<?>>>();
    tickets.forEach(ticket -> again.add(List.of(ticket)));
    return again;
  }

  private static List<List<GatherTicket<?>>> together(List<GatherTicket<?>> tickets) {
    var again = new ArrayList<>(tickets);
    again.removeIf(ticket -> {
      var worn = ticket.tries() >= TRIES_MAX;
      if (worn) {
        ticket.fail(PostgresProblems.triedTooOften());
      }
      return worn;
    });
    return again.isEmpty() ? List.of() : List.of(again);
  }

  private void failWaiting(Throwable problem) {
    var left = new ArrayList<GatherTicket<?>>();
    waiting.drainTo(left);
    fail(left, problem);
  }

  private static void fail(List<GatherTicket<?>> tickets, Throwable problem) {
    tickets.forEach(ticket -> ticket.fail(problem));
  }
}
