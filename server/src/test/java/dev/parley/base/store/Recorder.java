package dev.parley.base.store;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.words.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that remembers which statements went through it, with the values they had last. */
record Recorder(Store store, Map<String, List<Object>> statements) implements Store {
  Recorder(Store store) {
    this(store, new ConcurrentHashMap<>());
  }

  private void record(String sql, @Nullable Object... values) {
    statements.put(sql, List.of(values));
  }

  @Override
  public <T extends @Nullable Object> T write(PartitionKey partition, Unit<T> unit) {
    return store.write(partition, tx -> unit.run(new RecordedTx(tx)));
  }

  @Override
  public <T> T read(Query<T> query) {
    return store.read(rows -> query.run(new RecordedRows(rows)));
  }

  @Override
  public List<JournalRow> journal(Shard shard, long after, int limit) {
    return read(rows -> JournalRows.after(rows, shard, after, limit));
  }

  @Override
  public Map<Shard, Long> heads() {
    return store.heads();
  }

  @Override
  public void onCommit(Consumer<List<JournalRow>> listener) {
    store.onCommit(listener);
  }

  @Override
  public void backup(Path target) {
    store.backup(target);
  }

  @Override
  public List<String> check() {
    return store.check();
  }

  @Override
  public void close() {
    store.close();
  }

  private final class RecordedRows implements Rows {
    private final Rows rows;

    RecordedRows(Rows rows) {
      this.rows = rows;
    }

    @Override
    public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values) {
      record(sql, values);
      return rows.all(sql, reader, values);
    }

    @Override
    public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
      record(sql, values);
      return rows.one(sql, reader, values);
    }
  }

  private final class RecordedTx implements Tx {
    private final Tx tx;

    RecordedTx(Tx tx) {
      this.tx = tx;
    }

    @Override
    public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values) {
      record(sql, values);
      return tx.all(sql, reader, values);
    }

    @Override
    public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
      record(sql, values);
      return tx.one(sql, reader, values);
    }

    @Override
    public int run(String sql, @Nullable Object... values) {
      record(sql, values);
      return tx.run(sql, values);
    }

    @Override
    public void add(String sql, @Nullable Object... values) {
      record(sql, values);
      tx.add(sql, values);
    }

    @Override
    public void publish(Event event, Origin origin, @Nullable EventDetail detail) {
      tx.publish(event, origin, detail);
    }

    @Override
    public <T> Optional<T> remembered(Class<T> type) {
      return tx.remembered(type);
    }

    @Override
    public void remember(Object knowledge) {
      tx.remember(knowledge);
    }
  }
}
