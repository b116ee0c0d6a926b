package dev.parley.feature.calling;

import dev.parley.base.kit.Json;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Row;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Call records to rows and back. */
final class CallStore {
  private static final String CALL =
      "SELECT call_id, kind, group_id, room_id, started_by, role, started_ms, alive_ms, ended_ms,"
          + " ended_by, code, sub_code, category, phrase FROM calling_call ";
  private static final String PARTICIPANT =
      "SELECT participant_id, user_id, display_name, role, client, endpoint_id, joined_ms, left_ms,"
          + " code, sub_code, category FROM calling_participant ";

  static PartitionKey partition(ResourceId resource, String callId) {
    return new PartitionKey(resource, "call:" + callId);
  }

  /** False when the call has a record already. */
  boolean insert(Tx tx, Call.Place place, Member starter, Instant now) {
    return tx.run(
            "INSERT INTO calling_call (resource_id, call_id, kind, group_id, room_id, started_by,"
                + " role, started_ms, alive_ms, ended_by, code, sub_code, category, phrase)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, '', '') ON CONFLICT DO NOTHING",
            place.resource().value(),
            place.callId(),
            place.kind().name(),
            place.groupId(),
            place.roomId(),
            starter.user,
            starter.role.recorded(),
            now.toEpochMilli(),
            now.toEpochMilli())
        > 0;
  }

  void alive(Tx tx, Call.Place place, Instant now) {
    tx.run(
        "UPDATE calling_call SET alive_ms = ? WHERE resource_id = ? AND call_id = ?",
        now.toEpochMilli(),
        place.resource().value(),
        place.callId());
  }

  void end(Tx tx, Call.Place place, Call.Kind kind, Instant at, String by, EndReason reason) {
    tx.run(
        "UPDATE calling_call SET kind = ?, ended_ms = ?, ended_by = ?, code = ?, sub_code = ?,"
            + " category = ?, phrase = ? WHERE resource_id = ? AND call_id = ?",
        kind.name(),
        at.toEpochMilli(),
        by,
        (long) reason.code(),
        (long) reason.subCode(),
        reason.category().word(),
        reason.message(),
        place.resource().value(),
        place.callId());
  }

  Optional<CallRecord> call(Rows rows, ResourceId resource, String callId) {
    return rows.one(
        CALL + "WHERE resource_id = ? AND call_id = ?",
        row -> call(resource, row),
        resource.value(),
        callId);
  }

  /** The newest first, from a time on backwards. */
  List<CallRecord> calls(Rows rows, ResourceId resource, long before, int limit) {
    return rows.all(
        CALL
            + "WHERE resource_id = ? AND started_ms < ? ORDER BY started_ms DESC, call_id DESC"
            + " LIMIT ?",
        row -> call(resource, row),
        resource.value(),
        before,
        (long) limit);
  }

  private static CallRecord call(ResourceId resource, Row row) {
    var place =
        new Call.Place(
            row.text(1), resource, Call.Kind.valueOf(row.text(2)), row.text(3), row.text(4));
    return new CallRecord(
        place,
        row.text(5),
        row.text(6),
        row.time(7),
        row.time(8),
        row.timeIf(9),
        row.text(10),
        (int) row.number(11),
        (int) row.number(12),
        row.text(13),
        row.text(14));
  }

  void join(Tx tx, Call.Place place, Member member, Instant now) {
    var agent = member.agent;
    tx.run(
        "INSERT INTO calling_participant (resource_id, call_id, participant_id, user_id,"
            + " display_name, role, client, endpoint_id, joined_ms, code, sub_code, category)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '')",
        place.resource().value(),
        place.callId(),
        member.id,
        member.user,
        member.displayName,
        member.role.recorded(),
        agent == null ? "" : agent.client,
        // The session's id would let others resume it.
        agent == null ? "" : agent.endpointId(),
        now.toEpochMilli());
  }

