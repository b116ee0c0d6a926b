package dev.parley.base.store;

/**
 * A piece of work that is stored whole or not at all. The rules:
 *
 * <ol>
 *   <li>It writes only rows of its partition. Work over several partitions is a durable hearer with
 *       one idempotent unit per partition.
 *   <li>It has no effect outside {@code tx}, since it may run again. Caches change after {@link
 *       Store#write} returns.
 *   <li>It waits for nothing but {@code tx}: no network, no lock, no nested {@code write}. It may
 *       run on the thread that writes for everybody.
 *   <li>It asks and refuses first, and writes afterwards: a refusal before the first write is free.
 *       What it asked it may leave to the next unit of its partition ({@link Tx#remember}).
 *   <li>An expected conflict is {@code ON CONFLICT DO NOTHING} and the count from {@link Tx#run}.
 *   <li>SQL is constant text with {@code ?} only; values are String, Long, Integer, byte[] or null;
 *       an INSERT has one VALUES row; no JSON operators, no {@code SELECT *}.
 * </ol>
 */
@FunctionalInterface
public interface Unit<T extends @org.jspecify.annotations.Nullable Object> {
  T run(Tx tx);
}
