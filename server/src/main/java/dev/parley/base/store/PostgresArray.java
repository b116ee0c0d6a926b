package dev.parley.base.store;

import org.jspecify.annotations.Nullable;

/** The values of many units for one question mark. */
record PostgresArray(GatherType type, @Nullable Object[] elements) {}