  void leave(Tx tx, Call.Place place, String participantId, Instant at, EndReason reason) {
    tx.run(
        "UPDATE calling_participant SET left_ms = ?, code = ?, sub_code = ?, category = ?"
            + " WHERE resource_id = ? AND call_id = ? AND participant_id = ?",
        at.toEpochMilli(),
        (long) reason.code(),
        (long) reason.subCode(),
        reason.category().word(),
        place.resource().value(),
        place.callId(),
        participantId);
  }

  List<CallRecord.Participation> participants(Rows rows, ResourceId resource, String callId) {
    return rows.all(
        PARTICIPANT + "WHERE resource_id = ? AND call_id = ? ORDER BY participant_id LIMIT 5000",
        row ->
            new CallRecord.Participation(
                row.text(1),
                row.text(2),
                row.text(3),
                row.text(4),
                row.text(5),
                row.text(6),
                row.time(7),
                row.timeIf(8),
                (int) row.number(9),
                (int) row.number(10),
                row.text(11)),
        resource.value(),
        callId);
  }

  void stream(Tx tx, Call.Place place, String participantId, String stream, String body) {
    tx.run(
        "INSERT INTO calling_stream (resource_id, call_id, participant_id, stream, body)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        place.resource().value(),
        place.callId(),
        participantId,
        stream,
        body);
  }

  /** A stream's quality as JSON, by participant. */
  record StreamRow(String participantId, String body) {}

  List<StreamRow> streams(Rows rows, ResourceId resource, String callId) {
    return rows.all(
        "SELECT participant_id, body FROM calling_stream WHERE resource_id = ? AND call_id = ?"
            + " ORDER BY participant_id, stream LIMIT 20000",
        row -> new StreamRow(row.text(1), row.text(2)),
        resource.value(),
        callId);
  }

  void ring(Tx tx, Call.Place place, Ring ring) {
    var custom = ring.customContext();
    tx.run(
        "INSERT INTO calling_ring (resource_id, call_id, ring_id, caller, display_name, callee,"
            + " context, custom, rang_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        place.resource().value(),
        place.callId(),
        ring.id(),
        ring.inviter().user,
        ring.inviter().displayName,
        ring.user(),
        ring.context(),
        custom == null ? "{}" : Json.text(custom),
        ring.since().toEpochMilli());
  }

  /** A ring as it is stored. */
  record RingRow(String caller, String displayName, String callee, String context, String custom) {}

  Optional<RingRow> ring(Rows rows, ResourceId resource, String callId, String ringId) {
    return rows.one(
        "SELECT caller, display_name, callee, context, custom FROM calling_ring"
            + " WHERE resource_id = ? AND call_id = ? AND ring_id = ?",
        row -> new RingRow(row.text(1), row.text(2), row.text(3), row.text(4), row.text(5)),
        resource.value(),
        callId,
        ringId);
  }

  void survey(
      Tx tx,
      ResourceId resource,
      String callId,
      String surveyId,
      String participantId,
      String body,
      Instant now) {
    tx.run(
        "INSERT INTO calling_survey (resource_id, call_id, survey_id, participant_id, body,"
            + " given_ms) VALUES (?, ?, ?, ?, ?, ?)",
        resource.value(),
        callId,
        surveyId,
        participantId,
        body,
        now.toEpochMilli());
  }

  /** Surveys that one participant gave. */
  List<String> surveys(Rows rows, ResourceId resource, String callId) {
    return rows.all(
        "SELECT body FROM calling_survey WHERE resource_id = ? AND call_id = ?"
            + " ORDER BY survey_id LIMIT 1000",
        row -> row.text(1),
        resource.value(),
        callId);
  }

  /** A call of the resource, whichever. */
  Optional<String> any(Rows rows, ResourceId resource) {
    return rows.one(
        "SELECT call_id FROM calling_call WHERE resource_id = ? LIMIT 1",
        row -> row.text(1),
        resource.value());
  }

  void forget(Tx tx, ResourceId resource, String callId) {
    for (var table : CallingSchema.TABLES) {
      // Names of tables are constants.
      tx.run(
          "DELETE FROM " + table + " WHERE resource_id = ? AND call_id = ?",
          resource.value(),
          callId);
    }
  }
}
