package dev.parley.base.store;

import dev.parley.base.store.GatherStatement.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends what units ask for, equal texts together; each unit's statements keep their order. Belongs
 * to the thread that writes.
 */
final class GatherStatements {
  private static final int TEXTS_MAX = 1_000;

  private final Map<String, GatherText> texts =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, GatherText> eldest) {
          return size() > TEXTS_MAX;
        }
      };

  /** Groups that travel with the next statement. */
  private final List<GatherGroup> deferred = new ArrayList<>();

  /** A batch begins; nothing of an earlier one is under way. */
  void begin() {
    deferred.clear();
  }

  /** Whether the text is a question, which changes nothing. */
  boolean isQuestion(String sql) {
    return text(sql).form() == GatherSql.Form.QUESTION;
  }

  private GatherText text(String sql) {
    return texts.computeIfAbsent(sql, GatherText::new);
  }

  /** Sends all of it, no later than the next statement; there is no question among it. */
  void defer(PostgresConnection connection, List<Deque<GatherStatement>> units)
      throws SQLException {
    for (var group = next(units); group != null; group = next(units)) {
      var rows = group.rows();
      if (rows.isPresent()) {
        connection.defer(rows.get(), _ -> {});
        deferred.add(group);
      } else {
        send(connection, group);
      }
    }
  }

  /** PostgreSQL refused a statement, perhaps one that was deferred. */
  void refused(SQLException problem) {
    deferred.forEach(group -> group.refused(problem));
    deferred.clear();
  }

  /** Sends all of it and writes the answers. */
  void send(PostgresConnection connection, List<Deque<GatherStatement>> units) throws SQLException {
    for (var group = next(units); group != null; group = next(units)) {
      send(connection, group);
    }
  }

  /**
   * Sends all added rows but the last group of them, which may travel with the commit.
   *
   * @return the last group, when it is one statement
   */
  Optional<GatherGroup> sendButLast(
      PostgresConnection connection, List<Deque<GatherStatement>> units) throws SQLException {
    @Nullable GatherGroup last = null;
    for (var group = next(units); group != null; group = next(units)) {
      if (last != null) {
        send(connection, last);
      }
      last = group;
    }
    if (last != null && last.rows().isEmpty()) {
      send(connection, last);
      return Optional.empty();
    }
    return Optional.ofNullable(last);
  }

  private void send(PostgresConnection connection, GatherGroup group) throws SQLException {
    try {
      group.run(connection);
      deferred.clear();
    } catch (SQLException e) {
      group.refused(e);
      refused(e);
      throw e;
    }
  }

  /** The next statements with one text; rows before questions, so that the questions meet. */
  private @Nullable GatherGroup next(List<Deque<GatherStatement>> units) {
    @Nullable GatherStatement head = null;
    for (var unit : units) {
      var first = unit.peek();
      if (first != null
          && (head == null || (head.kind() != Kind.ADD && first.kind() == Kind.ADD))) {
        head = first;
      }
    }
    return head == null ? null : group(head.sql(), head.kind(), units);
  }

  private GatherGroup group(String sql, Kind kind, List<Deque<GatherStatement>> units) {
    var statements = new ArrayList<GatherStatement>();
    var repeated = false;
    for (var unit : units) {
      var before = statements.size();
      for (var first = unit.peek();
          first != null && first.kind() == kind && first.sql().equals(sql);
          first = unit.peek()) {
        statements.add(unit.remove());
      }
      repeated |= statements.size() > before + 1;
    }
    return new GatherGroup(text(sql), statements, repeated);
  }
}
