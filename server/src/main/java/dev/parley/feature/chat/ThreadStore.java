package dev.parley.feature.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.base.kit.Json;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ThreadId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Threads, their participants and each user's list of threads as rows. */
final class ThreadStore {
  private static final TypeReference<Map<String, String>> METADATA = new TypeReference<>() {};
  private static final String THREAD =
      "SELECT topic, created_on, created_by, metadata, retention_days, membership"
          + " FROM chat_thread WHERE resource_id = ? AND thread_id = ?";
  private static final String PARTICIPANT =
      "SELECT user_id, display_name, shared_on, metadata FROM chat_participant"
          + " WHERE resource_id = ? AND thread_id = ?";

  /** A thread that is not deleted. */
  Optional<ChatThread> thread(Rows rows, ThreadKey key) {
    return rows.one(
        THREAD + " AND deleted_on IS NULL",
        row -> thread(row, key),
        key.resource().value(),
        key.id().value());
  }

  /** A thread also after its end, then without its words, until its last row goes. */
  Optional<ChatThread> everThread(Rows rows, ThreadKey key) {
    return rows.one(THREAD, row -> thread(row, key), key.resource().value(), key.id().value());
  }

  private static ChatThread thread(Row row, ThreadKey key) {
    return new ChatThread(
        key.id(),
        row.text(1),
        row.time(2),
        row.text(3),
        metadata(row.text(4)),
        row.numberIf(5).map(days -> new Retention(days.intValue())),
        row.number(6));
  }

  void insert(Tx tx, ThreadKey key, ChatThread thread) {
    tx.add(
        "INSERT INTO chat_thread (resource_id, thread_id, topic, created_on, created_by, metadata,"
            + " retention_days, membership) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        key.resource().value(),
        key.id().value(),
        thread.topic(),
        thread.createdOn().toEpochMilli(),
        thread.createdBy(),
        Json.text(thread.metadata()),
        thread.retention().map(retention -> (long) retention.days()).orElse(null),
        thread.membership());
  }

  void update(Tx tx, ThreadKey key, ChatThread thread) {
    tx.run(
        "UPDATE chat_thread SET topic = ?, metadata = ?, retention_days = ?, membership = ?"
            + " WHERE resource_id = ? AND thread_id = ?",
        thread.topic(),
        Json.text(thread.metadata()),
        thread.retention().map(retention -> (long) retention.days()).orElse(null),
        thread.membership(),
        key.resource().value(),
        key.id().value());
  }

  /** The thread is gone for everybody; ids stay until those who are told of it have been found. */
  void delete(Tx tx, ThreadKey key, Instant now) {
    tx.run(
        "UPDATE chat_thread SET topic = '', metadata = '{}', deleted_on = ?"
            + " WHERE resource_id = ? AND thread_id = ?",
        now.toEpochMilli(),
        key.resource().value(),
        key.id().value());
    tx.run(
        "UPDATE chat_participant SET display_name = NULL, metadata = '{}'"
            + " WHERE resource_id = ? AND thread_id = ?",
        key.resource().value(),
        key.id().value());
  }

  /** The last of a deleted thread. */
  void forget(Tx tx, ThreadKey key) {
    tx.run(
        "DELETE FROM chat_participant WHERE resource_id = ? AND thread_id = ?",
        key.resource().value(),
        key.id().value());
    tx.run(
        "DELETE FROM chat_thread WHERE resource_id = ? AND thread_id = ?",
        key.resource().value(),
        key.id().value());
  }

  /** How many are in the thread now. */
  int count(Rows rows, ThreadKey key) {
    return rows.one(
            "SELECT COUNT(*) FROM chat_participant"
                + " WHERE resource_id = ? AND thread_id = ? AND removed_at IS NULL",
            row -> (int) row.number(1),
            key.resource().value(),
            key.id().value())
        .orElse(0);
  }

  boolean isIn(Rows rows, ThreadKey key, String userId) {
    return participant(rows, key, userId).isPresent();
  }

