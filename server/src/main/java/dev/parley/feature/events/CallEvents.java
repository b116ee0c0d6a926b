package dev.parley.feature.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.event.CallDetail;
import dev.parley.base.event.EventDetail;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Calls as Event Grid events (types of the SDK's {@code acs-events}; subjects as documented). */
final class CallEvents {
  private final EventMap.Draft draft;
  private final Optional<EventDetail> detail;

  CallEvents(EventMap.Draft draft, Optional<EventDetail> detail) {
    this.draft = draft;
    this.detail = detail;
  }

  List<GridEvent> all() {
    return detail.map(CallDetail.class::cast).map(this::event).stream().toList();
  }

  private GridEvent event(CallDetail one) {
    var call = one.call();
    var subject = "call/" + call.serverCallId();
    return switch (one) {
      case CallDetail.Started _ ->
          event("CallStarted", subject + "/startedBy/" + call.startedBy(), facts(call));
      case CallDetail.Ended ended -> event("CallEnded", subject, ended(ended));
      case CallDetail.Participant person ->
          event(
              person.added() ? "CallParticipantAdded" : "CallParticipantRemoved",
              subject + "/participant/" + person.user(),
              participant(person));
      case CallDetail.Incoming incoming ->
          event(
              "IncomingCall",
              "/caller/" + incoming.from() + "/recipient/" + incoming.to(),
              incoming(incoming));
    };
  }

  private GridEvent event(String name, String subject, ObjectNode data) {
    return draft.event(name, subject, draft.row().at(), data);
  }

  private static ObjectNode facts(CallDetail.CallFacts call) {
    var json = EventMap.object();
    json.set("startedBy", person(call.startedBy(), call.role()));
    json.put("serverCallId", call.serverCallId());
    if (!call.groupId().isEmpty()) {
      json.putObject("group").put("id", call.groupId());
    }
    if (!call.roomId().isEmpty()) {
      json.putObject("room").put("id", call.roomId());
    }
    return json.put("isTwoParty", call.twoParty())
        .put("correlationId", call.callId())
        .put("isRoomsCall", !call.roomId().isEmpty());
  }

  private static ObjectNode person(String user, String role) {
    var json = EventMap.object();
    json.set("communicationIdentifier", EventMap.identifier(user));
    return json.put("role", role);
  }

  private static ObjectNode ended(CallDetail.Ended ended) {
    var json = facts(ended.call());
    var by = json.putObject("endedBy");
    if (ended.endedBy().isEmpty()) {
      by.put("type", "MicrosoftInternal").put("name", "Parley");
    } else {
      by.set("communicationIdentifier", EventMap.identifier(ended.endedBy()));
      by.put("type", "Participant").put("name", ended.endedBy());
    }
    json.putObject("reason")
        .put("code", ended.code())
        .put("subCode", ended.subCode())
        .put("phrase", ended.phrase());
    return json.put("callDurationInSeconds", ended.durationSeconds());
  }

  private static ObjectNode participant(CallDetail.Participant person) {
    var json = facts(person.call());
    json.set("user", person(person.user(), person.role()));
    return json.put("displayName", person.displayName())
        .put("participantId", person.participantId())
        .put("userAgent", person.userAgent());
  }

  private static ObjectNode incoming(CallDetail.Incoming incoming) {
    var json = EventMap.object();
    json.set("to", EventMap.identifier(incoming.to()));
    json.set("from", EventMap.identifier(incoming.from()));
    json.put("serverCallId", incoming.call().serverCallId())
        .put("callerDisplayName", incoming.callerDisplayName());
    var custom = json.putObject("customContext");
    put(custom.putObject("sipHeaders"), incoming.sipHeaders());
    put(custom.putObject("voipHeaders"), incoming.voipHeaders());
    return json.put("incomingCallContext", incoming.incomingCallContext())
        .put("correlationId", incoming.call().callId());
  }

  private static void put(ObjectNode json, Map<String, String> headers) {
    headers.forEach(json::put);
  }
}
