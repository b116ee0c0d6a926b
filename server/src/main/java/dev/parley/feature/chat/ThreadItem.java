package dev.parley.feature.chat;

import dev.parley.base.words.ThreadId;
import java.time.Instant;
import java.util.Optional;

/**
 * A thread in a user's list.
 *
 * @param since since when the user is in it, epoch milliseconds; the list goes by it, newest first
 */
record ThreadItem(ThreadId id, long since, String topic, Optional<Instant> lastMessageReceivedOn) {}
