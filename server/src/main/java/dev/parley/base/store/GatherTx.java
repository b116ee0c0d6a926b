package dev.parley.base.store;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.store.GatherStatement.Kind;
import dev.parley.base.words.Origin;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One run of one unit. The unit's thread and the writer use it in turns: the unit until it arrives
 * at the wave, the writer until it answers.
 */
final class GatherTx implements Tx {
  /** An event of the unit, as it will be journaled. */
  record Published(Event event, String text, Origin origin, @Nullable EventDetail detail) {}

  private final @Nullable GatherWave wave;
  private final @Nullable GatherRecall recall;
  private final Thread thread;
  private final UnitMemory memory;
  private final List<Published> published = new ArrayList<>();
  private Deque<GatherStatement> added = new ArrayDeque<>();
  private @Nullable GatherStatement question;
  private volatile boolean arrived;
  private volatile boolean answered;
  private volatile boolean aborted;
  private boolean changing;
  private boolean sent;
  private boolean done;
  private @Nullable Object result;
  private @Nullable Throwable failure;

  /** The problem of a question, also when the unit makes light of it. */
  private @Nullable Throwable unanswered;

  private GatherTx(
      @Nullable GatherWave wave, @Nullable GatherRecall recall, Thread thread, UnitMemory memory) {
    this.wave = wave;
    this.recall = recall;
    this.thread = thread;
    this.memory = memory;
  }

  /** A run on the caller's thread, side by side with others. */
  static GatherTx onThread(Thread thread, GatherWave wave, UnitMemory memory) {
    return new GatherTx(wave, null, thread, memory);
  }

  /** A run on this thread, the writer's, which ends at a question without an answer. */
  static GatherTx here(GatherRecall recall, UnitMemory memory) {
    recall.rewind();
    return new GatherTx(null, recall, Thread.currentThread(), memory);
  }

  @Override
  public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values) {
    var rows = waitFor(GatherStatement.of(Kind.ASK, sql, values)).rows();
    var all = new ArrayList<T>(rows.size());
    for (var row : rows) {
      all.add(reader.read(row));
    }
    return all;
  }

  @Override
  public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
    var rows = waitFor(GatherStatement.of(Kind.ASK, sql, values)).rows();
    return rows.isEmpty() ? Optional.empty() : Optional.of(reader.read(rows.getFirst()));
  }

  @Override
  public int run(String sql, @Nullable Object... values) {
    changing = true;
    memory.changing();
    return waitFor(GatherStatement.of(Kind.RUN, sql, values)).count();
  }

  @Override
  public void add(String sql, @Nullable Object... values) {
    goOn();
    changing = true;
    memory.changing();
    added.add(GatherStatement.of(Kind.ADD, sql, values));
  }

  @Override
  public void publish(Event event, Origin origin, @Nullable EventDetail detail) {
    goOn();
    changing = true;
    PostgresValues.checked(
        new @Nullable Object[] {origin.actor(), origin.keySlot(), origin.requestId()});
    published.add(new Published(event, EventCodec.text(event), origin, detail));
  }

  @Override
  public <T> Optional<T> remembered(Class<T> type) {
    return memory.remembered(type);
  }

  @Override
  public void remember(Object knowledge) {
    goOn();
    memory.remember(knowledge);
  }

  /** What the unit leaves to the next one of its partition. */
  UnitMemory memory() {
    return memory;
  }

  /** Runs the unit on this thread: its caller's, or the writer's where there is no wave. */
  void run(Unit<?> unit) {
    try {
      result = unit.run(this);
    } catch (Throwable problem) {
      failure = problem;
    }
    done = true;
    arrive();
  }

  private GatherStatement waitFor(GatherStatement statement) {
    goOn();
    return recall == null ? waitForWriter(statement) : recalled(statement, recall);
  }

  private GatherStatement recalled(GatherStatement statement, GatherRecall from) {
    if (!added.isEmpty()) {
      from.giveUp();
    }
    var known = from.hopeless() ? null : from.answered(statement);
    if (known == null) {
      aborted = true;
      throw new GatherAborted();
    }
    var problem = known.failure();
    if (problem != null) {
      var failed = PostgresProblems.failed(problem);
      unanswered = failed;
      throw failed;
    }
    return known;
  }

  private GatherStatement waitForWriter(GatherStatement statement) {
    sent = sent();
    question = statement;
    answered = false;
    arrive();
    var interrupted = false;
    // An end that came just before the question was asked must be seen too.
    while (!answered && !aborted) {
      LockSupport.park(this);
      // A parked thread that keeps its interruption would spin.
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      thread.interrupt();
    }
    goOn();
    var problem = statement.failure();
    if (problem != null) {
      throw PostgresProblems.failed(problem);
    }
    return statement;
  }

  private void arrive() {
    arrived = true;
    if (wave != null) {
      wave.arrive();
    }
  }

  private void goOn() {
    if (aborted) {
      throw new GatherAborted();
    }
    if (done) {
      throw new IllegalStateException("The unit is over.");
    }
  }

  /** Whether the run was ended from outside, or where it would have had to wait. */
  boolean aborted() {
    return aborted;
  }

  /** Whether the unit waits for the writer. */
  boolean arrived() {
    return arrived;
  }

  /** Whether the unit has run to its end, and waits at no statement. */
  boolean done() {
    return done;
  }

  /**
   * What must reach the database now, in order: the rows added since last time, and the question.
   */
  Deque<GatherStatement> take() {
    var all = added;
    added = new ArrayDeque<>();
    sent |= !all.isEmpty();
    if (!done && question != null) {
      all.add(question);
    }
    return all;
  }

  /** Whether the database holds something of this run that only a rollback takes away. */
  boolean sent() {
    return sent || (question != null && question.writing());
  }

  /** Whether the unit asked for any change at all. */
  boolean changing() {
    return changing || sent();
  }

  List<Published> published() {
    return published;
  }

  /** Why the unit as a whole is not stored, once it is done. */
  @Nullable Throwable failure() {
    return failure == null && unanswered != null ? unanswered : failure;
  }

  @Nullable Object result() {
    return result;
  }

  /** The question cannot be answered; the unit gets the problem where it asked. */
  void fail(SQLException problem) {
    unanswered = PostgresProblems.failed(problem);
    if (question != null) {
      question.fail(problem);
    }
  }

  /** Lets the unit go on with its answer. */
  void answer() {
    arrived = false;
    answered = true;
    LockSupport.unpark(thread);
  }

  /** Ends the run; a unit that waits unwinds. */
  void abort() {
    aborted = true;
    answer();
  }
}
