package dev.parley.base.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything in a PostgreSQL database, which several processes may share.
 *
 * <p>Units that wait are gathered in one transaction: short ones run on the writer's thread, others
 * side by side on their callers', and when all of them wait at a statement, equal SQL texts go out
 * as one statement with arrays. See {@link PostgresWriter}, then {@link GatherBatch}.
 */
public final class PostgresStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

  private final PostgresWriter writer;
  private final PostgresReaders readers;

  private PostgresStore(PostgresWriter writer, PostgresReaders readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Connects, and brings the database to this program's schema.
   *
   * @param migrations those of all rooms; the store adds its own
   * @throws StoreUnavailable when the server cannot be reached
   * @throws IllegalStateException when the database is too new for this program, or not in UTF-8
   */
  public static PostgresStore open(
      PostgresConfig config, List<Migration> migrations, StoreOptions options) {
    var closing = new CountDownLatch(1);
    var link = new PostgresLink(config, closing);
    try {
      var shards = PostgresSchema.migrate(link.connection(), StoreSchema.with(migrations));
      LOG.info("Keeping everything in PostgreSQL at {}, {} shards.", config.place(), shards);
      return new PostgresStore(
          new PostgresWriter(link, closing, options, shards), new PostgresReaders(config, options));
    } catch (SQLException e) {
      link.close();
      throw PostgresProblems.unable(e);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  @Override
  public <T extends @Nullable Object> T write(PartitionKey partition, Unit<T> unit) {
    return writer.write(partition, unit);
  }

  @Override
  public <T> T read(Query<T> query) {
    return readers.read(query::run);
  }

  @Override
  public List<JournalRow> journal(Shard shard, long after, int limit) {
    return readers.read(rows -> JournalRows.after(rows, shard, after, limit));
  }

  @Override
  public Map<Shard, Long> heads() {
    return readers.read(PostgresJournal::heads);
  }

  @Override
  public void onCommit(Consumer<List<JournalRow>> listener) {
    writer.onCommit(listener);
  }

  @Override
  public void backup(Path target) {
    readers.read(rows -> {
      PostgresBackup.write(rows, target);
      return true;
    });
  }

  @Override
  public List<String> check() {
    return readers.read(rows -> {
      var found = new ArrayList<>(PostgresJournal.check(rows));
      found.addAll(PostgresBackup.check(rows));
      return List.copyOf(found);
    });
  }

  /** How many batches were repeated because a unit or a statement failed. */
  public long repeats() {
    return writer.repeats();
  }

  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
