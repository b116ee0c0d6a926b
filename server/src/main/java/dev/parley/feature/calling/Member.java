package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One participant of one call; belongs to the call's thread. */
final class Member {
  final String id;
  final String user;

  /** The client behind it; null for one that server code plays. */
  final @Nullable Agent agent;

  final Instant joinedAt;

  /** Whether it began the call. */
  final boolean starter;

  String displayName;
  CallRole role;
  boolean muted;
  boolean held;
  boolean inLobby;

  /** Its socket is lost; it is shown as connecting. */
  boolean lost;

  /** It is lost for so long that it is not shown any more. */
  boolean away;

  boolean speaking;

  /** Whether its sign of life was asked for. */
  boolean asked;

  /** The state of the call as its client was told last. */
  String toldState = "";

  /** Messages sent, by data channel. */
  final Map<Integer, Long> dataSequences = new HashMap<>();

  /** What it sends and is shown. */
  final MemberMedia media = new MemberMedia();

  final Map<String, Quality> quality = new LinkedHashMap<>();

  Member(
      String id,
      String user,
      @Nullable Agent agent,
      String displayName,
      CallRole role,
      boolean starter,
      Instant joinedAt) {
    this.id = id;
    this.user = user;
    this.agent = agent;
    this.displayName = displayName;
    this.role = role;
    this.starter = starter;
    this.joinedAt = joinedAt;
  }

  /** {@code RemoteParticipantState}. */
  String state() {
    if (inLobby) {
      return "InLobby";
    }
    return lost ? "Connecting" : held ? "Hold" : "Connected";
  }

  ObjectNode json() {
    var json =
        Json.mapper()
            .createObjectNode()
            .put("id", id)
            .put("user", user)
            .put("displayName", displayName)
            .put("role", role.word())
            .put("state", state())
            .put("muted", muted)
            .put("speaking", speaking);
    media.putStreams(json);
    return json;
  }

  /** Says who it is, for those who are not in the call. */
  void putPerson(ObjectNode json, String name) {
    json.putObject(name).put("user", user).put("displayName", displayName);
  }

  void tell(byte[] body) {
    if (agent != null) {
      agent.tell(body);
    }
  }
}
