package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.base.kit.Json;
import java.util.List;

/** Call records as JSON, in the fields of ACS's call summary and call diagnostics logs. */
final class CallModels {
  private CallModels() {}

  static ObjectNode stream(Quality quality) {
    var json =
        Notices.object()
            .put("streamId", quality.streamId)
            .put("mediaType", quality.type.equals("ScreenSharing") ? "VBSS" : quality.type)
            .put("streamDirection", quality.direction)
            .put("codecName", quality.codec)
            .put("samples", quality.samples);
    put(json, "roundTripTime", quality.rtt);
    put(json, "jitter", quality.jitter);
    put(json, "packetLossRate", quality.loss);
    put(json, "bitrate", quality.bitrate);
    put(json, "frameRate", quality.frameRate);
    put(json, "freezeDuration", quality.freeze);
    return json;
  }

  private static void put(ObjectNode json, String name, Quality.Sum sum) {
    json.put(name + "Avg", sum.average()).put(name + "Max", sum.max());
  }

  static ObjectNode call(CallRecord call) {
    var json =
        Notices.object()
            .put("correlationId", call.place().callId())
            .put("serverCallId", call.place().serverCallId())
            .put("callType", call.place().kind() == Call.Kind.ONE_TO_ONE ? "P2P" : "Group")
            .put("callStartTime", call.startedAt().toString())
            .put("startedBy", call.startedBy())
            .put("state", call.endedAt().isPresent() ? "ended" : "open");
    if (!call.place().groupId().isEmpty()) {
      json.put("groupId", call.place().groupId());
    }
    if (!call.place().roomId().isEmpty()) {
      json.put("roomId", call.place().roomId());
    }
    call.endedAt()
        .ifPresent(at ->
            json.put("callDuration", call.seconds(at))
                .put("endedBy", call.endedBy())
                .put("endReason", call.code())
                .put("endSubCode", call.subCode())
                .put("resultCategory", call.category())
                .put("phrase", call.phrase()));
    return json;
  }

  static ObjectNode whole(
      CallRecord call,
      List<CallRecord.Participation> participants,
      List<CallStore.StreamRow> streams,
      List<String> surveys) {
    var json = call(call);
    var list = json.putArray("participants");
    for (var one : participants) {
      var person =
          list.addObject()
              .put("participantId", one.participantId())
              .put("identifier", one.user())
              .put("displayName", one.displayName())
              .put("participantType", "ACS")
              .put("endpointType", one.endpointId().isEmpty() ? "Server" : "VoIP")
              .put("endpointId", one.endpointId())
              .put("sdkVersion", one.client())
              .put("role", one.role())
              .put("participantStartTime", one.joinedAt().toString());
      one.leftAt()
          .ifPresent(at ->
              person
                  .put(
                      "participantDuration",
                      java.time.Duration.between(one.joinedAt(), at).toSeconds())
                  .put("participantEndReason", one.code())
                  .put("participantEndSubCode", one.subCode())
                  .put("resultCategory", one.category()));
      var diagnostics = person.putArray("streams");
      streams.stream()
          .filter(stream -> stream.participantId().equals(one.participantId()))
          .forEach(stream -> diagnostics.add(Json.read(stream.body(), ObjectNode.class)));
    }
    var answers = json.putArray("surveys");
    surveys.forEach(body -> answers.add(Json.read(body, ObjectNode.class)));
    return json;
  }
}
