package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.ArmStatuses;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Store;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Statuses of long-running operations, kept for a day. */
public final class StatusRows implements ArmStatuses {
  private static final PartitionKey PARTITION =
      new PartitionKey(ResourceId.HOUSE, "operation-statuses");
  private static final String HOUSE = ResourceId.HOUSE.value();
  private static final Duration KEPT = Duration.ofDays(1);
  private static final String RUNNING = "Running";

  /**
   * A status.
   *
   * @param state {@code Running}, {@code Succeeded} or {@code Failed}
   */
  record Status(
      String id,
      String target,
      String state,
      String code,
      String message,
      Instant startedOn,
      Instant endedOn) {
    boolean isRunning() {
      return state.equals(RUNNING);
    }
  }

  private final Store store;
  private final InstantSource clock;

  public StatusRows(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public String begin(ArmId resource) {
    var id = UUID.randomUUID().toString();
    var now = clock.instant();
    return store.write(
        PARTITION,
        tx -> {
          tx.run(
              "DELETE FROM arm_status WHERE resource_id = ? AND started_on < ?",
              HOUSE,
              now.minus(KEPT).toEpochMilli());
          tx.add(
              "INSERT INTO arm_status (resource_id, status_id, target, state, code, message, started_on, ended_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              HOUSE,
              id,
              resource.toString(),
              RUNNING,
              "",
              "",
              now.toEpochMilli(),
              0L);
          return id;
        });
  }

  @Override
  public void end(String id, Optional<Failure> failure) {
    var now = clock.instant();
    store.write(
        PARTITION,
        tx ->
            tx.run(
                "UPDATE arm_status SET state = ?, code = ?, message = ?, ended_on = ? WHERE resource_id = ? AND status_id = ?",
                failure.isPresent() ? "Failed" : "Succeeded",
                failure.map(Failure::code).orElse(""),
                failure.map(Failure::message).orElse(""),
                now.toEpochMilli(),
                HOUSE,
                id));
  }

  Optional<Status> find(String id) {
    return store.read(rows ->
        rows.one(
            "SELECT target, state, code, message, started_on, ended_on FROM arm_status WHERE resource_id = ? AND status_id = ?",
            row ->
                new Status(
                    id,
                    row.text(1),
                    row.text(2),
                    row.text(3),
                    row.text(4),
                    row.time(5),
                    row.time(6)),
            HOUSE,
            id));
  }
}
