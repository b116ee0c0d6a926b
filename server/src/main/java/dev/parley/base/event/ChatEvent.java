package dev.parley.base.event;

import dev.parley.base.words.MessageId;
import dev.parley.base.words.ThreadId;
import java.time.Instant;
import java.util.List;

/**
 * What happened in a chat thread.
 *
 * <p>{@code membership} is the thread's membership version at that moment: who was a member then is
 * resolved after the commit, so a message to 250 people journals one number and not 250 ids. {@code
 * record} names the system message that keeps the erasable content of a change.
 */
public sealed interface ChatEvent extends Event {
  ThreadId thread();

  long membership();

  /** A thread came to be, with its first participants. */
  record ThreadCreated(ThreadId thread, long membership, Instant at) implements ChatEvent {}

  /** Topic, metadata or retention changed. */
  record ThreadPropertiesUpdated(ThreadId thread, long membership, Instant at, long version)
      implements ChatEvent {}

  /** A user or the retention policy deleted the thread. */
  record ThreadDeleted(ThreadId thread, long membership, Instant at, boolean byPolicy)
      implements ChatEvent {}

  record MessageReceived(ThreadId thread, long membership, MessageId message)
      implements ChatEvent {}

  record MessageEdited(
      ThreadId thread, long membership, MessageId message, long version, Instant at)
      implements ChatEvent {}

  record MessageDeleted(
      ThreadId thread, long membership, MessageId message, long version, Instant at)
      implements ChatEvent {}

  /** The new members hear it too: {@code membership} already counts them. */
  record ParticipantsAdded(ThreadId thread, long membership, MessageId record, List<String> userIds)
      implements ChatEvent {}

  /** The removed members hear it too, although {@code membership} no longer counts them. */
  record ParticipantsRemoved(
      ThreadId thread, long membership, MessageId record, List<String> userIds)
      implements ChatEvent {}

  /** The actor has read everything up to and including the message. */
  record ReadReceiptSent(
      ThreadId thread, long membership, String userId, MessageId message, Instant readOn)
      implements ChatEvent {}
}
