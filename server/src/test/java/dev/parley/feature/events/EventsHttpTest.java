package dev.parley.feature.events;

import static dev.parley.feature.events.Receiver.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestHouse;
import dev.parley.TestHouse.Answer;
import dev.parley.base.kit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The journal, the attempts and what can be asked of them, through the edge. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventsHttpTest {
  private static final String ARM = "?api-version=2022-06-15";
  private static final String MESSAGE = "Microsoft.Communication.ChatMessageReceivedInThread";

  @TempDir private static Path folder;
  private final List<Receiver> receivers = new ArrayList<>();
  private TestHouse house;
  private TestHouse.Person ann;

  @BeforeAll
  void start() {
    house = TestHouse.start(folder.resolve("data"), Map.of());
    ann = house.person();
  }

  @AfterAll
  void stop() {
    house.close();
  }

  @AfterEach
  void closeReceivers() {
    receivers.forEach(Receiver::close);
    receivers.clear();
  }

  // The journal.

  @Test
  void theListGoesBackPageByPageAndMissesNothing() {
    var thread = house.thread(ann);
    var sent = new ArrayList<String>();
    for (var i = 0; i < 7; i++) {
      sent.add(house.send(ann, thread, "m" + i));
    }
    var found = new ArrayList<String>();
    var ids = new HashSet<String>();
    var path = "/parley/events?limit=2&type=ChatMessageReceivedInThread&subject=" + subject(thread);
    for (var next = ""; ; ) {
      var page = get(path + next);
      page.path("value")
          .forEach(event -> {
            assertEquals(MESSAGE, event.path("eventType").asText());
            assertTrue(ids.add(event.path("id").asText()), "twice");
            found.add(event.path("data").path("messageId").asText());
          });
      if (!page.path("more").asBoolean()) {
        break;
      }
      next = "&before=" + page.path("next").asText();
    }
    assertEquals(sent.reversed(), found);
    var id = ids.iterator().next();
    assertEquals(id, get("/parley/events/" + id).path("id").asText());
  }

  @Test
  void aTimeBoundsTheList() throws InterruptedException {
    var thread = house.thread(ann);
    house.send(ann, thread, "before");
    // Times are those of the commit, in milliseconds.
    TimeUnit.MILLISECONDS.sleep(5);
    var between = Instant.now().toString();
    TimeUnit.MILLISECONDS.sleep(5);
    house.send(ann, thread, "after");
    var path = "/parley/events?type=ChatMessageReceivedInThread&subject=" + subject(thread);
    assertEquals(List.of("after", "before"), texts(get(path)));
    assertEquals(List.of("after"), texts(get(path + "&from=" + between)));
    assertEquals(List.of("before"), texts(get(path + "&to=" + between)));
  }

  @Test
  void whoFollowsHearsOfEachEventOnce() {
    var thread = house.thread(ann);
    var path = "/parley/events/:follow?subject=" + subject(thread) + "&type=InThread";
    var place = get(path + "&wait=0").path("next").asText();
    assertEquals(0, get(path + "&wait=0&after=" + place).path("value").size());
    var heard = new ArrayList<String>();
    for (var text : List.of("one", "two", "three")) {
      Thread.ofVirtual().start(() -> house.send(ann, thread, text));
      var page = get(path + "&wait=20&after=" + place);
      heard.addAll(texts(page));
      place = page.path("next").asText();
    }
    assertEquals(List.of("one", "two", "three"), heard);
  }

  @Test
  void aTerminalGetsLines() {
    var thread = house.thread(ann);
    house.send(ann, thread, "hello");
    var lines =
        asText("/parley/events?type=ChatMessageReceivedInThread&subject=" + subject(thread));
    assertTrue(
        lines.matches(
            "(?s)\\S+Z\t[-0-9a-f]{36}\t" + Pattern.quote(MESSAGE) + "\t\\S+\n#next \\S+\n"),
        lines);
  }

  @Test
  void aFilterIsTriedOnThePast() {
    var thread = house.thread(ann);
    house.send(ann, thread, "needle " + thread);
    house.send(ann, thread, "hay");
    var filter =
        """
        {"filter":{"includedEventTypes":["%s"],
         "advancedFilters":[{"operatorType":"StringContains","key":"data.messageBody","values":["needle"]}]},
         "limit":5}
        """
            .formatted(MESSAGE);
    var tried = post("/parley/events/:try", filter);
    assertEquals(200, tried.status(), tried::body);
    assertEquals("1", tried.text("/matched"));
    assertEquals("needle " + thread, tried.text("/value/0/data/messageBody"));
    assertTrue(Integer.parseInt(tried.text("/looked")) > 1, tried::body);
  }

  // Who may.

  @ParameterizedTest
  @CsvSource({
    "GET, /parley/events",
    "GET, /parley/events/:follow",
    "GET, /parley/events/subscriptions",
    "GET, /parley/events/subscriptions/hook/attempts",
    "GET, /parley/events/subscriptions/hook/deadLetters",
    "GET, /parley/events/00000000-0000-8000-8000-000000000000",
    "POST, /parley/events/:try",
    "POST, /parley/events/subscriptions/hook/:redeliver",
    "POST, /parley/events/subscriptions/hook/:replay",
  })
  void onlyKeyHoldersAndTheOperatorComeIn(String method, String path) {
    var body = method.equals("POST") ? "{}" : "";
    assertEquals(401, house.call(method, path, "", body).status(), "nobody");
    assertEquals(401, house.call(method, path, ann.token(), body).status(), "a user");
    var signature = new ArrayList<>(house.signature(method, path, body));
    signature.set(1, "Thu, 26 Nov 2020 10:00:00 GMT");
    assertEquals(401, house.exchange(method, path, body, signature).status(), "an old signature");
    var other = house.signature(method, path + "?limit=1", body);
    assertEquals(401, house.exchange(method, path, body, other).status(), "of another request");
  }

  @Test
  void anotherResourcesEventsDoNotExist() throws Exception {
    var thread = house.thread(ann);
    house.send(ann, thread, "ours");
    var id = get("/parley/events?limit=1").path("value").get(0).path("id").asText();
    var other = "other-" + UUID.randomUUID().toString().substring(0, 8);
    var owner = house.environment("ACS_ARM_TOKEN");
    var made =
        house.call(
            "PUT",
            group()
                + "/providers/Microsoft.Communication/communicationServices/"
                + other
                + "?api-version=2025-09-01",
            owner,
            "{\"location\":\"Global\",\"properties\":{\"dataLocation\":\"Europe\"}}");
    assertEquals(201, made.status(), made::body);
    assertTrue(operator("/parley/events").contains(id));
    assertTrue(operator("/parley/events/" + id).contains(id));
    assertTrue(operator("/parley/events?resource=" + other).contains("\"value\":[]"));
    var theirs = operator("/parley/events/" + id + "?resource=" + other);
    assertTrue(theirs.contains("\"error\""), theirs);
    var nowhere = operator("/parley/events?resource=no-such");
    assertTrue(nowhere.contains("\"error\""), nowhere);
    // Whose key it is decides, whatever the query says.
    assertTrue(get("/parley/events?resource=" + other).toString().contains(id));
    assertEquals(404, signed("GET", "/parley/events/" + id.replace('8', '9'), "").status());
  }

  // Bounds.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/parley/events?limit=0",
        "/parley/events?limit=1001",
        "/parley/events?limit=many",
        "/parley/events?from=yesterday",
        "/parley/events?to=2026-13-01T00:00:00Z",
        "/parley/events?before=0",
        "/parley/events?before=..%2Fx",
        "/parley/events?before=0.1-",
        "/parley/events?before=0.-1",
        "/parley/events?before=0.9999999999999999999999",
        "/parley/events/:follow?after=abc",
        "/parley/events/:follow?wait=31",
        "/parley/events/:follow?wait=-1",
        "/parley/events/:follow?limit=0",
      })
  void whatCannotBeAskedIsRefused(String path) {
    var answer = signed("GET", path, "");
    assertEquals(400, answer.status(), answer::body);
    assertFalse(answer.text("/error/code").isEmpty(), answer::body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "before=0.999999999999999999",
        "before=9999.5",
        "before=0.0",
        "before=0.3-0.4-7.999999999999999999",
      })
  void aPlaceThatNobodyWasGivenFindsNothingElse(String place) {
    var page = get("/parley/events?limit=1000&" + place);
    page.path("value")
        .forEach(event ->
            assertTrue(event.path("topic").asText().endsWith("/parley"), () -> event.toString()));
    assertTrue(page.path("value").size() <= 1000);
    get("/parley/events/:follow?wait=0&" + place.replace("before", "after"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/parley/events/:try | {\"limit\":0} | 400",
        "/parley/events/:try | {\"limit\":1001} | 400",
        "/parley/events/:try | {\"from\":\"then\"} | 400",
        "/parley/events/:try | {\"to\":5} | 400",
        "/parley/events/:try |"
            + " {\"filter\":{\"advancedFilters\":[{\"operatorType\":\"Magic\",\"key\":\"data.x\"}]}}"
            + " | 400",
        "/parley/events/:try | [] | 400",
        "/parley/events/:try | { | 400",
        "/parley/events/subscriptions/no-such/:redeliver | {\"eventId\":\"x\"} | 404",
        "/parley/events/subscriptions/no-such/:replay | {\"from\":\"2026-01-01T00:00:00Z\"} | 404",
      })
  void whatCannotBeDoneIsRefused(String path, String body, int status) {
    var answer = post(path, body);
    assertEquals(status, answer.status(), answer::body);
  }

  @Test
  void whatIsUnknownIsNotFound() {
    assertEquals(404, signed("GET", "/parley/events/nothing", "").status());
    assertEquals(404, signed("GET", "/parley/events/" + UUID.randomUUID(), "").status());
    for (var rest : List.of("/attempts", "/deadLetters")) {
      assertEquals(404, signed("GET", "/parley/events/subscriptions/no-such" + rest, "").status());
    }
    var code = "/parley/events/validation/no-such/" + "a".repeat(48);
    assertEquals(404, house.call("GET", code, "", "").status());
  }

  // Deliveries.

  @Test
  void attemptsAreShownAndAnEventIsDeliveredAgain() {
    var receiver = receiver();
    var name = subscribe(receiver, MESSAGE);
    // After a 404 the next attempt is minutes away.
    receiver.answer(404);
    var thread = house.thread(ann);
    var message = house.send(ann, thread, "x");
    var base = "/parley/events/subscriptions/" + name;
    until("an attempt", () -> get(base + "/attempts").path("value").size() == 1);
    var attempt = get(base + "/attempts?failed=true").path("value").get(0);
    assertEquals("Failed", attempt.path("outcome").asText());
    assertEquals(404, attempt.path("status").asInt());
    assertEquals(1, attempt.path("events").asInt());
    assertTrue(attempt.path("request").asText().startsWith("POST http://127.0.0.1:"));
    assertFalse(attempt.toString().contains("s3cret"), attempt.toString());
    var id = attempt.path("ids").asText();
    var known = get(base + "/attempts?event=" + id).path("value");
    assertEquals(1, known.size());
    receiver.answer(200);
    for (var bad : List.of("{}", "{\"eventId\":null}")) {
      assertEquals(400, post(base + "/:redeliver", bad).status());
    }
    assertEquals(
        404, post(base + "/:redeliver", "{\"eventId\":\"" + UUID.randomUUID() + "\"}").status());
    assertEquals(202, post(base + "/:redeliver", "{\"eventId\":\"" + id + "\"}").status());
    until("the second attempt", () -> get(base + "/attempts").path("value").size() == 2);
    var newest = get(base + "/attempts?limit=1").path("value").get(0);
    assertEquals("Delivered", newest.path("outcome").asText());
    var older = get(base + "/attempts?limit=1&before=" + newest.path("id").asText());
    assertEquals(attempt, older.path("value").get(0));
    assertEquals(message, receiver.events().getLast().path("data").path("messageId").asText());
    assertEquals(400, signed("GET", base + "/attempts?before=then", "").status());
    assertEquals(400, signed("GET", base + "/attempts?limit=1001", "").status());
    var state = standing(name);
    assertEquals("Succeeded", state.path("state").asText());
    assertEquals(1, state.path("counts").path("delivered").asInt(), state.toString());
    assertTrue(
        asText(base + "/attempts").startsWith(newest.path("time").asText() + "\tDelivered\t200\t"));
    assertTrue(
        asText("/parley/events/subscriptions").contains(name + "\tSucceeded\tdelivered=1\t"));
  }

  @Test
  void aRangeIsReplayed() {
    var receiver = receiver();
    var name = subscribe(receiver, MESSAGE);
    var begin = Instant.now().minusSeconds(1).toString();
    var thread = house.thread(ann);
    house.send(ann, thread, "again");
    until("the first delivery", () -> receiver.events().size() == 1);
    var base = "/parley/events/subscriptions/" + name;
    for (var bad :
        List.of("{}", "{\"from\":\"then\"}", "{\"from\":\"" + begin + "\",\"to\":\"later\"}")) {
      assertEquals(400, post(base + "/:replay", bad).status(), bad);
    }
    assertEquals(202, post(base + "/:replay", "{\"from\":\"" + begin + "\"}").status());
    until(
        "it came again", () -> receiver.ids().stream().distinct().count() < receiver.ids().size());
    until("its end", () -> !standing(name).path("replaying").asBoolean());
  }

  @Test
  void deadLettersAreListed() {
    var receiver = receiver();
    var name = subscribe(receiver, MESSAGE);
    receiver.answer(400);
    var message = house.send(ann, house.thread(ann), "x");
    var path = "/parley/events/subscriptions/" + name + "/deadLetters";
    until("a dead letter", () -> get(path).path("value").size() == 1);
    var letter = get(path).path("value").get(0);
    assertEquals("BadRequest", letter.path("reason").asText());
    assertEquals(message, letter.path("messageId").asText());
    assertEquals(400, signed("GET", path + "?limit=0", "").status());
  }

  @Test
  void whoOpensTheAddressProvesTheEndpointOnce() {
    var receiver = receiver();
    receiver.behave((exchange, _) -> Receiver.reply(exchange, 200, ""));
    subscribe(receiver, MESSAGE);
    var address =
        receiver.all().getFirst().json().get(0).path("data").path("validationUrl").asText();
    var path = address.substring(address.indexOf("/parley/"));
    assertEquals(404, house.call("GET", path + "0", "", "").status());
    assertEquals(200, house.call("GET", path, "", "").status());
    assertEquals(404, house.call("GET", path, "", "").status());
  }

  // Helpers.

  private Receiver receiver() {
    var receiver = new Receiver();
    receivers.add(receiver);
    return receiver;
  }

  private String group() {
    return "/subscriptions/%s/resourceGroups/%s"
        .formatted(
            house.environment("ACS_SUBSCRIPTION_ID"), house.environment("ACS_RESOURCE_GROUP"));
  }

  private String subscribe(Receiver receiver, String type) {
    var name = "sub-" + UUID.randomUUID().toString().substring(0, 8);
    var made =
        house.call(
            "PUT",
            group()
                + "/providers/Microsoft.Communication/communicationServices/"
                + house.environment("ACS_RESOURCE_NAME")
                + "/providers/Microsoft.EventGrid/eventSubscriptions/"
                + name
                + ARM,
            house.environment("ACS_ARM_TOKEN"),
            "{\"properties\":"
                + EventsHouse.webhook(
                    receiver,
                    ",\"filter\":{\"includedEventTypes\":[\""
                        + type
                        + "\"]},\"deadLetterDestination\":{\"endpointType\":\"StorageBlob\","
                        + "\"properties\":{\"blobContainerName\":\"letters\"}}")
                + "}");
    assertEquals(201, made.status(), made::body);
    return name;
  }

  private JsonNode standing(String name) {
    for (var one : get("/parley/events/subscriptions").path("value")) {
      if (one.path("name").asText().equals(name)) {
        return one;
      }
    }
    throw new AssertionError(name + " is not listed");
  }

  private Answer signed(String method, String path, String body) {
    return house.signed(method, path, body);
  }

  private Answer post(String path, String body) {
    return house.signed("POST", path, body);
  }

  private JsonNode get(String path) {
    var answer = signed("GET", path, "");
    assertEquals(200, answer.status(), answer::body);
    try {
      return Json.mapper().readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the control listener answers to the operator. */
  private String operator(String path) throws Exception {
    var control = new java.util.Properties();
    try (var lines = Files.newBufferedReader(folder.resolve("data/control"))) {
      control.load(lines);
    }
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.getProperty("port") + path))
            .header("Authorization", "Bearer " + control.getProperty("token"))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private String asText(String path) {
    var headers = new ArrayList<>(house.signature("GET", path, ""));
    headers.addAll(List.of("Accept", "text/plain"));
    var answer = house.exchange("GET", path, "", headers);
    assertEquals(200, answer.status(), answer::body);
    return answer.body();
  }

  private static List<String> texts(JsonNode page) {
    var texts = new ArrayList<String>();
    page.path("value").forEach(event -> texts.add(event.path("data").path("messageBody").asText()));
    return texts;
  }

  /** The thread's id as a query has it. */
  private static String subject(String threadPath) {
    var id = threadPath.substring("/chat/threads/".length());
    return URLEncoder.encode(
        java.net.URLDecoder.decode(id, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
