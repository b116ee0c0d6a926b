package dev.parley.feature.chat;

import static dev.parley.feature.chat.Person.assertForbidden;
import static dev.parley.feature.chat.Person.assertRefused;
import static dev.parley.feature.chat.Person.json;
import static dev.parley.feature.chat.Person.participant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.parley.base.bus.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Read receipts and typing. */
interface ReceiptContract extends ChatWorld {
  /** Largest thread of this house that takes them. */
  private int max() {
    return house().config.receiptParticipantsMax();
  }

  private static int read(Person reader, String thread, String message) {
    return reader.post(thread + "/readReceipts", Map.of("chatMessageId", message)).status();
  }

  private static List<String> receipts(Person reader, String thread) {
    return reader.all(thread + "/readReceipts?maxPageSize=1").stream()
        .map(receipt ->
            receipt.at("/senderCommunicationIdentifier/rawId").asText()
                + " "
                + receipt.path("chatMessageId").asText())
        .toList();
  }

  @Test
  default void aReceiptTellsHowFarSomebodyHasRead() {
    var sender = someone();
    var reader = beside(sender);
    var thread = sender.thread(reader);
    var first = sender.send(thread, "one");
    var second = sender.send(thread, "two");
    house().clock.move(sender.resource().id(), Duration.ofSeconds(7));
    assertEquals(200, read(reader, thread, second));
    var receipt = sender.all(thread + "/readReceipts").getFirst();
    assertEquals(
        house().clock.now(sender.resource().id()), Instant.parse(receipt.path("readOn").asText()));
    // It never goes back.
    assertEquals(200, read(reader, thread, first));
    assertEquals(200, read(reader, thread, second));
    assertEquals(List.of(reader.id() + " " + second), receipts(sender, thread));
    assertEquals(200, read(sender, thread, first));
    assertEquals(
        Set.of(sender.id() + " " + first, reader.id() + " " + second),
        Set.copyOf(receipts(reader, thread)));
    assertEquals(1, reader.all(thread + "/readReceipts?skip=1").size());
    sender.remove(thread, reader);
    assertEquals(List.of(sender.id() + " " + first), receipts(sender, thread));
  }

  @Test
  default void aReceiptNamesAMessageThatItsReaderSees() {
    var sender = someone();
    var late = beside(sender);
    var thread = sender.thread();
    var before = sender.send(thread, "before");
    house().clock.move(sender.resource().id(), Duration.ofSeconds(7));
    sender.add(thread, participant(late));
    for (var message : List.of(before, "1", "x", "")) {
      assertRefused(
          404, "NotFound", late.post(thread + "/readReceipts", Map.of("chatMessageId", message)));
    }
    for (var body : List.of("{}", "{\"chatMessageId\":null}")) {
      assertRefused(400, "BadRequest", late.post(thread + "/readReceipts", body));
    }
    assertEquals(List.of(), receipts(sender, thread));
  }

  @Test
  default void typingIsTellingAndNothingIsKept() throws InterruptedException {
    var sender = someone();
    var thread = sender.thread();
    var before = house().store().heads();
    var name = Map.of("senderDisplayName", "Sally");
    assertEquals(200, sender.post(thread + "/typing", name).status());
    assertEquals(200, sender.post(thread + "/typing", "").status());
    assertEquals(before, house().store().heads());
    var told = new ArrayList<String>();
    while (told.size() < 2) {
      var signal = house().signals.poll(10, TimeUnit.SECONDS);
      assertNotNull(signal);
      if (signal instanceof Signal.Typing typing && typing.userId().equals(sender.id())) {
        told.add(typing.senderDisplayName());
      }
    }
    assertEquals(List.of("Sally", ""), told);
    assertRefused(
        400,
        "BadRequest",
        sender.post(thread + "/typing", Map.of("senderDisplayName", "x".repeat(1001))));
  }

  @Test
  default void receiptsAndTypingStopAtTheConfiguredSize() {
    var owner = someone();
    var others = new ArrayList<Person>();
    for (var i = 0; i < 20; i++) {
      others.add(beside(owner));
    }
    var thread = owner.thread(others.subList(0, 19).toArray(Person[]::new));
    var message = owner.send(thread, "to twenty");
    assertEquals(200, read(owner, thread, message));
    assertEquals(200, owner.post(thread + "/typing", "{}").status());
    owner.add(thread, participant(others.getLast()));
    var later = owner.send(thread, "to twenty-one");
    if (max() >= 21) {
      assertEquals(200, read(owner, thread, later));
      assertEquals(200, owner.post(thread + "/typing", "{}").status());
      return;
    }
    assertForbidden(owner.post(thread + "/readReceipts", Map.of("chatMessageId", later)));
    assertForbidden(owner.post(thread + "/typing", "{}"));
    assertEquals(List.of(owner.id() + " " + message), receipts(owner, thread));
    json(204, owner.remove(thread, others.getFirst()));
    assertEquals(200, read(owner, thread, later));
  }
}
