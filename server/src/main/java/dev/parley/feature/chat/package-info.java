/**
 * Chat: threads, their participants, messages, typing, read receipts and inline images; every
 * operation of the ACS Chat contract.
 *
 * <p>Publishes {@link dev.parley.base.event.ChatEvent} with every change and {@link
 * dev.parley.base.bus.Signal.Typing}. Everything of a thread lies in the thread's partition; each
 * user's list of threads lies in the user's, and is kept by {@code ThreadLists} from the events.
 * Read {@link dev.parley.feature.chat.Chat} first, then {@code ChatStore}.
 */
@NullMarked
package dev.parley.feature.chat;

import org.jspecify.annotations.NullMarked;
