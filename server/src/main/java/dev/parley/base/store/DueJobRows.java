package dev.parley.base.store;

import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Due jobs as rows, and the thread that does them.
 *
 * <p>A job is a unit of its partition that first takes its own row away: of several processes that
 * see the same row, one does the work. A job that throws stays and is tried again later; others are
 * not held up.
 */
public final class DueJobRows implements DueJobs, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DueJobRows.class);
  private static final int AT_ONCE = 200;

  /** Rows of a resource that one look passes by, when they cannot be done now. */
  private static final int LOOKED_AT_MAX = 20_000;

  /** Failures beyond these are forgotten, and so tried again sooner. */
  private static final int FAILED_MAX = 10_000;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofMinutes(10);

  private record Job(PartitionKey partition, String kind, String name, long due, String detail) {}

  private record Failed(int times, long again) {}

  private final Store store;
  private final ServiceClock clock;
  private final Map<String, Work> works = new HashMap<>();
  private final Map<Job, Failed> failed = new ConcurrentHashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicBoolean closing = new AtomicBoolean();
  private @Nullable Thread thread;

  public DueJobRows(Store store, ServiceClock clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void schedule(
      Tx tx, PartitionKey partition, String kind, String name, Instant due, String detail) {
    tx.run(
        "INSERT INTO due_job (resource_id, partition_key, kind, name, due_ms, detail)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (resource_id, partition_key, kind, name)"
            + " DO UPDATE SET due_ms = excluded.due_ms, detail = excluded.detail",
        partition.resource().value(),
        partition.value(),
        kind,
        name,
        due.toEpochMilli(),
        detail);
  }

  @Override
  public void cancel(Tx tx, PartitionKey partition, String kind, String name) {
    tx.run(
        "DELETE FROM due_job WHERE resource_id = ? AND partition_key = ? AND kind = ? AND name = ?",
        partition.resource().value(),
        partition.value(),
        kind,
        name);
  }

  @Override
  public void handle(String kind, Work work) {
    works.put(kind, work);
  }

  /** Starts the thread; kinds without a handler stay as rows. */
  public void start() {
    thread = Thread.ofVirtual().name("due-jobs").start(this::loop);
  }

  /** Looks at once: a clock was moved, or a test wants to know. */
  public void wake() {
    wake.release();
  }

  /**
   * Does what is due now.
   *
   * @return how many jobs were done
   */
  public int runDue() {
    var done = 0;
    for (var job : due()) {
      done += run(job) ? 1 : 0;
    }
    return done;
  }

  private void loop() {
    while (!closing.get()) {
      try {
        if (runDue() == 0) {
          wake.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
          wake.drainPermits();
        }
      } catch (RuntimeException e) {
        log.warn("due jobs cannot be looked for now", e);
        pause();
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void pause() {
    try {
      wake.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      closing.set(true);
    }
  }

  /** What is due by each resource's own clock, soonest first. */
  private List<Job> due() {
    return store.read(rows ->
        rows
            .all("SELECT DISTINCT resource_id FROM due_job", row -> new ResourceId(row.text(1)))
            .stream()
            .flatMap(resource -> due(rows, resource).stream())
            .toList());
  }

  /** Passes by those that wait after a failure or that nobody knows, or they would hold up all. */
  private List<Job> due(Rows rows, ResourceId resource) {
    var now = clock.now(resource);
    var real = System.currentTimeMillis();
    var ready = new ArrayList<Job>();
    for (var passed = 0; passed < LOOKED_AT_MAX && ready.size() < AT_ONCE; passed += AT_ONCE) {
      var page = due(rows, resource, now, passed);
      for (var job : page) {
        if (works.containsKey(job.kind()) && mayRun(job, real)) {
          ready.add(job);
        }
      }
      if (page.size() < AT_ONCE) {
        break;
      }
    }
    return ready;
  }

  private static List<Job> due(Rows rows, ResourceId resource, Instant now, int passed) {
    return rows.all(
        "SELECT partition_key, kind, name, due_ms, detail FROM due_job"
            + " WHERE resource_id = ? AND due_ms <= ?"
            + " ORDER BY due_ms, partition_key, kind, name LIMIT ? OFFSET ?",
        row ->
            new Job(
                new PartitionKey(resource, row.text(1)),
                row.text(2),
                row.text(3),
                row.number(4),
                row.text(5)),
        resource.value(),
        now.toEpochMilli(),
        AT_ONCE,
        passed);
  }

  private boolean mayRun(Job job, long now) {
    var before = failed.get(job);
    return before == null || before.again() <= now;
  }

  private boolean run(Job job) {
    var work = works.get(job.kind());
    if (work == null) {
      return false;
    }
    try {
      var done =
          store.write(
              job.partition(),
              tx -> {
                var mine = taken(tx, job);
                if (mine) {
                  work.run(tx, job.partition(), job.detail());
                }
                return mine;
              });
      failed.remove(job);
      return done;
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      var times = failed.getOrDefault(job, new Failed(0, 0)).times() + 1;
      var delay = Math.min(RETRY_MAX.toMillis(), 1000L << Math.min(times, 20));
      if (failed.size() >= FAILED_MAX) {
        failed.clear();
      }
      failed.put(job, new Failed(times, System.currentTimeMillis() + delay));
      log.error("due job {} of {} failed {} times", job.kind(), job.partition(), times, e);
      return false;
    }
  }

  /** Takes the row away as it was seen; whoever moved or did the job in between has the say. */
  private static boolean taken(Tx tx, Job job) {
    return tx.run(
            "DELETE FROM due_job WHERE resource_id = ? AND partition_key = ? AND kind = ?"
                + " AND name = ? AND due_ms = ?",
            job.partition().resource().value(),
            job.partition().value(),
            job.kind(),
            job.name(),
            job.due())
        == 1;
  }

  @Override
  public void close() {
    closing.set(true);
    wake.release();
    var running = thread;
    if (running != null) {
      try {
        running.join(Duration.ofSeconds(10));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
