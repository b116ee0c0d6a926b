package dev.parley.bench;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.kit.Json;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Query;
import dev.parley.base.store.Row;
import dev.parley.base.store.RowReader;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.store.Unit;
import dev.parley.base.words.Origin;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;

/**
 * The usual way to PostgreSQL, as the peer of the gathering store: each unit is a transaction of its own on one of some connections.
 * An advisory lock keeps it alone with its partition, a sequence numbers the journal (which may then have holes).
 */
final class PoolStore implements Store {
  private final ArrayBlockingQueue<Connection> pool;

  PoolStore(String url, int connections) {
    pool = new ArrayBlockingQueue<>(connections);
    try {
      for (var i = 0; i < connections; i++) {
        var connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        pool.add(connection);
      }
      in(
          connection -> {
            try (var statement = connection.createStatement()) {
              statement.execute("CREATE SEQUENCE IF NOT EXISTS pool_position");
              return true;
            }
          });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T in(Work<T> work) {
    Connection connection;
    try {
      connection = pool.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    try {
      var result = work.run(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException e) {
      try {
        connection.rollback();
      } catch (SQLException worse) {
        e.addSuppressed(worse);
      }
      throw e instanceof RuntimeException ours ? ours : new IllegalStateException(e);
    } finally {
      pool.add(connection);
    }
  }

  @Override
  public <T> T write(PartitionKey partition, Unit<T> unit) {
    return in(
        connection -> {
          var tx = new PoolTx(connection, partition);
          tx.one(
              "SELECT pg_advisory_xact_lock(?)",
              _ -> true,
              (long) partition.text().hashCode());
          return unit.run(tx);
        });
  }

  @Override
  public <T> T read(Query<T> query) {
    return in(connection -> query.run(new PoolTx(connection, null)));
  }

  @Override
  public List<JournalRow> journal(Shard shard, long after, int limit) {
    return List.of();
  }

  @Override
  public Map<Shard, Long> heads() {
    return Map.of();
  }

  @Override
  public void onCommit(Consumer<List<JournalRow>> listener) {}

  @Override
  public void backup(Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> check() {
    return List.of();
  }

  @Override
  public void close() {}

  private record PoolTx(Connection connection, PartitionKey partition) implements Tx {
    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
      var statement = connection.prepareStatement(sql);
      for (var i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    }

    @Override
    public <T> List<T> all(String sql, RowReader<T> reader, Object... values) {
      try (var statement = prepared(sql, values);
          var rows = statement.executeQuery()) {
        var all = new ArrayList<T>();
        while (rows.next()) {
          all.add(reader.read(new PoolRow(rows)));
        }
        return all;
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    @Override
    public <T> Optional<T> one(String sql, RowReader<T> reader, Object... values) {
      return all(sql, reader, values).stream().findFirst();
    }

    @Override
    public int run(String sql, Object... values) {
      try (var statement = prepared(sql, values)) {
        return statement.executeUpdate();
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    @Override
    public void add(String sql, Object... values) {
      run(sql, values);
    }

    /** Others write at the same time, so nothing is known without asking. */
    @Override
    public <T> Optional<T> remembered(Class<T> type) {
      return Optional.empty();
    }

    @Override
    public void remember(Object knowledge) {}

    @Override
    public void publish(Event event, Origin origin, EventDetail detail) {
      try {
        run(
            "INSERT INTO journal (shard, position, resource_id, partition_key, event, actor, key_slot, request_id)"
                + " VALUES (0, nextval('pool_position'), ?, ?, ?, ?, ?, ?)",
            partition.resource().value(),
            partition.value(),
            Json.mapper().writerFor(Event.class).writeValueAsString(event),
            origin.actor(),
            origin.keySlot(),
            origin.requestId());
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private record PoolRow(ResultSet rows) implements Row {
    private interface Column<T> {
      T of(ResultSet rows) throws SQLException;
    }

    private <T> Optional<T> get(Column<T> column) {
      try {
        var value = column.of(rows);
        return rows.wasNull() ? Optional.empty() : Optional.ofNullable(value);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String text(int column) {
      return textIf(column).orElseThrow();
    }

    @Override
    public Optional<String> textIf(int column) {
      return get(row -> row.getString(column));
    }

    @Override
    public long number(int column) {
      return numberIf(column).orElseThrow();
    }

    @Override
    public Optional<Long> numberIf(int column) {
      return get(row -> row.getLong(column));
    }

    @Override
    public byte[] bytes(int column) {
      return bytesIf(column).orElseThrow();
    }

    @Override
    public Optional<byte[]> bytesIf(int column) {
      return get(row -> row.getBytes(column));
    }
  }
}
