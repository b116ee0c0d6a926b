/**
 * Events: what happened in a resource, delivered to webhooks by the contract of Azure Event Grid,
 * and kept in sight: every attempt, redelivery, replay, filters tried on the past.
 *
 * <p>The store's journal is the queue. {@link dev.parley.feature.events.EventMap} says which events
 * of the Event Grid a journal row is; a {@code Courier} per subscription goes through the journal
 * from its own position, and only events that failed get rows of their own. {@code Subscriptions}
 * has the rules of subscriptions, {@code EventHistory} what can be asked about the past. Read
 * {@code EventMap} first, then {@code Courier}.
 */
@NullMarked
package dev.parley.feature.events;

import org.jspecify.annotations.NullMarked;
