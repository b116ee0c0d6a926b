package dev.parley.base.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks. SQL is constant text in the common subset of SQLite and PostgreSQL; {@link Unit} has the
 * rules.
 */
public interface Rows {
  /** All rows of the answer, in its order; the statement bounds them with LIMIT. */
  <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... values);

  /** The first row of the answer. */
  <T> Optional<T> one(String sql, RowReader<T> reader, @Nullable Object... values);
}
