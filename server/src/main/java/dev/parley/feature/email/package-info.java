/**
 * Email: {@code emails:send} and its status, who may send as whom, who is not to be written to, and
 * the queue that deliverers empty.
 *
 * <p>Everything of a message lies in the message's partition. Publishes {@link
 * dev.parley.base.event.EmailEvent}. Read {@link dev.parley.feature.email.Email} first, then {@link
 * dev.parley.feature.email.Outbox}; deliverers are rooms of their own.
 */
@NullMarked
package dev.parley.feature.email;

import org.jspecify.annotations.NullMarked;
