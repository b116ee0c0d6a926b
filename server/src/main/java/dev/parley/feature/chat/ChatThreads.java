package dev.parley.feature.chat;

import dev.parley.base.bus.Bus;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.RepeatKey;
import dev.parley.base.store.Repeats;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Store;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Page;
import dev.parley.base.words.ServiceClock;
import dev.parley.base.words.ThreadId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The front door of threads and of who is in them. Whoever is in a thread may rename and delete it,
 * add and remove others; its creator has no privilege.
 */
public final class ChatThreads {
  /** Participants in one call; the service's own limit. */
  static final int PARTICIPANTS_AT_ONCE_MAX = 200;

  private static final int ID_BYTES = 32;

  private final ChatConfig config;
  private final Stores stores;
  private final ThreadStore rows = new ThreadStore();
  private final ChatStore messages = new ChatStore();
  private final Participants participants;
  private final ThreadEnding ending;
  private final Repeats repeats;
  private final Bus bus;
  private final ServiceClock clock;
  private final SecureRandom random;

  public ChatThreads(
      ChatConfig config,
      Stores stores,
      Users users,
      Repeats repeats,
      DueJobs dueJobs,
      Bus bus,
      ServiceClock clock,
      SecureRandom random) {
    this.config = config;
    this.stores = stores;
    this.participants = new Participants(users);
    this.ending = new ThreadEnding(rows, dueJobs);
    this.repeats = repeats;
    this.bus = bus;
    this.clock = clock;
    this.random = random;
  }

  /** A thread that was made, and those who could not be put into it. */
  record Created(ChatThread thread, List<InvalidParticipant> invalid) {}

  /**
   * What a repeated creation answers from; the words of the thread are not kept twice.
   *
   * @param elsewhere id of the thread where the one that follows from the request's id was taken
   */
  private record Made(List<InvalidParticipant> invalid, @Nullable String elsewhere) {}

  /** Makes a thread with its creator and those wanted who exist; a repeat meets the same thread. */
  Created create(Caller.User creator, NewThread wanted, Optional<RepeatKey> repeat) {
    checkTopic(wanted.topic());
    MetadataPatch.checked(wanted.metadata());
    var sorted = participants.sorted(creator.resource(), wanted.participants());
    var members = Participants.withCreator(creator.id().rawId(), sorted.valid());
    checkFit(members.size());
    var fresh = ThreadKey.of(creator.resource(), newId());
    var store = stores.of(creator.resource());
    if (repeat.isEmpty()) {
      makeUnlessThere(store, fresh, creator, wanted, members);
      return new Created(there(store, fresh), sorted.invalid());
    }
    var named = ThreadKey.of(creator.resource(), repeat.get().derivedId());
    var made =
        store.write(
            named.partition(),
            tx ->
                repeats.once(
                    tx,
                    named.partition(),
                    repeat.get(),
                    Made.class,
                    () -> {
                      if (rows.everThread(tx, named).isPresent()) {
                        // Used longer ago than is remembered, so it means something new.
                        return new Made(sorted.invalid(), fresh.id().value());
                      }
                      make(tx, named, creator, wanted, members);
                      return new Made(sorted.invalid(), null);
                    }));
    var elsewhere = made.elsewhere();
    if (elsewhere == null) {
      return new Created(there(store, named), made.invalid());
    }
    var key = new ThreadKey(creator.resource(), new ThreadId(elsewhere));
    makeUnlessThere(store, key, creator, wanted, members);
    return new Created(there(store, key), made.invalid());
  }

  private ChatThread there(Store store, ThreadKey key) {
    return store.read(all -> rows.thread(all, key)).orElseThrow(ChatProblems::threadGone);
  }

  private void makeUnlessThere(
      Store store,
      ThreadKey key,
      Caller.User creator,
      NewThread wanted,
      List<Participant> members) {
    store.write(
        key.partition(),
        tx -> {
          if (rows.everThread(tx, key).isPresent()) {
            return false;
          }
          make(tx, key, creator, wanted, members);
          return true;
        });
  }

