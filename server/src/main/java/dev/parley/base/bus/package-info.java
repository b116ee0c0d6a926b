/**
 * What happened is told to those who listen: committed events in order, and ephemeral signals that
 * may be dropped.
 *
 * <p>Read {@link dev.parley.base.bus.Bus} first.
 */
@NullMarked
package dev.parley.base.bus;

import org.jspecify.annotations.NullMarked;
