/**
 * Everything that must survive: the storage port and its two engines, SQLite and PostgreSQL.
 *
 * <p>Features write plain blocking lambdas ({@link dev.parley.base.store.Unit}); each runs alone
 * with its partition and is durable when {@link dev.parley.base.store.Store#write} returns. Read
 * {@link dev.parley.base.store.Store} first, then {@link dev.parley.base.store.Tx}.
 */
@NullMarked
package dev.parley.base.store;

import org.jspecify.annotations.NullMarked;
