package dev.parley.base.store;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.words.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one unit works with on SQLite: its statements run at once, its events are kept until it has
 * ended well.
 */
final class SqliteTx implements Tx {
  record Published(Event event, Origin origin, @Nullable EventDetail detail) {}

  private final SqliteConnection connection;
  private final UnitMemory memory;
  private final List<Published> published = new ArrayList<>();

  SqliteTx(SqliteConnection connection, UnitMemory memory) {
    this.connection = connection;
    this.memory = memory;
  }

  List<Published> published() {
    return published;
  }

  @Override
  public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values) {
    return connection.all(sql, reader, values);
  }

  @Override
  public <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values) {
    return connection.one(sql, reader, values);
  }

  @Override
  public int run(String sql, @Nullable Object... values) {
    memory.changing();
    return connection.run(sql, values);
  }

  @Override
  public void add(String sql, @Nullable Object... values) {
    run(sql, values);
  }

  @Override
  public void publish(Event event, Origin origin, @Nullable EventDetail detail) {
    published.add(new Published(event, origin, detail));
  }

  @Override
  public <T> Optional<T> remembered(Class<T> type) {
    return memory.remembered(type);
  }

  @Override
  public void remember(Object knowledge) {
    memory.remember(knowledge);
  }
}
