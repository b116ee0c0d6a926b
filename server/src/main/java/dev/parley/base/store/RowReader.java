package dev.parley.base.store;

/** Turns one row into a value. Called once per row; must not keep the row. */
@FunctionalInterface
public interface RowReader<T> {
  T read(Row row);
}
