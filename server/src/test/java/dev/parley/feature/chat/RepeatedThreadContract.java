package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.RawReply;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Making a thread again with the id of the first time (behaviour.md section 4). */
interface RepeatedThreadContract extends ChatWorld {
  private RawReply create(Person person, String id, Object body) {
    return house()
        .ask(
            person
                .request("POST", "/chat/threads", Json.text(body))
                .with("repeatability-request-id: " + id));
  }

  private static String thread(JsonNode made) {
    return made.at("/chatThread/id").asText();
  }

  @Test
  default void aRepeatMeetsTheSameThread() {
    var creator = someone();
    var foreigner = someone();
    var body = Map.of("topic", "Once", "participants", List.of(Person.participant(foreigner)));
    var first = json(201, create(creator, "one", body));
    var again = json(201, create(creator, "one", body));
    assertEquals(first, again);
    assertEquals(1, creator.all("/chat/threads").size());
    assertEquals(1, creator.all(Person.path(thread(first)) + "/participants").size());
    assertEquals(2, creator.messages(Person.path(thread(first))).size());
    house().restart();
    assertEquals(first, json(201, create(creator, "one", body)));
  }

  @Test
  default void aRepeatWithAnotherBodyIsRefused() {
    var creator = someone();
    json(201, create(creator, "one", Map.of("topic", "Once")));
    assertRefused(400, "BadRequest", create(creator, "one", Map.of("topic", "Twice")));
    assertEquals(1, creator.all("/chat/threads").size());
  }

  @Test
  default void anIdIsItsCallersOwn() {
    var creator = someone();
    var other = beside(creator);
    var foreigner = someone();
    var body = Map.of("topic", "Once");
    var made = new HashSet<String>();
    for (var person : List.of(creator, other, foreigner)) {
      made.add(thread(json(201, create(person, "one", body))));
    }
    made.add(thread(json(201, create(creator, "two", body))));
    made.add(Person.path(creator.thread()));
    assertEquals(5, made.size());
  }

  @Test
  default void repeatsAtOnceMakeOneThread() throws Exception {
    var creator = someone();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> repeat =
          () -> thread(json(201, create(creator, "racing", Map.of("topic", "Once"))));
      var made = new HashSet<String>();
      for (var one : threads.invokeAll(Collections.nCopies(8, repeat))) {
        made.add(one.get());
      }
      assertEquals(1, made.size());
    }
    assertEquals(1, creator.all("/chat/threads").size());
  }

  @Test
  default void afterADayTheIdMeansAnotherThread() {
    var creator = someone();
    var body = Map.of("topic", "Daily");
    var first = thread(json(201, create(creator, "daily", body)));
    house().clock.move(creator.resource().id(), Duration.ofHours(23));
    assertEquals(first, thread(json(201, create(creator, "daily", body))));
    house().clock.move(creator.resource().id(), Duration.ofHours(2));
    var second = thread(json(201, create(creator, "daily", body)));
    assertNotEquals(first, second);
    assertEquals(second, thread(json(201, create(creator, "daily", body))));
    assertEquals(2, creator.all("/chat/threads").size());
  }

  @Test
  default void aRepeatAfterTheThreadWasDeletedFindsItGone() {
    var creator = someone();
    var body = Map.of("topic", "Once");
    var first = thread(json(201, create(creator, "one", body)));
    creator.delete(Person.path(first));
    assertRefused(404, "NotFound", create(creator, "one", body));
  }

  @Test
  default void anIdThatIsNoneIsRefused() {
    var creator = someone();
    for (var id : List.of("", " ", "x".repeat(129))) {
      assertRefused(400, "BadRequest", create(creator, id, Map.of("topic", "A")));
    }
    json(201, create(creator, "x".repeat(128), Map.of("topic", "A")));
  }
}
