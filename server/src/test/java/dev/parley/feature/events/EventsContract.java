package dev.parley.feature.events;

import static dev.parley.feature.events.EventsHouse.ANN;
import static dev.parley.feature.events.EventsHouse.BOB;
import static dev.parley.feature.events.EventsHouse.CONTOSO;
import static dev.parley.feature.events.EventsHouse.FABRIKAM;
import static dev.parley.feature.events.EventsHouse.OPERATOR;
import static dev.parley.feature.events.EventsHouse.thread;
import static dev.parley.feature.events.EventsHouse.webhook;
import static dev.parley.feature.events.Receiver.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.feature.events.Subscription.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What deliveries promise, with real endpoints, on every store. */
abstract class EventsContract {
  private static final String MESSAGES =
      ",\"filter\":{\"includedEventTypes\":[\"Microsoft.Communication.ChatMessageReceived\"]}";

  @TempDir Path folder;
  private final EventsHouse.Clock clock = new EventsHouse.Clock();
  private final Map<MessageId, String> texts = new ConcurrentHashMap<>();
  private final Receiver receiver = new Receiver();
  private Store store;
  private EventsHouse house;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  EventsHouse.Clock clock() {
    return clock;
  }

  @BeforeEach
  void open() {
    store = open(EventsHouse.migrations());
    house = new EventsHouse(store, clock, folder, texts);
  }

  @AfterEach
  void close() {
    house.close();
    store.close();
    receiver.close();
  }

  private void move(Duration span) {
    clock.move(span);
    house.dispatcher.look();
  }

  private void restart() {
    house.close();
    house = new EventsHouse(store, clock, folder, texts);
  }

  // What is delivered.

  @Test
  void aMessageIsOneEventForTheThreadAndOneForEachWhoGotIt() {
    house.subscribe("hook", receiver);
    var message = house.say("Hello");
    until("three events", () -> receiver.events().size() == 3);
    assertEquals(
        List.of("ChatMessageReceived", "ChatMessageReceived", "ChatMessageReceivedInThread"),
        receiver.types());
    var forBob =
        receiver.events().stream()
            .filter(event -> event.path("subject").asText().endsWith("/recipient/" + BOB))
            .findFirst()
            .orElseThrow();
    assertEquals(
        "thread/" + thread() + "/sender/" + ANN + "/recipient/" + BOB,
        forBob.path("subject").asText());
    assertEquals(EventsHouse.topic(CONTOSO), forBob.path("topic").asText());
    assertEquals("1.0", forBob.path("dataVersion").asText());
    assertEquals("1", forBob.path("metadataVersion").asText());
    var data = forBob.path("data");
    assertEquals("Hello", data.path("messageBody").asText());
    assertEquals(message.toString(), data.path("messageId").asText());
    assertEquals("Text", data.path("type").asText());
    assertTrue(data.path("version").isNumber());
    assertEquals("tx", data.path("transactionId").asText());
    assertEquals(ANN, data.path("senderCommunicationIdentifier").path("rawId").asText());
    assertEquals(
        BOB,
        data.path("recipientCommunicationIdentifier")
            .path("communicationUser")
            .path("id")
            .asText());
    var headers = receiver.deliveries().getFirst().headers();
    assertEquals("Notification", headers.get("aeg-event-type"));
    assertEquals("hook", headers.get("aeg-subscription-name"));
    assertEquals("0", headers.get("aeg-delivery-count"));
    assertEquals("1.0", headers.get("aeg-data-version"));
    assertEquals("1", headers.get("aeg-metadata-version"));
    assertTrue(headers.get("content-type").startsWith("application/json"));
  }

  @Test
  void aDeletedUserIsDisconnected() {
    house.subscribe("hook", receiver);
    house.publish(CONTOSO, new IdentityEvent.Deleted(BOB), OPERATOR);
    until("one event", () -> receiver.events().size() == 1);
    assertEquals(List.of("UserDisconnected"), receiver.types());
    assertEquals("user/" + BOB, receiver.events().getFirst().path("subject").asText());
  }

  @Test
  void typingIsToldOnceAndNotKept() {
    house.subscribe("hook", receiver);
    house.subscribe("messages", webhook(receiver, MESSAGES));
    // What is worth knowing only now waits for no courier that is about to start.
    until("its courier", () -> house.dispatcher.courier(key("hook")).isPresent());
    house.signal(typing());
    until("one event", () -> receiver.events().size() == 1);
    var event = receiver.events().getFirst();
    assertEquals(List.of("ChatTypingIndicatorReceivedInThread"), receiver.types());
    assertEquals("thread/" + thread() + "/sender/" + ANN, event.path("subject").asText());
    assertEquals("Ann", event.path("data").path("senderDisplayName").asText());
    assertEquals(thread().value(), event.path("data").path("threadId").asText());
    until("its count", () -> counts("hook").delivered() == 1);
    // Nobody wants to know later that somebody was typing.
    receiver.answer(503);
    house.signal(typing());
    until("its loss", () -> counts("hook").dropped() == 1);
    receiver.answer(200);
    move(Duration.ofHours(1));
    stays(() -> receiver.events().size() == 2);
    assertEquals(0, house.history.standing(key("hook")).waiting());
    var all =
        house.history.back(CONTOSO, house.history.now(), Instant.EPOCH, _ -> true, 10).events();
    assertEquals(List.of(), all);
  }

