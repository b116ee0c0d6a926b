package dev.parley.base.store;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Equal statements of several units, which go out together.
 *
 * @param repeated whether one unit has several of them
 */
record GatherGroup(GatherText text, List<GatherStatement> statements, boolean repeated) {

  /** Sends them and writes their answers. */
  void run(PostgresConnection connection) throws SQLException {
    if (text.form() != GatherSql.Form.QUESTION) {
      statements.forEach(GatherStatement::writes);
    }
    switch (statements.getFirst().kind()) {
      case ASK -> ask(connection);
      case RUN -> count(connection);
      case ADD -> add(connection);
    }
  }

  /**
   * The one statement that adds all rows, where there is one, so that it may travel with others.
   */
  Optional<PostgresCall> rows() throws SQLException {
    if (statements.size() == 1) {
      return Optional.of(text.call(statements.getFirst()));
    }
    var safe = text.form() != GatherSql.Form.INSERT_OR_UPDATE || !repeated;
    return safe && text.form() != GatherSql.Form.QUESTION && text.gathers(statements)
        ? Optional.of(text.call(statements))
        : Optional.empty();
  }

  /** PostgreSQL refused a statement of this group; the units' own text may do. */
  void refused(SQLException problem) {
    var state = problem.getSQLState();
    if (statements.size() > 1 && state != null && state.startsWith("42")) {
      text.keepAlone();
    }
  }

  private void ask(PostgresConnection connection) throws SQLException {
    if (statements.size() > 1 && text.gathers(statements)) {
      askAll(connection);
      return;
    }
    for (var statement : statements) {
      var call = text.call(statement);
      statement.answer(rows(connection.ask(call), 0));
    }
  }

  private void askAll(PostgresConnection connection) throws SQLException {
    var answers = new ArrayList<List<PostgresRow>>();
    statements.forEach(_ -> answers.add(new ArrayList<>()));
    for (var row : connection.ask(text.call(statements))) {
      var number = (Long) requireNonNull(row[0]);
      answers.get(Math.toIntExact(number) - 1).add(new PostgresRow(row, 1));
    }
    for (var i = 0; i < answers.size(); i++) {
      statements.get(i).answer(answers.get(i));
    }
  }

  private void count(PostgresConnection connection) throws SQLException {
    if (statements.size() == 1) {
      var statement = statements.getFirst();
      statement.answer(connection.run(text.call(statement)));
    } else if (text.form() == GatherSql.Form.INSERT && text.gathers(statements)) {
      connection.run(text.call(statements));
      statements.forEach(statement -> statement.answer(1));
    } else {
      // The only form that counts exactly for each unit, whatever the statement is.
      var counts = batch(connection);
      for (var i = 0; i < counts.length; i++) {
        statements.get(i).answer(counts[i]);
      }
    }
  }

  private void add(PostgresConnection connection) throws SQLException {
    var rows = rows();
    if (rows.isPresent()) {
      connection.run(rows.get());
    } else {
      batch(connection);
    }
  }

  private int[] batch(PostgresConnection connection) throws SQLException {
    var calls = new ArrayList<PostgresCall>();
    for (var statement : statements) {
      calls.add(text.call(statement));
    }
    return connection.batch(calls);
  }

  private static List<PostgresRow> rows(List<@Nullable Object[]> answer, int first) {
    return answer.stream().map(row -> new PostgresRow(row, first)).toList();
  }
}
