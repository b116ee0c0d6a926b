package dev.parley.feature.rooms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.TestHouse;
import dev.parley.TestHouse.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms as clients write and read them, in a whole house. */
class RoomsHttpTest {
  private static final String NEWEST = "2025-03-13";
  private static final String MALFORMED =
      "The request could not be understood by the server due to malformed syntax.";
  private static final String USER =
      "8:acs:11111111-aaaa-4000-8000-000000000001_00000000-0000-4000-8000-000000000001";

  @TempDir private static Path folder;
  private static TestHouse house;

  @BeforeAll
  static void start() {
    house = TestHouse.start(folder.resolve("data"), Map.of());
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2023-03-31-preview", "2023-06-14"})
  void earlyVersionsKnowNoTelephones(String version) {
    var made = call("POST", "/rooms", version, "{\"pstnDialOutEnabled\":true}");
    assertEquals(201, made.status(), made::body);
    assertEquals("", made.text("/pstnDialOutEnabled"));
    var room = "/rooms/" + made.text("/id");
    assertEquals("false", call("GET", room, NEWEST, "").text("/pstnDialOutEnabled"));
    call("PATCH", room, NEWEST, "{\"pstnDialOutEnabled\":true}");
    assertEquals("", call("GET", room, version, "").text("/pstnDialOutEnabled"));
    assertEquals("", call("GET", "/rooms", version, "").text("/value/0/pstnDialOutEnabled"));
    call("PATCH", room, version, "{\"pstnDialOutEnabled\":false}");
    assertEquals("true", call("GET", room, NEWEST, "").text("/pstnDialOutEnabled"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2023-06-14", "2023-10-30-preview", "2024-04-15"})
  void earlyVersionsKnowNoCollaborators(String version) {
    var room = room();
    var body = participants("{\"role\":\"Collaborator\"}");
    var refused = call("PATCH", room + "/participants", version, body);
    assertEquals(400, refused.status());
    assertEquals("$.participants." + USER + ".role", refused.text("/error/details/0/target"));
    assertEquals(200, call("PATCH", room + "/participants", NEWEST, body).status());
    assertEquals(
        "Attendee", call("GET", room + "/participants", version, "").text("/value/0/role"));
    assertEquals(
        "Collaborator", call("GET", room + "/participants", NEWEST, "").text("/value/0/role"));
  }

  @Test
  void newerVersionsAreServedAsTheNewestAndOthersRefused() {
    assertEquals(200, call("GET", "/rooms", "2031-01-01", "").status());
    assertEquals(
        "InvalidApiVersionParameter", call("GET", "/rooms", "2022-02-01", "").text("/error/code"));
    assertEquals(
        "MissingApiVersionParameter", house.signed("GET", "/rooms", "").text("/error/code"));
  }

  @Test
  void whoSaysNothingAboutTheRoleAttends() {
    var room = room();
    for (var participant : List.of("{}", "{\"role\":null}", "{\"role\":\"Attendee\"}")) {
      assertEquals(
          200, call("PATCH", room + "/participants", NEWEST, participants(participant)).status());
      assertEquals(
          "Attendee", call("GET", room + "/participants", NEWEST, "").text("/value/0/role"));
      assertEquals(
          200, call("PATCH", room + "/participants", NEWEST, participants("null")).status());
      assertEquals("{\"value\":[]}", call("GET", room + "/participants", NEWEST, "").body());
    }
  }

  @Test
  void emptyRequestsAreGood() {
    var made = call("POST", "/rooms", NEWEST, "");
    assertEquals(201, made.status(), made::body);
    var room = "/rooms/" + made.text("/id");
    assertEquals(made.body(), call("PATCH", room, NEWEST, "{}").body());
    assertEquals(
        made.body(),
        call(
                "PATCH",
                room,
                NEWEST,
                "{\"validFrom\":null,\"validUntil\":null,\"pstnDialOutEnabled\":null}")
            .body());
    for (var body : List.of("{}", "{\"participants\":null}", "{\"participants\":{}}")) {
      var answer = call("PATCH", room + "/participants", NEWEST, body);
      assertEquals(200, answer.status());
      assertEquals("{}", answer.body());
    }
    var withNull =
        call(
            "POST",
            "/rooms",
            NEWEST,
            "{\"validFrom\":null,\"validUntil\":null,\"participants\":{\"%s\":null}}"
                .formatted(USER));
    assertEquals(201, withNull.status(), withNull::body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong_mri",
        "",
        "4:+14255550123",
        "8:orgid:11111111-aaaa-4000-8000-000000000001",
        "28:orgid:11111111-aaaa-4000-8000-000000000001",
        "8:acs:contoso_ann",
        "8:acs:11111111-aaaa-4000-8000-000000000001",
        "8:acs:11111111-aaaa-4000-8000-000000000001_a b",
        "8:acs:11111111-aaaa-4000-8000-000000000001_00000000-0000-4000-8000-000000000001\\n",
      })
  void onlyUsersOfCommunicationResourcesAreInvited(String rawId) {
    var before = rooms();
    var body = "{\"participants\":{\"%s\":{\"role\":\"Presenter\"}}}".formatted(rawId);
    refused("Invalid format for communication identifier.", call("POST", "/rooms", NEWEST, body));
    assertEquals(before, rooms());
    refused(
        "Invalid format for communication identifier.",
        call("PATCH", room() + "/participants", NEWEST, body));
    refused(
        "Invalid format for communication identifier.",
        call(
            "PATCH",
            room() + "/participants",
            NEWEST,
            "{\"participants\":{\"%s\":null}}".formatted(rawId)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role\":\"Kafka\"}",
        "{\"role\":\"presenter\"}",
        "{\"role\":1}",
        "{\"role\":{}}",
        "{\"role\":\"\"}"
      })
  void onlyKnownRolesAreGiven(String participant) {
    var answer = call("PATCH", room() + "/participants", NEWEST, participants(participant));
    refused(MALFORMED, answer);
    assertEquals("BadArgument", answer.text("/error/details/0/code"));
    assertEquals("$.participants." + USER + ".role", answer.text("/error/details/0/target"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"Presenter\"", "1", "true"})
  void aParticipantIsAnObject(String participant) {
    var answer = call("PATCH", room() + "/participants", NEWEST, participants(participant));
    refused(MALFORMED, answer);
    assertEquals("$.participants." + USER, answer.text("/error/details/0/target"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/rooms/invalid_id|Invalid room ID length.",
        "/rooms/f-1234567890|Invalid room ID length.",
        "/rooms/1|Invalid room ID length.",
        "/rooms/1234567890123456789|Invalid room ID length.",
        "/rooms/non-existingroomId|Invalid room ID.",
        "/rooms/99%2012345678901234|Invalid room ID.",
      })
  void aRoomHasTheServicesIds(String room, String message) {
    refused(message, call("GET", room, NEWEST, ""));
    refused(message, call("PATCH", room, NEWEST, "{}"));
    refused(message, call("DELETE", room, NEWEST, ""));
    refused(message, call("GET", room + "/participants", NEWEST, ""));
    refused(message, call("PATCH", room + "/participants", NEWEST, "{}"));
  }

  @Test
  void whatWasNeverMadeIsNotFoundAndDeletedAllTheSame() {
    var room = "/rooms/99000000000000000";
    var answer = call("GET", room, NEWEST, "");
    assertEquals(404, answer.status());
    assertEquals("NotFound", answer.text("/error/code"));
    assertEquals("The server cannot find the requested resource.", answer.text("/error/message"));
    assertEquals(404, call("PATCH", room, NEWEST, "{}").status());
    assertEquals(404, call("GET", room + "/participants", NEWEST, "").status());
    assertEquals(404, call("PATCH", room + "/participants", NEWEST, "{}").status());
    assertEquals(204, call("DELETE", room, NEWEST, "").status());
    assertEquals(405, call("PUT", room, NEWEST, "{}").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "null",
        "{\"validFrom\":\"tomorrow\"}",
        "{\"validFrom\":1700000000}",
        "{\"validUntil\":\"+20260-01-01T00:00:00Z\"}",
        "{\"pstnDialOutEnabled\":{}}",
        "{\"participants\":[]}",
        "{\"participants\":\"all\"}",
        "{\"participants\":{\"a\":{},\"a\":{}}}",
      })
  void brokenRequestsAreRefusedAndLoseNothing(String body) {
    var before = rooms();
    var answer = call("POST", "/rooms", NEWEST, body);
    assertEquals(400, answer.status(), answer::body);
    assertEquals("BadRequest", answer.text("/error/code"));
    assertEquals(before, rooms());
  }

  @Test
  void tooManyAreRefusedAsAWhole() {
    var many = new StringBuilder("{\"participants\":{");
    for (var i = 0; i <= 350; i++) {
      many.append(i == 0 ? "" : ",")
          .append("\"%s%03d\":{}".formatted(USER.substring(0, USER.length() - 3), i));
    }
    many.append("}}");
    var answer = call("POST", "/rooms", NEWEST, many.toString());
    refused(MALFORMED, answer);
    assertEquals("Participants", answer.text("/error/details/0/target"));
    var room = room();
    refused(MALFORMED, call("PATCH", room + "/participants", NEWEST, many.toString()));
    assertEquals("{\"value\":[]}", call("GET", room + "/participants", NEWEST, "").body());
    var filler = "{\"x\":\"" + "y".repeat(1 << 20) + "\"}";
    assertEquals(413, call("PATCH", room + "/participants", NEWEST, filler).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"voip", "voip.join", "chat"})
  void usersManageNoRooms(String scope) {
    var user = house.person(scope);
    var room = room();
    for (var target : List.of("/rooms", room, room + "/participants")) {
      var answer = house.call("GET", target + "?api-version=" + NEWEST, user.token(), "");
      assertEquals(401, answer.status(), answer::toString);
    }
    assertEquals(401, house.call("GET", "/rooms?api-version=" + NEWEST, "", "").status());
  }

  @Test
  void aTamperedPageIsRefused() {
    var answer = call("GET", "/rooms", NEWEST + "&skipToken=AAAA", "");
    assertEquals(400, answer.status());
  }

  @Test
  void aDeletedUserIsInvitedNoLonger() {
    var user = house.person("voip");
    var room = room();
    call(
        "PATCH",
        room + "/participants",
        NEWEST,
        "{\"participants\":{\"%s\":{\"role\":\"Presenter\"}}}".formatted(user.id()));
    var path = "/identities/" + user.id().replace(":", "%3A") + "?api-version=2023-10-01";
    assertEquals(204, house.signed("DELETE", path, "").status());
    var end = System.nanoTime() + 20_000_000_000L;
    while (!call("GET", room + "/participants", NEWEST, "").body().equals("{\"value\":[]}")) {
      assertTrue(System.nanoTime() < end, "the user is still invited");
    }
  }

  private static void refused(String message, Answer answer) {
    assertEquals(400, answer.status(), answer::body);
    assertEquals("BadRequest", answer.text("/error/code"));
    assertEquals(message, answer.text("/error/message"));
  }

  private static String room() {
    return "/rooms/" + call("POST", "/rooms", NEWEST, "{}").text("/id");
  }

  private static String rooms() {
    return call("GET", "/rooms", NEWEST, "").body();
  }

  private static String participants(String participant) {
    return "{\"participants\":{\"%s\":%s}}".formatted(USER, participant);
  }

  private static Answer call(String method, String path, String version, String body) {
    return house.signed(method, path + "?api-version=" + version, body);
  }
}
