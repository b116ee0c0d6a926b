package dev.parley.feature.chat;

import dev.parley.base.words.MessageId;
import java.time.Instant;

/** How far a user has read. */
record ReadReceipt(String userId, MessageId message, Instant readOn) {}
