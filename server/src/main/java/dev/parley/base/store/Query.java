package dev.parley.base.store;

/** Questions about what is committed, all answered from one snapshot. */
@FunctionalInterface
public interface Query<T> {
  T run(Rows rows);
}
