package dev.parley.base.store;

import org.jspecify.annotations.Nullable;

/**
 * A statement with its values, ready to be sent.
 *
 * @param values in the order of the question marks: a String, a Long, a byte[], a {@link
 *     PostgresArray}, null, or a {@link GatherType} for a null of that type
 */
record PostgresCall(String sql, @Nullable Object... values) {}
