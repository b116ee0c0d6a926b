package dev.parley.feature.rooms;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.RoomId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Routes of rooms, the JSON they take and give, and the checks of its shape. */
final class RoomsHttp {
  private static final String ROOMS = "/rooms";
  private static final String ROOM = "/rooms/{roomId}";
  private static final String PARTICIPANTS = "/rooms/{roomId}/participants";
  private static final String POSITION = "skipToken";

  /** The service tells a wrong length from other faults; its own ids have 16 to 18 digits. */
  private static final int ID_LENGTH_MIN = 16;

  private static final int ID_LENGTH_MAX = 18;
  private static final Pattern ID = Pattern.compile("[0-9]+");

  /** {@code CreateRoomRequest}. */
  record CreateRequest(
      @Nullable Instant validFrom,
      @Nullable Instant validUntil,
      @Nullable Boolean pstnDialOutEnabled,
      @Nullable Map<String, @Nullable JsonNode> participants) {}

  /** {@code UpdateRoomRequest}. */
  record UpdateRequest(
      @Nullable Instant validFrom,
      @Nullable Instant validUntil,
      @Nullable Boolean pstnDialOutEnabled) {}

  /** {@code UpdateParticipantsRequest}. */
  record ParticipantsRequest(@Nullable Map<String, @Nullable JsonNode> participants) {}

  /** {@code UpdateParticipantsResult}. */
  record ParticipantsResult() {}

  /** {@code RoomModel}. */
  record RoomModel(
      String id,
      Instant createdAt,
      Instant validFrom,
      Instant validUntil,
      @Nullable Boolean pstnDialOutEnabled) {}

  /** {@code RoomParticipant}. */
  record ParticipantModel(String rawId, String role) {}

  /** Any collection of the contract. */
  record Collection<T>(List<T> value, @Nullable String nextLink) {}

  private final Rooms rooms;

  RoomsHttp(Rooms rooms) {
    this.rooms = rooms;
  }

  List<Route> routes() {
    return List.of(
        route(Method.POST, ROOMS, "Rooms_Create", this::create),
        route(Method.GET, ROOMS, "Rooms_List", this::list),
        route(Method.GET, ROOM, "Rooms_Get", this::get),
        route(Method.PATCH, ROOM, "Rooms_Update", this::update),
        route(Method.DELETE, ROOM, "Rooms_Delete", this::delete),
        route(Method.GET, PARTICIPANTS, "Participants_List", this::participants),
        route(Method.PATCH, PARTICIPANTS, "Participants_Update", this::updateParticipants));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL),
        Set.of(),
        RoomsVersions.ALL,
        "rooms." + bucket(operation),
        "RoomsOperational",
        method == Method.POST ? Idempotency.REQUEST_ID_AND_DATE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  /** {@code Rooms_Create} counts as create, {@code Participants_List} as participantsList. */
  private static String bucket(String operation) {
    var words = operation.replace("Rooms_", "").replace("_", "");
    return Character.toLowerCase(words.charAt(0)) + words.substring(1);
  }

  private Response create(Request request) {
    var body = request.json(CreateRequest.class);
    var versions = new RoomsVersions(request.apiVersion());
    var participants = new LinkedHashMap<String, Role>();
    ParticipantsJson.patch(body.participants(), versions)
        .forEach((user, role) -> role.ifPresent(given -> participants.put(user, given)));
    var wanted =
        new NewRoom(
            Optional.ofNullable(body.validFrom()),
            Optional.ofNullable(body.validUntil()),
            versions.pstnDialOut(body.pstnDialOutEnabled()).orElse(false),
            participants);
    var repeat = request.repeatKey();
    var room = rooms.create(request.caller(), wanted, repeat);
    // The service's own form: the bare id.
    var response = Response.json(201, model(versions, room)).header("Location", room.id().value());
    return repeat.isPresent() ? response.header("Repeatability-Result", "accepted") : response;
  }

  private Response list(Request request) {
    var versions = new RoomsVersions(request.apiVersion());
    var page = rooms.list(request.caller(), request.position(POSITION));
    var models = page.items().stream().map(room -> model(versions, room)).toList();
    return Response.json(200, new Collection<>(models, nextLink(request, page.next())));
  }

  private Response get(Request request) {
    var room = rooms.get(request.caller(), id(request));
    return Response.json(200, model(new RoomsVersions(request.apiVersion()), room));
  }

  private Response update(Request request) {
    var id = id(request);
    var body = request.json(UpdateRequest.class);
    var versions = new RoomsVersions(request.apiVersion());
    var patch =
        new RoomPatch(
            Optional.ofNullable(body.validFrom()),
            Optional.ofNullable(body.validUntil()),
            versions.pstnDialOut(body.pstnDialOutEnabled()));
    return Response.json(200, model(versions, rooms.update(request.caller(), id, patch)));
  }

  private Response delete(Request request) {
    rooms.delete(request.caller(), id(request));
    return Response.empty(204);
  }

  private Response participants(Request request) {
    var versions = new RoomsVersions(request.apiVersion());
    var page = rooms.participants(request.caller(), id(request), request.position(POSITION));
    var models =
        page.items().stream()
            .map(one -> new ParticipantModel(one.userId(), versions.shown(one.role()).word()))
            .toList();
    return Response.json(200, new Collection<>(models, nextLink(request, page.next())));
  }

  private Response updateParticipants(Request request) {
    var id = id(request);
    var body = request.json(ParticipantsRequest.class);
    var patch =
        ParticipantsJson.patch(body.participants(), new RoomsVersions(request.apiVersion()));
    rooms.updateParticipants(request.caller(), id, patch);
    return Response.json(200, new ParticipantsResult());
  }

  private static RoomId id(Request request) {
    var id = request.path("roomId");
    if (id.length() < ID_LENGTH_MIN || id.length() > ID_LENGTH_MAX) {
      throw RoomsProblems.badIdLength();
    }
    if (!ID.matcher(id).matches()) {
      throw RoomsProblems.badId();
    }
    return new RoomId(id);
  }

  private static RoomModel model(RoomsVersions versions, Room room) {
    return new RoomModel(
        room.id().value(),
        room.createdAt(),
        room.validity().from(),
        room.validity().until(),
        versions.hasPstnDialOut() ? room.pstnDialOut() : null);
  }

  private static @Nullable String nextLink(Request request, Optional<String> next) {
    return next.map(position -> request.nextLink(POSITION, position)).orElse(null);
  }
}
