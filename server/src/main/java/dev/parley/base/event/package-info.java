/**
 * Everything that can happen in Parley, as sealed families of records.
 *
 * <p>An event is journaled in the commit of the change that it reports. It carries ids and
 * versions, never content: content lives in rows of its feature, where it can be erased. Read
 * {@link dev.parley.base.event.Event} first.
 */
@NullMarked
package dev.parley.base.event;

import org.jspecify.annotations.NullMarked;