  private Signal.Typing typing() {
    return new Signal.Typing(CONTOSO, thread(), ANN, "Ann", clock.instant(), clock.millis(), 1);
  }

  @Test
  void eventsOfAnotherResourceStayThere() {
    house.subscribe("hook", receiver);
    house.say(FABRIKAM, "theirs");
    house.say("ours");
    until("three events", () -> receiver.events().size() == 3);
    assertFalse(receiver.deliveries().toString().contains("theirs"));
  }

  @Test
  void cloudEventsGoAloneOrAsABatch() {
    house.subscribe(
        "single", webhook(receiver, ",\"eventDeliverySchema\":\"CloudEventSchemaV1_0\""));
    house.say("Hello");
    until("three events", () -> receiver.events().size() == 3);
    var got = receiver.deliveries().getFirst();
    assertTrue(got.headers().get("content-type").startsWith("application/cloudevents+json"));
    var event = got.json();
    assertEquals("1.0", event.path("specversion").asText());
    assertEquals(EventsHouse.topic(CONTOSO), event.path("source").asText());
    assertTrue(event.path("type").asText().startsWith("Microsoft.Communication.Chat"));
    assertEquals("Hello", event.path("data").path("messageBody").asText());
    var handshake = receiver.all().getFirst();
    assertEquals("OPTIONS", handshake.method());
    assertEquals(Handshake.ORIGIN, handshake.headers().get("WebHook-Request-Origin"));
  }

  @Test
  void batchesAreFilledUpToTheirBounds() {
    house.subscribe(
        "batch",
        webhook(receiver, ",\"maxEventsPerBatch\":50,\"preferredBatchSizeInKilobytes\":8", ""));
    for (var i = 0; i < 100; i++) {
      house.say("message " + i);
    }
    until("all events", () -> receiver.events().size() == 300);
    assertTrue(receiver.deliveries().size() < 200, receiver.deliveries().size() + " requests");
    for (var got : receiver.deliveries()) {
      assertTrue(got.events().size() <= 50);
      assertTrue(got.body().length() <= 9 * 1024 || got.events().size() == 1);
    }
    assertEquals(300, new HashSet<>(receiver.ids()).size());
  }

  @Test
  void onlyWantedEventsGoOut() {
    house.subscribe(
        "filtered",
        webhook(
            receiver,
            """
            ,"filter":{"includedEventTypes":["Microsoft.Communication.ChatMessageReceived"],
             "subjectBeginsWith":"THREAD/","subjectEndsWith":"_bob",
             "advancedFilters":[{"operatorType":"StringContains","key":"data.messageBody","values":["yes"]}]}
            """));
    house.say("no");
    house.say("oh YES");
    house.say("no");
    until("the one", () -> receiver.events().size() == 1);
    house.say("yes");
    until("the other", () -> receiver.events().size() == 2);
    assertEquals(
        List.of("oh YES", "yes"),
        receiver.events().stream()
            .map(event -> event.path("data").path("messageBody").asText())
            .toList());
  }

  @Test
  void requestsCarryTheHeadersOfTheirSubscription() {
    house.subscribe(
        "headers",
        webhook(
            receiver,
            """
            ,"azureActiveDirectoryTenantId":"tenant","azureActiveDirectoryApplicationIdOrUri":"api://app",
             "maxEventsPerBatch":10,
             "deliveryAttributeMappings":[
              {"name":"X-Key","type":"Static","properties":{"value":"hidden-key","isSecret":true}},
              {"name":"X-Plain","type":"Static","properties":{"value":"seen"}},
              {"name":"X-Body","type":"Dynamic","properties":{"sourceField":"data.messageBody"}},
              {"name":"X-None","type":"Dynamic","properties":{"sourceField":"data.nothing"}}]
            """,
            ""));
    house.say("two\r\nX-Evil: lines \u00e9");
    until("three events", () -> receiver.events().size() == 3);
    var headers = receiver.deliveries().getFirst().headers();
    assertEquals("hidden-key", headers.get("X-Key"));
    assertEquals("seen", headers.get("X-Plain"));
    assertEquals("two%0D%0AX-Evil: lines %C3%A9", headers.get("X-Body"));
    assertFalse(headers.containsKey("X-None"));
    assertFalse(headers.containsKey("X-Evil"));
    assertEquals("Bearer token-for-api://app", headers.get("Authorization"));
    // Where a header depends on the event, each event goes alone.
    assertEquals(3, receiver.deliveries().size());
    var shown =
        Json.text(SubscriptionWriter.shown(house.subscriptions.get(CONTOSO, "HEADERS"), "t"));
    assertFalse(shown.contains("hidden-key"), shown);
    assertFalse(shown.contains("s3cret"), shown);
    until("attempts", () -> attempts("headers", false).size() == 3);
    var attempts = attempts("headers", false).toString();
    for (var secret : List.of("hidden-key", "s3cret", "token-for", "X-Evil")) {
      assertFalse(attempts.contains(secret), attempts);
    }
  }

  // Failures.

