package dev.parley.base.store;

import dev.parley.base.kit.Json;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.util.function.Supplier;

/** Remembered answers as rows of the partition that the effect belongs to. */
public final class RepeatRows implements Repeats {
  private static final Duration REMEMBERED = Duration.ofHours(24);

  private record Answered(String bodyHash, String answer, long until) {}

  private final ServiceClock clock;

  public RepeatRows(ServiceClock clock) {
    this.clock = clock;
  }

  @Override
  public <T> T once(
      Tx tx, PartitionKey partition, RepeatKey key, Class<T> type, Supplier<T> effect) {
    var now = clock.now(key.resource()).toEpochMilli();
    var before =
        tx.one(
            "SELECT body_hash, answer, until_ms FROM repeat_answer WHERE resource_id = ?"
                + " AND partition_key = ? AND caller = ? AND operation = ? AND request_id = ?",
            row -> new Answered(row.text(1), row.text(2), row.number(3)),
            key.resource().value(),
            partition.value(),
            key.caller(),
            key.operation(),
            key.id());
    if (before.isPresent() && before.get().until() > now) {
      if (!before.get().bodyHash().equals(key.bodyHash())) {
        throw otherBody();
      }
      return Json.read(before.get().answer(), type);
    }
    var answer = effect.get();
    // Expired ones of the partition go in passing, so nothing has to sweep.
    tx.run(
        "DELETE FROM repeat_answer WHERE resource_id = ? AND partition_key = ? AND until_ms <= ?",
        key.resource().value(),
        partition.value(),
        now);
    tx.add(
        "INSERT INTO repeat_answer (resource_id, partition_key, caller, operation, request_id,"
            + " body_hash, answer, until_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        key.resource().value(),
        partition.value(),
        key.caller(),
        key.operation(),
        key.id(),
        key.bodyHash(),
        Json.text(answer),
        now + REMEMBERED.toMillis());
    return answer;
  }

  private static Refusal otherBody() {
    return Refusal.of(
            400,
            "BadRequest",
            "The repeatability request id was already used with a different request.")
        .about("repeatability-request-id");
  }
}
