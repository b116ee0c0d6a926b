package dev.parley.base.store;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One transaction that many units share. {@link #run} brings every unit to its end; then the writer
 * commits the batch or aborts it.
 *
 * <p>Short units run on the writer's thread. The questions of those of different partitions go out
 * together, and so do those of longer units, which run side by side on their callers' threads, in a
 * wave. A second unit of a partition runs after the first one and sees what that did.
 */
final class GatherBatch {
  /** A unit that takes longer between two statements holds up everybody, and is left behind. */
  private static final long UNIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final PostgresCall COMMIT = new PostgresCall("COMMIT");

  private final PostgresConnection connection;
  private final GatherStatements statements;
  private final List<GatherTicket<?>> tickets;
  private final InstantSource clock;
  private final Map<GatherTicket<?>, GatherTx> runs = new LinkedHashMap<>();
  private final Map<GatherTicket<?>, GatherRecall> recalls = new HashMap<>();
  private final PostgresMemory memory;
  private final GatherHeads heads;
  private boolean committing;

  GatherBatch(
      PostgresConnection connection,
      GatherStatements statements,
      PostgresMemory memory,
      List<GatherTicket<?>> tickets,
      InstantSource clock) {
    this.connection = connection;
    this.statements = statements;
    this.memory = memory;
    this.tickets = tickets;
    this.heads =
        new GatherHeads(memory, tickets.stream().map(GatherTicket::shard).distinct().toList());
    this.clock = clock;
  }

  /**
   * Runs the units, as long as all of them can be part of one commit.
   *
   * @return whether they can
   */
  boolean run() throws SQLException {
    connection.refreshPlans();
    statements.begin();
    heads.lock(connection);
    var waiting = runHere(tickets);
    while (!waiting.isEmpty()) {
      var first = firstOfEach(waiting);
      var brief = first.stream().filter(ticket -> !recall(ticket).hopeless()).toList();
      statements.defer(connection, added());
      if (!brief.isEmpty()) {
        askFor(brief);
      } else if (!runWave(first) || !spoilt().isEmpty()) {
        return false;
      } else {
        waiting = without(waiting, first);
      }
      waiting = runHere(waiting);
    }
    return true;
  }

  /** Stores what the units wrote and journaled, and gives the journal rows. */
  List<JournalRow> commit() throws SQLException {
    var last = statements.sendButLast(connection, added());
    if (!heads.locked() && heads.allExpected() && !stored().isEmpty()) {
      // Nobody has asked anything.
      heads.takeForLocked();
    } else if (!heads.locked()) {
      // Also for refusals, which may rest on what is remembered.
      connection.flush();
    }
    journal();
    var calls = new ArrayList<PostgresCall>();
    if (last.isPresent()) {
      calls.add(last.get().rows().orElseThrow());
    }
    heads.append().ifPresent(calls::add);
    if (calls.isEmpty() && runs.values().stream().noneMatch(GatherTx::sent)) {
      connection.rollback();
      return heads.rows();
    }
    heads.advance().ifPresent(calls::add);
    calls.add(COMMIT);
    try {
      committing = true;
      connection.runAll(calls);
      heads.left();
      return heads.rows();
    } catch (SQLException e) {
      last.ifPresent(group -> group.refused(e));
      statements.refused(e);
      throw e;
    }
  }

  List<GatherTicket<?>> tickets() {
    return tickets;
  }

  /** Ends all runs; units that wait unwind. */
  void abort() {
    runs.values().forEach(GatherTx::abort);
  }

  /** Whether it failed because another process has written what this one took to be its own. */
  boolean surprised(SQLException problem) {
    return heads.surprised(problem);
  }

  /** Whether the commit was sent, so that a lost connection leaves the outcome unknown. */
  boolean committing() {
    return committing;
  }

  /** Hands every unit its outcome. */
  void finish() {
    runs.forEach(GatherTicket::finish);
  }

  /** Units that asked for a change. */
  List<GatherTicket<?>> changing() {
    return those(GatherTx::changing);
  }

  /** Units that change something and have ended well. */
  private List<GatherTicket<?>> stored() {
    return those(run -> run.changing() && run.failure() == null);
  }

  /** Units that failed when something of them had reached the database. */
  List<GatherTicket<?>> spoilt() {
    return those(run -> run.done() && run.failure() != null && run.sent());
  }

  /** Units that did not come to their next statement in time. */
  List<GatherTicket<?>> late() {
    return those(run -> !run.arrived());
  }

  private List<GatherTicket<?>> those(Predicate<GatherTx> chosen) {
    var found = new ArrayList<GatherTicket<?>>();
    runs.forEach((ticket, run) -> {
      if (chosen.test(run)) {
        found.add(ticket);
      }
    });
    return found;
  }

  /** The first unit of each partition. */
  private static Collection<GatherTicket<?>> firstOfEach(List<GatherTicket<?>> waiting) {
    var first = new LinkedHashMap<PartitionKey, GatherTicket<?>>();
    waiting.forEach(ticket -> first.putIfAbsent(ticket.partition(), ticket));
    return first.values();
  }

  private static List<GatherTicket<?>> without(
      List<GatherTicket<?>> tickets, Collection<GatherTicket<?>> gone) {
    var done = new HashSet<>(gone);
    return tickets.stream().filter(ticket -> !done.contains(ticket)).toList();
  }

  /**
   * Runs on this thread whoever comes to an end with what is remembered and what was answered,
   * which costs no change of threads; gives the others.
   */
  private List<GatherTicket<?>> runHere(List<GatherTicket<?>> waiting) {
    var others = new ArrayList<GatherTicket<?>>();
    var asking = new HashSet<PartitionKey>();
    for (var ticket : waiting) {
      if (asking.contains(ticket.partition()) || !ranHere(ticket)) {
        asking.add(ticket.partition());
        others.add(ticket);
      }
    }
    return others;
  }

  private boolean ranHere(GatherTicket<?> ticket) {
    var recall = recall(ticket);
    if (recall.hopeless()) {
      return false;
    }
    var run = ticket.runHere(recall, remembered(ticket));
    if (run.aborted()) {
      return false;
    }
    runs.put(ticket, run);
    remember(ticket, run);
    return true;
  }

  private GatherRecall recall(GatherTicket<?> ticket) {
    return recalls.computeIfAbsent(ticket, _ -> new GatherRecall(statements::isQuestion));
  }

  /** Has the questions answered at which the last runs have ended. */
  private void askFor(List<GatherTicket<?>> asking) throws SQLException {
    var questions = asking.stream().map(ticket -> recall(ticket).takePending()).toList();
    send(questions.stream().map(GatherBatch::alone).toList(), questions.getFirst()::fail);
  }

  private static Deque<GatherStatement> alone(GatherStatement question) {
    return new ArrayDeque<>(List.of(question));
  }

  /** What the unit before has left, where the lock has found or will find that it is still so. */
  private UnitMemory remembered(GatherTicket<?> ticket) {
    return heads.trusts(ticket.shard())
        ? memory.memories(ticket.shard()).next(ticket.partition())
        : new UnitMemory(null);
  }

  private void remember(GatherTicket<?> ticket, GatherTx run) {
    if (run.failure() == null) {
      memory.memories(ticket.shard()).ended(ticket.partition(), run.memory());
    }
  }

  private boolean runWave(Collection<GatherTicket<?>> members) throws SQLException {
    var wave = new GatherWave();
    wave.expect(members.size());
    var asking = new ArrayList<GatherTx>();
    for (var ticket : members) {
      var run = ticket.start(wave, remembered(ticket));
      runs.put(ticket, run);
      asking.add(run);
    }
    while (wave.await(UNIT_NANOS)) {
      asking.removeIf(GatherTx::done);
      if (asking.isEmpty()) {
        members.forEach(ticket -> remember(ticket, requireNonNull(runs.get(ticket))));
        return true;
      }
      answer(asking);
      wave.expect(asking.size());
      asking.forEach(GatherTx::answer);
    }
    return false;
  }

  private void answer(List<GatherTx> asking) throws SQLException {
    var asked = new ArrayList<Deque<GatherStatement>>();
    asking.forEach(run -> asked.add(run.take()));
    send(asked, asking.getFirst()::fail);
  }

  /**
   * Sends what units ask.
   *
   * @param alone takes the problem of a unit that has the batch for itself, which may make light of
   *     it
   */
  private void send(List<Deque<GatherStatement>> asked, Consumer<SQLException> alone)
      throws SQLException {
    try {
      statements.send(connection, asked);
    } catch (SQLException e) {
      var fault = PostgresFault.of(e, connection.closed());
      if (tickets.size() > 1 || fault != PostgresFault.STATEMENT || surprised(e)) {
        throw e;
      }
      alone.accept(e);
    }
  }

  /** Rows that finished units added last, which have not gone out. */
  private List<Deque<GatherStatement>> added() {
    var added = new ArrayList<Deque<GatherStatement>>();
    for (var run : runs.values()) {
      added.add(run.failure() == null ? run.take() : new ArrayDeque<>());
    }
    return added;
  }

  /** What the units changed and published moves the heads. */
  private void journal() {
    stored().forEach(ticket -> heads.change(ticket.shard()));
    var at = Instant.ofEpochMilli(clock.millis());
    runs.forEach((ticket, run) -> {
      if (run.failure() == null) {
        heads.journal(ticket, run.published(), at);
      }
    });
  }
}