  @Test
  void aFailedEventIsTriedAgainByTheScheduleAndThenWrittenAsADeadLetter() throws IOException {
    receiver.answer(500);
    house.subscribe(
        "hook",
        webhook(
            receiver,
            """
            ,"filter":{"includedEventTypes":["Microsoft.Communication.ChatMessageReceivedInThread"]},
             "retryPolicy":{"maxDeliveryAttempts":3},
             "deadLetterDestination":{"endpointType":"StorageBlob","properties":
              {"resourceId":"/subscriptions/s/x","blobContainerName":"letters"}}
            """));
    house.say("lost words");
    until("the first attempt", () -> receiver.deliveries().size() == 1);
    until("its row", () -> attempts("hook", false).size() == 1);
    move(Duration.ofSeconds(9));
    stays(() -> receiver.deliveries().size() == 1);
    move(Duration.ofSeconds(1));
    until("the second attempt", () -> receiver.deliveries().size() == 2);
    until("its row", () -> attempts("hook", false).size() == 2);
    move(Duration.ofSeconds(29));
    stays(() -> receiver.deliveries().size() == 2);
    move(Duration.ofSeconds(1));
    until("the third attempt", () -> receiver.deliveries().size() == 3);
    assertEquals(
        List.of("0", "1", "2"),
        receiver.deliveries().stream()
            .map(got -> got.headers().get("aeg-delivery-count"))
            .toList());
    until("a dead letter", () -> letters("hook").size() == 1);
    var letter = letters("hook").getFirst();
    assertEquals(DeadLetter.ATTEMPTS, letter.reason());
    var file = folder.resolve("dead-letters").resolve(letter.file());
    var written = Json.mapper().readTree(Files.readAllBytes(file)).get(0);
    assertEquals("MaxDeliveryAttemptsExceeded", written.path("deadLetterReason").asText());
    assertEquals(3, written.path("deliveryAttempts").asInt());
    assertEquals("InternalServerError", written.path("lastDeliveryOutcome").asText());
    assertEquals("lost words", written.path("data").path("messageBody").asText());
    assertTrue(letter.file().contains("/letters/HOOK/2026/11/24/10/"), letter.file());
    move(Duration.ofHours(3));
    stays(() -> receiver.deliveries().size() == 3);
    assertEquals(new Counts(0, 3, 0, 1, 0), counts("hook"));
    // Who erases a message erases it from the dead letters too.
    house.publish(
        CONTOSO,
        new ChatEvent.MessageDeleted(
            thread(), 1, new MessageId(Long.parseLong(letter.messageId())), 2, clock.instant()),
        new Origin(ANN, "PRIMARY", "tx"));
    until(
        "erasure",
        () -> {
          try {
            return !Files.readString(file).contains("lost words");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertTrue(Files.readString(file).contains(letter.messageId()));
  }

  @ParameterizedTest
  @CsvSource({"400, BadRequest", "413, PayloadTooLarge"})
  void aRefusalThatTimeDoesNotHealIsADeadLetterAtOnce(int status, String reason) {
    receiver.answer(status);
    house.subscribe(
        "hook",
        webhook(
            receiver,
            ",\"deadLetterDestination\":{\"endpointType\":\"StorageBlob\",\"properties\":{\"blobContainerName\":\"letters\"}}"));
    house.say("x");
    until("dead letters", () -> letters("hook").size() == 3);
    assertEquals(reason, letters("hook").getFirst().reason());
    assertEquals(3, receiver.deliveries().size());
  }

  @ParameterizedTest
  @CsvSource({"401, 300", "403, 300", "404, 300", "408, 120", "503, 30", "429, 10", "302, 10"})
  void someAnswersAreGivenMoreTime(int status, int seconds) {
    assertEquals(Duration.ofSeconds(seconds), Backoff.after(1, status));
    receiver.answer(status);
    house.subscribe("hook", receiver);
    house.say("x");
    until("attempts", () -> attempts("hook", true).size() == 3);
    move(Duration.ofSeconds(seconds - 1));
    stays(() -> receiver.deliveries().size() == 3);
    receiver.answer(204);
    move(Duration.ofSeconds(1));
    until("deliveries", () -> counts("hook").delivered() == 3);
  }

  @Test
  void anEventThatIsTooOldIsGivenUp() {
    receiver.answer(500);
    house.subscribe("hook", webhook(receiver, ",\"retryPolicy\":{\"eventTimeToLiveInMinutes\":5}"));
    house.say("x");
    until("attempts", () -> attempts("hook", true).size() == 3);
    receiver.answer(200);
    move(Duration.ofMinutes(6));
    until("three dropped", () -> counts("hook").dropped() == 3);
    assertEquals(3, receiver.deliveries().size());
    house.say("y");
    until("the next ones", () -> counts("hook").delivered() == 3);
  }

  @Test
  void anHourWithoutTheReceiverLosesNothing() {
    house.subscribe("hook", webhook(receiver, ",\"maxEventsPerBatch\":7", ""));
    house.say("before");
    until("the first", () -> receiver.events().size() == 3);
    receiver.answer(503);
    for (var i = 0; i < 60; i++) {
      house.say("during " + i);
      move(Duration.ofMinutes(1));
      if (i == 30) {
        restart();
      }
    }
    var accepted = new CopyOnWriteArrayList<JsonNode>();
    receiver.behave((exchange, got) -> {
      accepted.addAll(got.events());
      Receiver.accept(exchange, got);
    });
    house.say("after");
    // A request that was open when the receiver came back may have failed, and waits for its time:
    // an hour at most. What is told must not come to its end meanwhile.
    var end = clock.instant().plus(Duration.ofHours(3));
    until(
        () ->
            "everything: %s, %s, %d events were taken"
                .formatted(
                    counts("hook"),
                    house.dispatcher.courier(key("hook")).map(Courier::status),
                    accepted.size()),
        () -> {
          if (clock.instant().isBefore(end)) {
            move(Duration.ofMinutes(1));
          }
          return counts("hook").delivered() == 62 * 3;
        });
    var ids = accepted.stream().map(event -> event.path("id").asText()).toList();
    assertEquals(ids.size(), new HashSet<>(ids).size(), "nothing twice");
    var bodies = new HashSet<String>();
    accepted.forEach(event -> bodies.add(event.path("data").path("messageBody").asText()));
    for (var i = 0; i < 60; i++) {
      assertTrue(bodies.contains("during " + i), "during " + i);
    }
    assertTrue(bodies.contains("after"));
  }

  /** Three events of one message go in two requests, and the server stops between them. */
  @Test
  void aRowThatWasBegunBeforeARestartIsNotDeliveredTwice() throws InterruptedException {
    house.subscribe("hook", webhook(receiver, ",\"maxEventsPerBatch\":2", ""));
    var answer = new CountDownLatch(1);
    receiver.behave((exchange, _) -> {
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      Receiver.reply(exchange, 503, "");
    });
    house.say("begun");
    until("the first request", () -> receiver.deliveries().size() == 1);
    var closing = Thread.ofVirtual().start(house::close);
    until("the stop", () -> house.dispatcher.courier(key("hook")).isEmpty());
    answer.countDown();
    closing.join();
    receiver.all().clear();
    receiver.answer(200);
    house = new EventsHouse(store, clock, folder, texts);
    until(
        "deliveries",
        () -> {
          house.dispatcher.look();
          return counts("hook").delivered() > 0;
        });
    move(Duration.ofHours(1));
    until("all deliveries", () -> counts("hook").delivered() >= 3);
    stays(() -> receiver.events().size() == 3);
  }

  /** Another process, or this one before its restart, may still be storing what it knew last. */
  @Test
  void whatIsStoredWhileACourierBeginsIsNotDeliveredTwice() {
    house.subscribe("hook", receiver);
    house.close();
    house.say("delivered by nobody yet");
    var events =
        house.history.back(CONTOSO, house.history.now(), Instant.EPOCH, _ -> true, 10).events();
    assertEquals(3, events.size());
    var waiting = events.stream().map(event -> Retry.now(event.id(), clock.instant())).toList();
    var changes =
        new DeliveryStore.Changes(
            store.heads(), Map.of(), List.of(), waiting, List.of(), List.of(), Counts.NONE);
    Runnable late =
        () ->
            store.write(
                key("hook").partition(),
                tx -> {
                  new DeliveryStore().save(tx, key("hook"), changes);
                  return true;
                });
    house = new EventsHouse(new BetweenReads(store, late), clock, folder, texts);
    until("deliveries", () -> counts("hook").delivered() >= 3);
    move(Duration.ofHours(1));
    stays(() -> receiver.events().size() == 3);
  }

  @Test
  void aReceiverThatHangsHoldsOneRequestAndIsAskedAgain() {
    house.close();
    house = new EventsHouse(store, clock, folder, texts, "events.delivery-deadline=1s");
    house.subscribe("hook", receiver);
    var release = new CountDownLatch(1);
    receiver.behave((exchange, _) -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      exchange.close();
    });
    house.say("x");
    until("uncertain", () -> counts("hook").uncertain() >= 3);
    assertEquals("TimedOut", attempts("hook", true).getFirst().outcome().kind().word());
    receiver.behave(Receiver::accept);
    release.countDown();
    move(Duration.ofSeconds(30));
    until("deliveries", () -> counts("hook").delivered() == 3);
  }

  @Test
  void anAnswerThatBreaksOffIsNoAnswer() {
    house.subscribe("hook", receiver);
    var broken = new AtomicInteger();
    receiver.behave((exchange, got) -> {
      if (broken.incrementAndGet() <= 3) {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        throw new IOException("broken on purpose");
      }
      Receiver.accept(exchange, got);
    });
    house.say("x");
    until("uncertain", () -> counts("hook").uncertain() == 3);
    move(Duration.ofSeconds(10));
    until("deliveries", () -> counts("hook").delivered() == 3);
  }

  @Test
  void aLongAnswerIsNotReadToItsEnd() {
    house.subscribe("hook", receiver);
    receiver.behave((exchange, _) -> Receiver.reply(exchange, 200, "x".repeat(1 << 20)));
    house.say("x");
    until("deliveries", () -> counts("hook").delivered() == 3);
  }

  @Test
  void aRedirectIsNotFollowed() {
    var inside = new Receiver();
    try {
      house.subscribe("hook", receiver);
      receiver.behave((exchange, _) -> {
        exchange.getResponseHeaders().set("Location", inside.url().toString());
        Receiver.reply(exchange, 307, "");
      });
      house.say("x");
      until("attempts", () -> attempts("hook", true).size() == 3);
      assertEquals(307, attempts("hook", true).getFirst().outcome().status());
      var moved =
          assertThrows(
              Refusal.class,
              () ->
                  house.subscribe(
                      "other", webhook(receiver, ",\"eventDeliverySchema\":\"EventGridSchema\"")));
      assertEquals("Url validation", moved.code());
      assertEquals(List.of(), inside.all());
    } finally {
      inside.close();
    }
  }

  @Test
  void aFunctionGetsItsEventsAtTheConfiguredAddress() {
    house.close();
    var id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app/functions/f";
    house =
        new EventsHouse(
            store,
            clock,
            folder,
            texts,
            "events.functions.mine.id=" + id,
            "events.functions.mine.url=" + receiver.url());
    var destination =
        "{\"destination\":{\"endpointType\":\"AzureFunction\",\"properties\":{\"resourceId\":\"%s\",\"maxEventsPerBatch\":3}}}";
    var made = house.subscribe("function", destination.formatted(id.toUpperCase(Locale.ROOT)));
    assertEquals(State.SUCCEEDED, made.state());
    house.say("for the function");
    until("events", () -> receiver.events().size() == 3);
    assertEquals("Notification", receiver.deliveries().getFirst().headers().get("aeg-event-type"));
    var shown = Json.text(SubscriptionWriter.shown(made, "t"));
    assertTrue(shown.contains(id.toUpperCase(Locale.ROOT)), shown);
    assertFalse(shown.contains("s3cret") || shown.contains("127.0.0.1"), shown);
    until("attempts", () -> !attempts("function", false).isEmpty());
    assertFalse(attempts("function", false).toString().contains("s3cret"));
    var other = destination.formatted(id + "x");
    assertEquals(400, assertThrows(Refusal.class, () -> house.subscribe("no", other)).status());
  }

  @Test
  void aDeadDestinationDoesNotHoldUpTheOthers() {
    var dead = new Receiver();
    house.subscribe("dead", dead);
    house.subscribe("alive", receiver);
    dead.close();
    for (var i = 0; i < 50; i++) {
      house.say("m" + i);
    }
    until("all at the other", () -> counts("alive").delivered() == 150);
    var waiting = house.dispatcher.courier(key("dead")).orElseThrow().status();
    assertTrue(waiting.failing());
    assertTrue(waiting.waiting() <= 60, waiting.toString());
  }

  // Handshakes.

  @Test
  void anEndpointThatDoesNotAnswerWithTheCodeMayStillOpenTheAddress() {
    receiver.behave((exchange, _) -> Receiver.reply(exchange, 200, ""));
    assertEquals(State.AWAITING_MANUAL_ACTION, house.subscribe("hook", receiver).state());
    house.say("too early");
    var data = receiver.all().getFirst().json().get(0).path("data");
    var address = data.path("validationUrl").asText();
    assertTrue(
        address.startsWith("https://localhost:8443/parley/events/validation/hook/"), address);
    assertThrows(Refusal.class, () -> house.subscriptions.validate(CONTOSO, "hook", "wrong"));
    house.subscriptions.validate(CONTOSO, "hook", data.path("validationCode").asText());
    assertEquals(State.SUCCEEDED, house.subscriptions.get(CONTOSO, "hook").state());
    receiver.answer(200);
    house.say("in time");
    until("events", () -> receiver.events().size() == 3);
    assertFalse(receiver.deliveries().toString().contains("too early"));
  }

  @Test
  void a202ProvesNothingWhateverItSays() {
    receiver.behave((exchange, got) -> {
      var code = got.json().get(0).path("data").path("validationCode").asText();
      Receiver.reply(exchange, 202, "{\"validationResponse\":\"" + code + "\"}");
    });
    assertEquals(State.AWAITING_MANUAL_ACTION, house.subscribe("hook", receiver).state());
    move(Subscriptions.VALIDATION);
    assertEquals(State.FAILED, house.subscriptions.get(CONTOSO, "hook").state());
    var code = receiver.all().getFirst().json().get(0).path("data").path("validationCode").asText();
    assertThrows(Refusal.class, () -> house.subscriptions.validate(CONTOSO, "hook", code));
  }

  @Test
  void anEndpointThatRefusesLeavesNothingBehind() {
    receiver.behave((exchange, _) -> Receiver.reply(exchange, 404, ""));
    var refusal = assertThrows(Refusal.class, () -> house.subscribe("hook", receiver));
    assertEquals("Url validation", refusal.code());
    assertEquals(400, refusal.status());
    assertFalse(refusal.message().contains("s3cret"), refusal.message());
    assertEquals(List.of(), house.subscriptions.list(CONTOSO));
    receiver.close();
    assertThrows(Refusal.class, () -> house.subscribe("hook", receiver));
    assertEquals(List.of(), house.subscriptions.list(CONTOSO));
  }

  @Test
  void aChangeThatTheEndpointRefusesChangesNothing() {
    house.subscribe("hook", receiver);
    var other = new Receiver();
    other.close();
    assertThrows(Refusal.class, () -> house.subscribe("hook", other));
    assertEquals(receiver.url().toString(), house.subscriptions.fullUrl(CONTOSO, "hook"));
    house.say("x");
    until("events", () -> receiver.events().size() == 3);
  }

  @Test
  void anEndpointThatIsSilentMayOpenTheAddressLater() {
    house.close();
    house = new EventsHouse(store, clock, folder, texts, "events.delivery-deadline=1s");
    var release = new CountDownLatch(1);
    receiver.behave((exchange, _) -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      exchange.close();
    });
    assertEquals(State.AWAITING_MANUAL_ACTION, house.subscribe("hook", receiver).state());
    release.countDown();
  }

  @Test
  void aCloudEventsEndpointMustAllowTheOrigin() {
    receiver.behave((exchange, _) -> Receiver.reply(exchange, 200, ""));
    var schema = ",\"eventDeliverySchema\":\"CloudEventSchemaV1_0\"";
    assertEquals(
        State.AWAITING_MANUAL_ACTION, house.subscribe("hook", webhook(receiver, schema)).state());
    receiver.behave((exchange, _) -> Receiver.reply(exchange, 405, ""));
    assertThrows(Refusal.class, () -> house.subscribe("other", webhook(receiver, schema)));
  }

  // Changing and ending.

  @Test
  void aChangedFilterHoldsFromThenOnAndAsksNobodyAgain() {
    house.subscribe("hook", receiver);
    house.say("a");
    until("three", () -> receiver.events().size() == 3);
    var asked = receiver.all().stream().filter(got -> !got.isDelivery()).count();
    house.subscriptions.patch(
        EventsHouse.resource(CONTOSO),
        "hook",
        EventsHouse.model("{\"filter\":{\"subjectEndsWith\":\"_bob\"},\"labels\":[\"l\"]}"),
        OPERATOR);
    until(
        "the new courier",
        () ->
            house
                .dispatcher
                .courier(key("hook"))
                .filter(courier -> courier.subscription().settings().labels().equals(List.of("l")))
                .isPresent());
    house.say("b");
    until("one more", () -> receiver.events().size() == 4);
    assertEquals(asked, receiver.all().stream().filter(got -> !got.isDelivery()).count());
  }

  @Test
  void aDeletedSubscriptionEndsAndItsEndpointIsTold() {
    house.subscribe("hook", receiver);
    assertTrue(house.subscriptions.delete(CONTOSO, "Hook", OPERATOR));
    assertFalse(house.subscriptions.delete(CONTOSO, "hook", OPERATOR));
    until(
        "the last word",
        () ->
            receiver.all().stream()
                .anyMatch(
                    got -> "SubscriptionDeletion".equals(got.headers().get("aeg-event-type"))));
    until("no courier", () -> house.dispatcher.courier(key("hook")).isEmpty());
    house.say("x");
    stays(() -> receiver.deliveries().isEmpty());
    assertThrows(Refusal.class, () -> house.subscriptions.get(CONTOSO, "hook"));
  }

  @Test
  void anExpiredSubscriptionEndsByItself() {
    house.subscribe("hook", webhook(receiver, ",\"expirationTimeUtc\":\"2026-11-24T11:00:00Z\""));
    move(Duration.ofHours(1));
    until("gone", () -> house.subscriptions.list(CONTOSO).isEmpty());
    var late = webhook(receiver, ",\"expirationTimeUtc\":\"2026-11-24T11:00:00Z\"");
    assertThrows(Refusal.class, () -> house.subscribe("hook", late));
  }

  @Test
  void aResourceThatIsErasedLosesSubscriptionsAndDeadLetters() throws IOException {
    receiver.answer(400);
    house.subscribe(
        "hook",
        webhook(
            receiver,
            ",\"deadLetterDestination\":{\"endpointType\":\"StorageBlob\",\"properties\":{\"blobContainerName\":\"letters\"}}"));
    house.say("x");
    until("dead letters", () -> letters("hook").size() == 3);
    house.erasure.eraseAll(CONTOSO);
    house.erasure.eraseAll(CONTOSO);
    assertEquals(List.of(), house.subscriptions.list(CONTOSO));
    assertEquals(0, letters("hook").size());
    try (var files = Files.walk(folder.resolve("dead-letters"))) {
      assertEquals(0, files.filter(Files::isRegularFile).count());
    }
  }

  // The past.

  @Test
  void whatWasDeliveredBeforeARestartDoesNotComeAgain() {
    house.subscribe("hook", receiver);
    for (var i = 0; i < 20; i++) {
      house.say("m" + i);
    }
    until("all", () -> receiver.events().size() == 60);
    restart();
    house.say("after");
    until("the rest", () -> receiver.events().size() >= 63);
    assertEquals(63, new HashSet<>(receiver.ids()).size());
    assertEquals(63, receiver.ids().size());
  }

  @Test
  void anEventIsDeliveredOnceMore() {
    house.subscribe("hook", receiver);
    house.say("again, please");
    until("three", () -> receiver.events().size() == 3);
    var id = receiver.ids().getFirst();
    house.history.redeliver(CONTOSO, "hook", id, OPERATOR);
    until("four", () -> receiver.events().size() == 4);
    assertEquals(id, receiver.ids().getLast());
    until("attempts", () -> attempts("hook", false).size() == 4);
    assertEquals(
        2,
        house.history.attempts(CONTOSO, "hook", Optional.of(id), false, Long.MAX_VALUE, 10).size());
    assertThrows(Refusal.class, () -> house.history.redeliver(FABRIKAM, "hook", id, OPERATOR));
    assertThrows(Refusal.class, () -> house.history.redeliver(CONTOSO, "hook", "x", OPERATOR));
  }

  @Test
  void anEventThatWaitsIsDeliveredAtOnceWhenSomebodyAsks() {
    receiver.answer(500);
    house.subscribe("hook", receiver);
    house.say("now, please");
    until("attempts", () -> attempts("hook", true).size() == 3);
    receiver.answer(200);
    var id = receiver.ids().getFirst();
    house.history.redeliver(CONTOSO, "hook", id, OPERATOR);
    until("four", () -> receiver.events().size() == 4);
    assertEquals(id, receiver.ids().getLast());
    until("delivered", () -> counts("hook").delivered() == 1);
    assertEquals(2, house.history.standing(key("hook")).waiting());
  }

  @Test
  void aRangeIsReplayedToOneSubscription() {
    var other = new Receiver();
    for (var i = 0; i < 10; i++) {
      house.say("m" + i);
      move(Duration.ofMinutes(1));
    }
    house.subscribe("hook", webhook(receiver, ",\"filter\":{\"subjectEndsWith\":\"_bob\"}"));
    house.subscribe("other", other);
    var start = clock.instant().minus(Duration.ofMinutes(10));
    house.history.replay(
        CONTOSO,
        "hook",
        start.plus(Duration.ofMinutes(2)),
        start.plus(Duration.ofMinutes(5)),
        OPERATOR);
    until("three", () -> receiver.events().size() == 3);
    until("the end", () -> !house.history.standing(key("hook")).replaying());
    assertEquals(
        List.of("m2", "m3", "m4"),
        receiver.events().stream()
            .map(event -> event.path("data").path("messageBody").asText())
            .sorted()
            .toList());
    stays(() -> other.events().isEmpty());
    house.history.replay(CONTOSO, "hook", start, clock.instant(), OPERATOR);
    until("ten more", () -> receiver.events().size() == 13);
    other.close();
  }

  @Test
  void theJournalIsListedFollowedAndFiltered() {
    var before = house.history.now();
    for (var i = 0; i < 5; i++) {
      house.say("m" + i);
      move(Duration.ofSeconds(1));
    }
    house.say(FABRIKAM, "theirs");
    var all = house.history.after(CONTOSO, before, house.history.now(), _ -> true, 100);
    assertEquals(15, all.events().size());
    var page =
        house.history.back(
            CONTOSO,
            house.history.now(),
            Instant.EPOCH,
            event -> event.type().endsWith("InThread"),
            2);
    assertEquals(List.of("m4", "m3"), bodies(page));
    var next = EventHistory.Place.parse(page.place().text()).orElseThrow();
    assertEquals(
        List.of("m2", "m1", "m0"),
        bodies(
            house.history.back(
                CONTOSO, next, Instant.EPOCH, event -> event.type().endsWith("InThread"), 10)));
    var id = all.events().getFirst().id();
    assertEquals(id, house.history.get(CONTOSO, id).id());
    assertThrows(Refusal.class, () -> house.history.get(FABRIKAM, id));
    // What was erased is not in the past either.
    texts.clear();
    assertEquals("", house.history.get(CONTOSO, id).data().path("messageBody").asText());
  }

  @Test
  void whatIsOlderThanTheRetentionIsForgotten() {
    house.subscribe("hook", receiver);
    house.say("old");
    until("attempts", () -> attempts("hook", false).size() == 3);
    move(Duration.ofDays(8));
    house.say("new");
    until("attempts", () -> attempts("hook", false).size() == 6);
    house.upkeep.run();
    // The place is stored now and then only, so what was delivered may be kept a while.
    restart();
    house.upkeep.run();
    assertEquals(3, attempts("hook", false).size());
    assertEquals(
        List.of("new"),
        bodies(
            house.history.back(
                CONTOSO,
                house.history.now(),
                Instant.EPOCH,
                event -> event.type().endsWith("InThread"),
                10)));
    assertEquals(List.of(), store.check());
  }

  @Test
  void deadLettersGoWhenTheirTimeIsOver() throws IOException {
    receiver.answer(400);
    house.subscribe(
        "hook",
        webhook(
            receiver,
            ",\"deadLetterDestination\":{\"endpointType\":\"StorageBlob\",\"properties\":{\"blobContainerName\":\"letters\"}}"));
    house.say("old");
    until("dead letters", () -> letters("hook").size() == 3);
    house.subscriptions.delete(CONTOSO, "hook", OPERATOR);
    move(Duration.ofDays(29));
    house.upkeep.run();
    assertEquals(3, letters("hook").size());
    var files = folder.resolve("dead-letters");
    assertTrue(Files.exists(files.resolve(letters("hook").getFirst().file())));
    move(Duration.ofDays(2));
    house.upkeep.run();
    assertEquals(List.of(), letters("hook"));
    try (var left = Files.walk(files)) {
      assertEquals(List.of(files), left.toList());
    }
  }

  // Bad input.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"destination\":{}}",
        "{\"destination\":{\"endpointType\":\"WebHook\"}}",
        "{\"destination\":{\"endpointType\":\"WebHook\",\"properties\":{\"endpointUrl\":\"ftp://x/\"}}}",
        "{\"destination\":{\"endpointType\":\"WebHook\",\"properties\":{\"endpointUrl\":\"https://\"}}}",
        "{\"destination\":{\"endpointType\":\"WebHook\",\"properties\":{\"endpointUrl\":\"https://u:p@x/\"}}}",
        "{\"destination\":{\"endpointType\":\"WebHook\",\"properties\":{\"endpointUrl\":\"https://localhost:8443/x\"}}}",
        "{\"destination\":{\"endpointType\":\"StorageQueue\",\"properties\":{\"queueName\":\"q\"}}}",
        "{\"destination\":{\"endpointType\":\"EventHub\",\"properties\":{\"resourceId\":\"r\"}}}",
        "{\"destination\":{\"endpointType\":\"ServiceBusQueue\",\"properties\":{\"resourceId\":\"r\"}}}",
        "{\"destination\":{\"endpointType\":\"AzureFunction\",\"properties\":{\"resourceId\":\"/f\"}}}",
      })
  void aDestinationThatCannotBeIsRefused(String properties) {
    var refusal = assertThrows(Refusal.class, () -> house.subscribe("hook", properties));
    assertEquals(400, refusal.status());
    assertEquals(List.of(), house.subscriptions.list(CONTOSO));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"retryPolicy\":{\"maxDeliveryAttempts\":31}",
        ",\"retryPolicy\":{\"eventTimeToLiveInMinutes\":0}",
        ",\"eventDeliverySchema\":\"CustomInputSchema\"",
        ",\"expirationTimeUtc\":\"tomorrow\"",
        ",\"deliveryWithResourceIdentity\":{\"identity\":{\"type\":\"SystemAssigned\"}}",
        ",\"deadLetterDestination\":{\"endpointType\":\"StorageBlob\",\"properties\":{\"blobContainerName\":\"../x\"}}",
        ",\"filter\":{\"includedEventTypes\":[\"Microsoft.Storage.BlobCreated\"]}",
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"Regex\",\"key\":\"subject\",\"values\":[\"(a+)+\"]}]}",
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"NumberIn\",\"key\":\"data.version\",\"values\":[\"1\"]}]}",
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"NumberInRange\",\"key\":\"data.version\",\"values\":[[2,1]]}]}",
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"\",\"values\":[\"1\"]}]}",
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"subject\",\"values\":[]}]}",
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"BoolEquals\",\"key\":\"data.x\",\"value\":\"yes\"}]}",
      })
  void settingsThatCannotBeAreRefused(String more) {
    var refusal =
        assertThrows(Refusal.class, () -> house.subscribe("hook", webhook(receiver, more)));
    assertEquals(400, refusal.status());
    assertEquals(List.of(), receiver.all());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"Host\",\"type\":\"Static\",\"properties\":{\"value\":\"x\"}}",
        "{\"name\":\"aeg-event-type\",\"type\":\"Static\",\"properties\":{\"value\":\"x\"}}",
        "{\"name\":\"a b\",\"type\":\"Static\",\"properties\":{\"value\":\"x\"}}",
        "{\"name\":\"X\",\"type\":\"Static\",\"properties\":{\"value\":\"a\\r\\nb\"}}",
        "{\"name\":\"X\",\"type\":\"Static\"}",
        "{\"name\":\"X\",\"type\":\"Dynamic\"}",
        "{\"name\":\"X\",\"type\":\"Other\"}",
      })
  void headersThatCannotBeAreRefused(String attribute) {
    var more = ",\"deliveryAttributeMappings\":[" + attribute + "]";
    assertThrows(Refusal.class, () -> house.subscribe("hook", webhook(receiver, more, "")));
  }

  @Test
  void filtersAndNamesHaveBounds() {
    var conditions = new ArrayList<String>();
    for (var i = 0; i < 26; i++) {
      conditions.add("{\"operatorType\":\"IsNotNull\",\"key\":\"subject\"}");
    }
    var many = ",\"filter\":{\"advancedFilters\":[" + String.join(",", conditions) + "]}";
    assertThrows(Refusal.class, () -> house.subscribe("hook", webhook(receiver, many)));
    var values = "\"x\"" + ",\"x\"".repeat(25);
    var wide =
        ",\"filter\":{\"advancedFilters\":[{\"operatorType\":\"StringIn\",\"key\":\"subject\",\"values\":["
            + values
            + "]}]}";
    assertThrows(Refusal.class, () -> house.subscribe("hook", webhook(receiver, wide)));
    for (var name : List.of("ab", "x".repeat(65), "a/b", "a_b", "")) {
      assertThrows(Refusal.class, () -> house.subscribe(name, receiver), name);
    }
  }

  // Helpers.

  private static SubscriptionKey key(String name) {
    return new SubscriptionKey(CONTOSO, name);
  }

  private List<Attempt> attempts(String name, boolean failed) {
    return house.history.attempts(CONTOSO, name, Optional.empty(), failed, Long.MAX_VALUE, 1000);
  }

  private List<DeadLetter.Entry> letters(String name) {
    return store.read(rows -> house.letters.list(rows, key(name), 100));
  }

  private Counts counts(String name) {
    return house.history.standing(key(name)).counts();
  }

  private static List<String> bodies(EventHistory.Found found) {
    return found.events().stream().map(event -> event.data().path("messageBody").asText()).toList();
  }

  /** The condition holds now, and still when the courier has looked once more. */
  private void stays(BooleanSupplier condition) {
    var end = System.nanoTime() + 150_000_000L;
    while (System.nanoTime() < end) {
      assertTrue(condition.getAsBoolean());
      house.dispatcher.look();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