  /** Somebody who is in the thread now. */
  Optional<Participant> participant(Rows rows, ThreadKey key, String userId) {
    return rows.one(
        PARTICIPANT + " AND user_id = ? AND removed_at IS NULL",
        ThreadStore::participant,
        key.resource().value(),
        key.id().value(),
        userId);
  }

  /** Somebody who is in the thread or was; without a name once removed. */
  Optional<Participant> everParticipant(Rows rows, ThreadKey key, String userId) {
    return rows.one(
        PARTICIPANT + " AND user_id = ?",
        ThreadStore::participant,
        key.resource().value(),
        key.id().value(),
        userId);
  }

  /** Those who were in the thread at that version of its membership. */
  List<Participant> participantsAt(Rows rows, ThreadKey key, long version) {
    return rows.all(
        PARTICIPANT
            + " AND joined_version <= ? AND (left_version IS NULL OR left_version > ?)"
            + " ORDER BY user_id",
        ThreadStore::participant,
        key.resource().value(),
        key.id().value(),
        version,
        version);
  }

  /** Those who are in the thread now, in the order of their joining. */
  List<Participant> participants(Rows rows, ThreadKey key, int limit, int skip) {
    return rows.all(
        PARTICIPANT + " AND removed_at IS NULL ORDER BY joined_version, user_id LIMIT ? OFFSET ?",
        ThreadStore::participant,
        key.resource().value(),
        key.id().value(),
        (long) limit,
        (long) skip);
  }

  /** Everybody who was in the thread at that version of its membership. */
  List<String> membersAt(Rows rows, ThreadKey key, long version) {
    return rows.all(
        "SELECT user_id FROM chat_participant WHERE resource_id = ? AND thread_id = ?"
            + " AND joined_version <= ? AND (left_version IS NULL OR left_version > ?)"
            + " ORDER BY user_id",
        row -> row.text(1),
        key.resource().value(),
        key.id().value(),
        version,
        version);
  }

  /** Everybody who ever was in the thread. */
  List<String> everMembers(Rows rows, ThreadKey key) {
    return rows.all(
        "SELECT user_id FROM chat_participant WHERE resource_id = ? AND thread_id = ?"
            + " ORDER BY user_id",
        row -> row.text(1),
        key.resource().value(),
        key.id().value());
  }

  /**
   * Puts somebody into the thread, also somebody who was in it before.
   *
   * @param shareFrom first message that the user sees
   */
  void join(Tx tx, ThreadKey key, Participant participant, long version, long shareFrom) {
    tx.run(
        "INSERT INTO chat_participant (resource_id, thread_id, user_id, display_name, metadata,"
            + " shared_on, share_from, joined_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, thread_id, user_id) DO UPDATE SET"
            + " display_name = excluded.display_name, metadata = excluded.metadata,"
            + " shared_on = excluded.shared_on, share_from = excluded.share_from,"
            + " joined_version = excluded.joined_version, left_version = NULL, removed_at = NULL",
        key.resource().value(),
        key.id().value(),
        participant.userId(),
        participant.displayName(),
        Json.text(participant.metadata()),
        participant.shareHistoryTime().map(Instant::toEpochMilli).orElse(null),
        shareFrom,
        version);
  }

  /** Takes somebody out; the row stays, since the user may read what came before. */
  void leave(Tx tx, ThreadKey key, String userId, long version, long removedAt) {
    tx.run(
        "UPDATE chat_participant SET left_version = ?, removed_at = ?, display_name = NULL,"
            + " metadata = '{}', read_id = NULL, read_on = NULL"
            + " WHERE resource_id = ? AND thread_id = ? AND user_id = ?",
        version,
        removedAt,
        key.resource().value(),
        key.id().value(),
        userId);
  }

  /** A user's list is the user's partition. */
  static PartitionKey list(ResourceId resource, String userId) {
    return new PartitionKey(resource, "user:" + userId);
  }

