/**
 * The way out for email: empties the queue of {@link dev.parley.feature.email.Outbox} over a last
 * hop, with back-off, and with bounds per destination. Read {@link
 * dev.parley.feature.email.delivery.Dispatcher} first.
 */
@NullMarked
package dev.parley.feature.email.delivery;

import org.jspecify.annotations.NullMarked;
