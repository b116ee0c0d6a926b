package dev.parley.base.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal's rows.
 *
 * <p>Whoever writes locks the heads of its shards first, in ascending order. This one lock makes a
 * unit alone with its partition across processes, keeps positions free of holes and equal to the
 * order of commits, and rules out deadlocks between writers.
 */
final class PostgresJournal {
  /** Shards of a new database; one that exists keeps its own number. */
  static final int SHARDS = 16;

  /**
   * A division by zero, which ends the transaction, where a head is not as expected; -1 expects
   * nothing. PostgreSQL computes it again for a head that it had to wait for.
   */
  private static final String LOCK =
      """
      SELECT head.shard, head.position, head.writes, 1 / CASE WHEN expected.writes = -1
        OR (expected.position = head.position AND expected.writes = head.writes) THEN 1 ELSE 0 END
      FROM unnest(?::int8[], ?::int8[], ?::int8[]) AS expected (shard, position, writes)
        JOIN journal_head AS head ON head.shard = expected.shard
      ORDER BY head.shard FOR UPDATE OF head\
      """;

  private static final String UNEXPECTED = "22012";

  private static final String APPEND =
      """
      INSERT INTO journal
        (shard, position, resource_id, partition_key, event, actor, key_slot, request_id, at_ms)
      SELECT * FROM unnest(?::int8[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::text[],
        ?::text[], ?::text[], ?::int8[])\
      """;

  private static final String ADVANCE =
      """
      UPDATE journal_head SET position = moved.position, writes = journal_head.writes + 1
      FROM unnest(?::int8[], ?::int8[]) AS moved (shard, position)
      WHERE journal_head.shard = moved.shard\
      """;

  private static final String HEADS = "SELECT shard, position FROM journal_head ORDER BY shard";

  private static final String COUNTED =
      "SELECT COUNT(*), MAX(position), MIN(position) FROM journal WHERE shard = ?";

  private PostgresJournal() {}

  /**
   * Where a shard stands.
   *
   * @param position of its newest journal row
   * @param writes commits that changed something in its partitions
   */
  record Head(long position, long writes) {
    private static final Head ANY = new Head(-1, -1);

    /** The same with one more journal row. */
    Head next() {
      return new Head(position + 1, writes);
    }
  }

  /** The shard of a partition: FNV-1a over its text, which is ours and never changes. */
  static Shard shard(PartitionKey partition, int shards) {
    var hash = 0xcbf29ce484222325L;
    for (var octet : partition.text().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
    }
    return new Shard((int) Long.remainderUnsigned(hash, shards));
  }

  /**
   * Locks the shards for this transaction, together with its first statement, which sees what was
   * committed before the lock; and gives their heads then.
   *
   * @param expected heads that must not have moved; the transaction fails with {@link
   *     #isUnexpected} where one has
   */
  static void lock(
      PostgresConnection connection,
      List<Shard> shards,
      Map<Shard, Head> expected,
      Consumer<Map<Shard, Head>> locked) {
    var heads = shards.stream().map(shard -> expected.getOrDefault(shard, Head.ANY)).toList();
    var call =
        new PostgresCall(
            LOCK,
            numbers(shards.stream().map(shard -> (long) shard.number())),
            numbers(heads.stream().map(Head::position)),
            numbers(heads.stream().map(Head::writes)));
    connection.defer(call, rows -> locked.accept(heads(rows, shards)));
  }

  private static PostgresArray numbers(Stream<Long> numbers) {
    return new PostgresArray(GatherType.NUMBER, numbers.toArray(Long[]::new));
  }

  /** Whether a head was not as expected. */
  static boolean isUnexpected(SQLException problem) {
    return UNEXPECTED.equals(problem.getSQLState());
  }

  private static Map<Shard, Head> heads(List<@Nullable Object[]> rows, List<Shard> shards) {
    var heads = new HashMap<Shard, Head>();
    for (var values : rows) {
      var row = new PostgresRow(values, 0);
      heads.put(new Shard((int) row.number(1)), new Head(row.number(2), row.number(3)));
    }
    if (heads.size() < shards.size()) {
      // Without its row a shard has no lock.
      throw new IllegalStateException("The table journal_head has lost rows.");
    }
    return heads;
  }

  /** What journals these rows, whose positions follow the locked heads. */
  static PostgresCall append(List<JournalRow> rows, List<String> events) {
    var count = rows.size();
    var shards = new Long[count];
    var positions = new Long[count];
    var texts = new String[6][count];
    var times = new Long[count];
    for (var i = 0; i < count; i++) {
      var row = rows.get(i);
      shards[i] = (long) row.shard().number();
      positions[i] = row.position();
      texts[0][i] = row.partition().resource().value();
      texts[1][i] = row.partition().value();
      texts[2][i] = events.get(i);
      texts[3][i] = row.origin().actor();
      texts[4][i] = row.origin().keySlot();
      texts[5][i] = row.origin().requestId();
      times[i] = row.at().toEpochMilli();
    }
    var values = new ArrayList<Object>();
    values.add(new PostgresArray(GatherType.NUMBER, shards));
    values.add(new PostgresArray(GatherType.NUMBER, positions));
    for (var text : texts) {
      values.add(new PostgresArray(GatherType.TEXT, text));
    }
    values.add(new PostgresArray(GatherType.NUMBER, times));
    return new PostgresCall(APPEND, values.toArray());
  }

  /** What moves locked heads, each by one commit. */
  static PostgresCall advance(Map<Shard, Head> heads) {
    var moved = List.copyOf(heads.entrySet());
    return new PostgresCall(
        ADVANCE,
        numbers(moved.stream().map(head -> (long) head.getKey().number())),
        numbers(moved.stream().map(head -> head.getValue().position())));
  }

  /** The newest position of every shard. */
  static Map<Shard, Long> heads(Rows rows) {
    var heads = new TreeMap<Shard, Long>(Comparator.comparingInt(Shard::number));
    rows.all(HEADS, row -> Map.entry(new Shard((int) row.number(1)), row.number(2)))
        .forEach(head -> heads.put(head.getKey(), head.getValue()));
    return heads;
  }

  /** What is wrong with the journal, in sentences. */
  static List<String> check(Rows rows) {
    var found = new ArrayList<String>();
    for (var head : heads(rows).entrySet()) {
      var shard = head.getKey().number();
      rows.one(COUNTED, row -> holes(row, shard, head.getValue()), shard).ifPresent(found::addAll);
    }
    return found;
  }

  private static List<String> holes(Row row, int shard, long head) {
    var found = new ArrayList<String>();
    var newest = row.numberIf(2).orElse(0L);
    if (newest != head) {
      found.add(
          "Shard %d: the newest journal row is %d, the head says %d."
              .formatted(shard, newest, head));
    }
    // The oldest rows may have been forgotten, so the first position need not be 1.
    var oldest = row.numberIf(3).orElse(1L);
    if (row.number(1) != newest - oldest + 1) {
      found.add(
          "Shard %d: %d journal rows from position %d to %d."
              .formatted(shard, row.number(1), oldest, newest));
    }
    return found;
  }
}
