package dev.parley.feature.media;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.media.MediaRooms.Issued;
import dev.parley.feature.media.MediaRooms.Wish;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Routes with which the owner of a resource makes rooms and tickets, and looks into a room. */
final class MediaRoomHttp {
  private static final String ROOMS = "/parley/media/rooms";
  private static final int TICKETS_MAX = 200;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern ROOM = Pattern.compile("[0-9a-f]{32}");

  private record WishModel(
      @Nullable String direction,
      @Nullable String stream,
      @Nullable String ownStream,
      @Nullable Boolean audio,
      @Nullable Boolean video,
      @Nullable Integer bitsPerSecondMax,
      @Nullable Integer secondsToLive) {}

  private record RoomRequest(@Nullable List<@Nullable WishModel> tickets) {}

  private record CaptureRequest(@Nullable Integer packets) {}

  private record TicketModel(
      String direction, String stream, String ticket, String url, String expiresOn) {}

  private record RoomModel(String room, List<TicketModel> tickets) {}

  private final MediaRooms rooms;

  MediaRoomHttp(MediaRooms rooms) {
    this.rooms = rooms;
  }

  List<Route> routes() {
    return List.of(
        route(Method.POST, ROOMS, "Parley_CreateMediaRoom", this::create),
        route(Method.POST, ROOMS + "/{room}/tickets", "Parley_CreateMediaTickets", this::more),
        route(Method.GET, ROOMS + "/{room}", "Parley_GetMediaRoom", this::show),
        route(Method.POST, ROOMS + "/{room}/headers", "Parley_CaptureMediaHeaders", this::capture),
        route(Method.GET, ROOMS + "/{room}/headers", "Parley_GetMediaHeaders", this::captured),
        route(Method.DELETE, ROOMS + "/{room}", "Parley_CloseMediaRoom", this::close));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER),
        Set.of(),
        ApiVersions.NONE,
        "parley.media",
        "ParleyAudit",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response create(Request request) {
    return issue(request, rooms.newName());
  }

  private Response more(Request request) {
    return issue(request, room(request));
  }

  private Response issue(Request request, String room) {
    var wishes = request.json(RoomRequest.class).tickets();
    var wanted = wishes == null ? List.<@Nullable WishModel>of() : wishes;
    if (wanted.size() > TICKETS_MAX) {
      throw MediaProblems.badField("tickets", "a list of at most " + TICKETS_MAX);
    }
    var resource = request.resource();
    var issued = wanted.stream().map(wish -> rooms.issue(resource.id(), room, wish(wish))).toList();
    return Response.json(
        201,
        new RoomModel(
            room, issued.stream().map(each -> model(resource.endpoint(), each)).toList()));
  }

  private Wish wish(@Nullable WishModel model) {
    if (model == null || model.direction() == null) {
      throw MediaProblems.badField("direction", "publish or play");
    }
    var publishes =
        switch (model.direction()) {
          case "publish" -> true;
          case "play" -> false;
          default -> throw MediaProblems.badField("direction", "publish or play");
        };
    var life =
        bounded(
            "secondsToLive",
            model.secondsToLive(),
            (int) MediaRooms.TICKET_LIFE.toSeconds(),
            1,
            (int) MediaRooms.TICKET_LIFE_MAX.toSeconds());
    var stream = name("stream", model.stream());
    return new Wish(
        publishes,
        publishes && stream.isEmpty() ? rooms.newName() : stream,
        name("ownStream", model.ownStream()),
        model.audio() == null || model.audio(),
        model.video() == null || model.video(),
        bounded("bitsPerSecondMax", model.bitsPerSecondMax(), 0, 0, 100_000_000),
        Duration.ofSeconds(life));
  }

  private static String name(String field, @Nullable String text) {
    if (text != null && !NAME.matcher(text).matches()) {
      throw MediaProblems.badField(field, "1 to 64 letters, digits, hyphens or underscores");
    }
    return text == null ? "" : text;
  }

  private static int bounded(
      String field, @Nullable Integer number, int otherwise, int min, int max) {
    if (number != null && (number < min || number > max)) {
      throw MediaProblems.badField(field, "a number from %d to %d".formatted(min, max));
    }
    return number == null ? otherwise : number;
  }

  private static TicketModel model(URI endpoint, Issued issued) {
    var ticket = issued.ticket();
    var path = WhipHttp.path(ticket.publishes()) + "/" + issued.text();
    return new TicketModel(
        ticket.publishes() ? "publish" : "play",
        ticket.stream(),
        issued.text(),
        endpoint + path,
        MediaRooms.expiry(ticket).toString());
  }

  private Response show(Request request) {
    return Response.json(
        200, rooms.dump(request.resource().id(), room(request)).orElseThrow(MediaProblems::noRoom));
  }

  private Response capture(Request request) {
    var wanted = request.json(CaptureRequest.class).packets();
    var packets = bounded("packets", wanted, 1_000, 1, 20_000);
    if (!rooms.capture(request.resource().id(), room(request), packets)) {
      throw MediaProblems.noRoom();
    }
    return Response.empty(204);
  }

  private Response captured(Request request) {
    var file =
        rooms.captured(request.resource().id(), room(request)).orElseThrow(MediaProblems::noRoom);
    return Response.bytes(200, "application/vnd.tcpdump.pcap", file);
  }

  private Response close(Request request) {
    rooms.close(request.resource().id(), room(request));
    return Response.empty(204);
  }

  private static String room(Request request) {
    var room = request.path("room");
    if (!ROOM.matcher(room).matches()) {
      throw MediaProblems.noRoom();
    }
    return room;
  }
}