  private byte[] newId() {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private void make(
      Tx tx, ThreadKey key, Caller.User creator, NewThread wanted, List<Participant> members) {
    var now = clock.now(creator.resource());
    var thread =
        new ChatThread(
            key.id(),
            wanted.topic(),
            now,
            creator.id().rawId(),
            wanted.metadata(),
            wanted.retention(),
            1);
    rows.insert(tx, key, thread);
    for (var member : members) {
      rows.join(tx, key, member, thread.membership(), 0);
    }
    var initiator = creator.id().rawId();
    tell(
        tx,
        key,
        now.toEpochMilli(),
        1,
        MessageType.TOPIC_UPDATED,
        MessageDetail.topic(thread.topic(), initiator));
    tell(
        tx,
        key,
        now.toEpochMilli() + 1,
        2,
        MessageType.PARTICIPANT_ADDED,
        MessageDetail.participants(members, initiator));
    ending.schedule(tx, key, thread);
    tx.publish(new ChatEvent.ThreadCreated(key.id(), thread.membership(), now), creator.origin());
  }

  /** The thread's properties. */
  ChatThread get(Caller.User reader, ThreadId id) {
    var key = new ThreadKey(reader.resource(), id);
    return stores.of(reader.resource()).read(all -> mine(all, key, reader));
  }

  /**
   * Threads that the caller is in, newest membership first; what the caller has just joined or left
   * is already so.
   *
   * @param activeFrom threads without a message since then are left out
   */
  Page<ThreadItem> list(
      Caller.User reader, Optional<Instant> activeFrom, int size, Optional<String> position) {
    bus.caughtUp(ThreadLists.HEARER);
    var before = position.map(ThreadPlace::parse).orElse(ThreadPlace.START);
    var from = activeFrom.map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
    var found =
        stores
            .of(reader.resource())
            .read(all ->
                rows.threads(all, reader.resource(), reader.id().rawId(), before, from, size + 1));
    return Page.of(found, size, item -> new ThreadPlace(item.since(), item.id().value()).text());
  }

  /** Changes topic, metadata or retention. */
  void update(Caller.User caller, ThreadId id, ThreadPatch patch) {
    patch.topic().ifPresent(ChatThreads::checkTopic);
    var key = new ThreadKey(caller.resource(), id);
    stores
        .of(caller.resource())
        .write(
            key.partition(),
            tx -> {
              var before = mine(tx, key, caller);
              var after = patched(before, patch);
              var now = clock.now(caller.resource());
              rows.update(tx, key, after);
              if (patch.topic().isPresent()) {
                tellNext(
                    tx,
                    key,
                    caller,
                    now,
                    MessageType.TOPIC_UPDATED,
                    MessageDetail.topic(after.topic(), caller.id().rawId()));
              }
              if (patch.retention().isPresent()) {
                ending.schedule(tx, key, after);
              }
              tx.publish(
                  new ChatEvent.ThreadPropertiesUpdated(
                      id, after.membership(), now, now.toEpochMilli()),
                  caller.origin());
              return true;
            });
  }

  /** Ends the thread for everybody; its content is erased by those who hear of it. */
  void delete(Caller.User caller, ThreadId id) {
    var key = new ThreadKey(caller.resource(), id);
    stores
        .of(caller.resource())
        .write(
            key.partition(),
            tx -> {
              var thread = mine(tx, key, caller);
              ending.end(tx, key, thread, clock.now(caller.resource()), false, caller.origin());
              return true;
            });
  }

  /** Puts users into the thread; who is in it already stays as he is. */
  List<InvalidParticipant> add(Caller.User caller, ThreadId id, List<Participant> wanted) {
    var sorted = participants.sorted(caller.resource(), wanted);
    var key = new ThreadKey(caller.resource(), id);
    stores
        .of(caller.resource())
        .write(
            key.partition(),
            tx -> {
              var before = mine(tx, key, caller);
              var fresh =
                  sorted.valid().stream()
                      .filter(participant -> !rows.isIn(tx, key, participant.userId()))
                      .toList();
              if (fresh.isEmpty()) {
                return false;
              }
              checkFit(rows.count(tx, key) + fresh.size());
              join(tx, key, caller, before.withMembership(before.membership() + 1), fresh);
              return true;
            });
    return sorted.invalid();
  }

  private void join(
      Tx tx, ThreadKey key, Caller.User caller, ChatThread thread, List<Participant> fresh) {
    var record =
        tellNext(
            tx,
            key,
            caller,
            clock.now(caller.resource()),
            MessageType.PARTICIPANT_ADDED,
            MessageDetail.participants(fresh, caller.id().rawId()));
    for (var participant : fresh) {
      var shareFrom =
          participant.shareHistoryTime().map(Instant::toEpochMilli).orElse(record.value());
      rows.join(tx, key, participant, thread.membership(), shareFrom);
    }
    rows.update(tx, key, thread);
    tx.publish(
        new ChatEvent.ParticipantsAdded(
            key.id(),
            thread.membership(),
            record,
            fresh.stream().map(Participant::userId).toList()),
        caller.origin());
  }

  /** Takes a user out of the thread; nothing happens when the user is not in it. */
  void remove(Caller.User caller, ThreadId id, String userId) {
    var key = new ThreadKey(caller.resource(), id);
    stores
        .of(caller.resource())
        .write(
            key.partition(),
            tx -> {
              var before = mine(tx, key, caller);
              var leaving = rows.participant(tx, key, userId);
              if (leaving.isEmpty()) {
                return false;
              }
              var after = before.withMembership(before.membership() + 1);
              var record =
                  tellNext(
                      tx,
                      key,
                      caller,
                      clock.now(caller.resource()),
                      MessageType.PARTICIPANT_REMOVED,
                      MessageDetail.participants(List.of(leaving.get()), caller.id().rawId()));
              rows.leave(tx, key, userId, after.membership(), record.value());
              rows.update(tx, key, after);
              tx.publish(
                  new ChatEvent.ParticipantsRemoved(
                      id, after.membership(), record, List.of(userId)),
                  caller.origin());
              return true;
            });
  }

  /** Those who are in the thread, in the order of their joining. */
  Page<Participant> participants(
      Caller.User reader, ThreadId id, int size, int skip, Optional<String> position) {
    var key = new ThreadKey(reader.resource(), id);
    var start = position.map(Integer::parseInt).orElse(skip);
    var found =
        stores
            .of(reader.resource())
            .read(all -> {
              mine(all, key, reader);
              return rows.participants(all, key, size + 1, start);
            });
    return Page.of(found, size, _ -> Integer.toString(start + size));
  }

  /**
   * The thread, for someone who is in it.
   *
   * @throws dev.parley.base.words.Refusal 403 for everybody else
   */
  private ChatThread mine(Rows all, ThreadKey key, Caller.User caller) {
    return rows.thread(all, key)
        .filter(_ -> rows.isIn(all, key, caller.id().rawId()))
        .orElseThrow(() -> ChatProblems.notMember(key.id()));
  }

  private static ChatThread patched(ChatThread before, ThreadPatch patch) {
    return new ChatThread(
        before.id(),
        patch.topic().orElse(before.topic()),
        before.createdOn(),
        before.createdBy(),
        patch.metadata().map(change -> change.applied(before.metadata())).orElse(before.metadata()),
        patch.retention().or(before::retention),
        before.membership());
  }

  /** Adds the system message that follows on what is there. */
  private MessageId tellNext(
      Tx tx,
      ThreadKey key,
      Caller.User caller,
      Instant now,
      MessageType type,
      MessageDetail detail) {
    var membership =
        messages
            .membership(tx, key, caller.id().rawId())
            .orElseThrow(() -> ChatProblems.notMember(key.id()));
    return tell(
        tx,
        key,
        membership.nextId(now.toEpochMilli()),
        membership.lastSequence() + 1,
        type,
        detail);
  }

  private MessageId tell(
      Tx tx, ThreadKey key, long id, long sequence, MessageType type, MessageDetail detail) {
    var message = SystemMessages.of(id, sequence, type, detail);
    messages.insert(tx, key, message);
    return message.id();
  }

  private void checkFit(int participants) {
    if (participants > config.participantsMax()) {
      throw ChatProblems.threadFull(config.participantsMax());
    }
  }

  private static void checkTopic(String topic) {
    if (topic.length() > Chat.NAME_CHARACTERS_MAX) {
      throw ChatProblems.tooLong("topic", Chat.NAME_CHARACTERS_MAX);
    }
  }
}