  void enlist(Tx tx, ThreadKey key, String userId, long since) {
    tx.run(
        "INSERT INTO chat_user_thread (resource_id, user_id, thread_id, since) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (resource_id, user_id, thread_id) DO UPDATE SET since = excluded.since",
        key.resource().value(),
        userId,
        key.id().value(),
        since);
  }

  void delist(Tx tx, ThreadKey key, String userId) {
    tx.run(
        "DELETE FROM chat_user_thread WHERE resource_id = ? AND user_id = ? AND thread_id = ?",
        key.resource().value(),
        userId,
        key.id().value());
  }

  /** Threads that the user is in, or was, of which something is still kept. */
  List<ThreadKey> everThreads(Rows rows, ResourceId resource, String userId, int limit) {
    return rows.all(
        "SELECT thread_id FROM chat_user_thread WHERE resource_id = ? AND user_id = ?"
            + " ORDER BY thread_id LIMIT ?",
        row -> new ThreadKey(resource, new ThreadId(row.text(1))),
        resource.value(),
        userId,
        (long) limit);
  }

  /**
   * Threads that the user is in, the newest membership first.
   *
   * @param before place in the list to go on from
   * @param activeFrom threads whose last message is older are left out, epoch milliseconds
   */
  List<ThreadItem> threads(
      Rows rows,
      ResourceId resource,
      String userId,
      ThreadPlace before,
      long activeFrom,
      int limit) {
    return rows.all(
        "SELECT id, since, topic, last FROM (SELECT u.thread_id AS id, u.since AS since, t.topic AS topic,"
            + " (SELECT MAX(m.message_id) FROM chat_message m"
            + " WHERE m.resource_id = u.resource_id AND m.thread_id = u.thread_id) AS last"
            + " FROM chat_user_thread u"
            + " JOIN chat_participant p ON p.resource_id = u.resource_id"
            + " AND p.thread_id = u.thread_id AND p.user_id = u.user_id AND p.removed_at IS NULL"
            + " JOIN chat_thread t ON t.resource_id = u.resource_id"
            + " AND t.thread_id = u.thread_id AND t.deleted_on IS NULL"
            + " WHERE u.resource_id = ? AND u.user_id = ?"
            + " AND (u.since < ? OR (u.since = ? AND u.thread_id < ?))) AS mine"
            + " WHERE last >= ? ORDER BY since DESC, id DESC LIMIT ?",
        row -> new ThreadItem(new ThreadId(row.text(1)), row.number(2), row.text(3), row.timeIf(4)),
        resource.value(),
        userId,
        before.since(),
        before.since(),
        before.id(),
        activeFrom,
        (long) limit);
  }

  /** Threads of a resource, for erasing them piece by piece. */
  List<ThreadKey> someThreads(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        "SELECT thread_id FROM chat_thread WHERE resource_id = ? ORDER BY thread_id LIMIT ?",
        row -> new ThreadKey(resource, new ThreadId(row.text(1))),
        resource.value(),
        (long) limit);
  }

  /** Users of a resource who have a list, for erasing them piece by piece. */
  List<String> someListed(Rows rows, ResourceId resource, int limit) {
    return rows.all(
        "SELECT DISTINCT user_id FROM chat_user_thread WHERE resource_id = ?"
            + " ORDER BY user_id LIMIT ?",
        row -> row.text(1),
        resource.value(),
        (long) limit);
  }

  void removeList(Tx tx, ResourceId resource, String userId) {
    tx.run(
        "DELETE FROM chat_user_thread WHERE resource_id = ? AND user_id = ?",
        resource.value(),
        userId);
  }

  private static Participant participant(Row row) {
    return new Participant(
        row.text(1), row.textIf(2).orElse(null), row.timeIf(3), metadata(row.text(4)));
  }

  private static Map<String, String> metadata(String json) {
    try {
      return Json.mapper().readValue(json, METADATA);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored metadata cannot be read.", e);
    }
  }
}
