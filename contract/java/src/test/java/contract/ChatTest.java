package contract;

import static contract.IdentityTest.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.azure.communication.chat.ChatThreadClient;
import com.azure.communication.chat.models.ChatMessage;
import com.azure.communication.chat.models.ChatMessageType;
import com.azure.communication.chat.models.ChatParticipant;
import com.azure.communication.chat.models.CreateChatThreadOptions;
import com.azure.communication.chat.models.InvalidParticipantException;
import com.azure.communication.chat.models.ListChatMessagesOptions;
import com.azure.communication.chat.models.SendChatMessageOptions;
import com.azure.communication.chat.models.TypingNotificationOptions;
import com.azure.communication.chat.models.UpdateChatMessageOptions;
import com.azure.communication.common.CommunicationUserIdentifier;
import com.azure.communication.identity.models.CommunicationTokenScope;
import com.azure.core.util.Context;
import contract.Sdk.Someone;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ChatTest {
  private final Someone ann = Someone.chatting();
  private final Someone bob = Someone.chatting();

  @Test
  void twoUsersTalk() {
    var thread = ann.thread("Hello", ann.named("Ann"), bob.named("Bob"));
    var first = send(ann.in(thread), "Hello, Bob");
    var second = send(bob.in(thread), "Grüß dich, Ann 👋");
    assertTrue(Long.parseLong(second) > Long.parseLong(first));
    assertEquals(List.of("Grüß dich, Ann 👋", "Hello, Bob"), texts(ann.in(thread)));
    var got = bob.in(thread).getMessage(first);
    assertEquals(ann.user(), got.getSender());
    assertEquals("sender", got.getSenderDisplayName());
    assertEquals(Long.parseLong(first), got.getCreatedOn().toInstant().toEpochMilli());
    assertEquals("Hello", bob.in(thread).getProperties().getTopic());
    assertEquals(ann.user(), bob.in(thread).getProperties().getCreatedBy());
    assertEquals(
        Set.of("Ann", "Bob"),
        ann.in(thread).listParticipants().stream().map(ChatParticipant::getDisplayName).collect(Collectors.toSet()));
  }

  @Test
  void messagesAreEditedAndDeletedByTheirSenderAlone() {
    var thread = ann.thread("Edits", bob.named("Bob"));
    var message = send(ann.in(thread), "frist");
    var edit = new UpdateChatMessageOptions().setContent("first").setMetadata(Map.of("colour", "blue"));
    assertRefused(403, () -> bob.in(thread).updateMessage(message, edit));
    assertRefused(403, () -> bob.in(thread).deleteMessage(message));
    ann.in(thread).updateMessage(message, edit);
    var edited = bob.in(thread).getMessage(message);
    assertEquals("first", edited.getContent().getMessage());
    assertEquals(Map.of("colour", "blue"), edited.getMetadata());
    assertNotNull(edited.getEditedOn());
    ann.in(thread).deleteMessage(message);
    var gone = newest(bob.in(thread));
    assertEquals(message, gone.getId());
    assertNotNull(gone.getDeletedOn());
    assertNull(gone.getContent().getMessage());
  }

  @Test
  void htmlIsSanitised() {
    var thread = ann.thread("Markup");
    var options =
        new SendChatMessageOptions()
            .setContent("<b onclick='x()'>bold</b><script>alert(1)</script>")
            .setType(ChatMessageType.HTML);
    var message = ann.in(thread).sendMessage(options).getId();
    assertEquals("<b>bold</b>", ann.in(thread).getMessage(message).getContent().getMessage());
  }

  @Test
  void pagesAreFollowedToTheEnd() {
    var thread = ann.thread("Pages");
    var sent = new ArrayList<String>();
    for (var i = 0; i < 7; i++) {
      sent.addFirst(send(ann.in(thread), "number " + i));
    }
    var options = new ListChatMessagesOptions().setMaxPageSize(3);
    var pages = 0;
    var seen = new ArrayList<String>();
    for (var page : ann.in(thread).listMessages(options, Context.NONE).iterableByPage()) {
      pages++;
      page.getElements().stream()
          .filter(message -> message.getType().equals(ChatMessageType.TEXT))
          .map(ChatMessage::getId)
          .forEach(seen::add);
    }
    assertEquals(sent, seen);
    assertTrue(pages >= 3, () -> "fewer pages than asked for");
    var from = OffsetDateTime.ofInstant(Instant.ofEpochMilli(Long.parseLong(sent.get(1))), ZoneOffset.UTC);
    assertEquals(
        sent.subList(0, 2),
        ann.in(thread).listMessages(new ListChatMessagesOptions().setStartTime(from), Context.NONE).stream()
            .map(ChatMessage::getId)
            .toList());
  }

  @Test
  void participantsComeAndGo() {
    var thread = ann.thread("Doors");
    send(ann.in(thread), "early");
    var shared = bob.named("Bob").setShareHistoryTime(OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC));
    ann.in(thread).addParticipant(shared);
    assertEquals(List.of("early"), texts(bob.in(thread)));
    assertEquals(ChatMessageType.PARTICIPANT_ADDED, newest(bob.in(thread)).getType());
    ann.in(thread).removeParticipant(bob.user());
    assertRefused(403, () -> send(bob.in(thread), "still here"));
    assertEquals(ChatMessageType.PARTICIPANT_REMOVED, newest(ann.in(thread)).getType());
    assertEquals(ann.user(), newest(ann.in(thread)).getContent().getInitiator());
  }

  @Test
  void participantsThatCannotJoinAreNamed() {
    var nobody =
        new ChatParticipant()
            .setCommunicationIdentifier(
                new CommunicationUserIdentifier(ann.user().getId().split("_")[0] + "_" + UUID.randomUUID()));
    var made =
        ann.chat()
            .createChatThread(new CreateChatThreadOptions("Partial").addParticipant(bob.named("Bob")).addParticipant(nobody));
    assertEquals(
        List.of("404"), made.getInvalidParticipants().stream().map(error -> error.getCode()).toList());
    var thread = made.getChatThread().getId();
    assertEquals(2, bob.in(thread).listParticipants().stream().count());
    assertThrows(InvalidParticipantException.class, () -> bob.in(thread).addParticipant(nobody));
  }

  @Test
  void topicsChangeAndThreadsEnd() {
    var thread = ann.thread("First name", bob.named("Bob"));
    bob.in(thread).updateTopic("Second name");
    assertEquals("Second name", newest(ann.in(thread)).getContent().getTopic());
    assertEquals(
        List.of("Second name"), ann.chat().listChatThreads().stream().map(item -> item.getTopic()).toList());
    bob.chat().deleteChatThread(thread);
    assertRefused(403, () -> send(ann.in(thread), "too late"));
  }

  @Test
  void receiptsAndTyping() {
    var thread = ann.thread("Read me", bob.named("Bob"));
    var message = send(ann.in(thread), "read me");
    bob.in(thread).sendReadReceipt(message);
    var receipts = ann.in(thread).listReadReceipts().stream().toList();
    assertEquals(1, receipts.size());
    assertEquals(bob.user(), receipts.getFirst().getSender());
    assertEquals(message, receipts.getFirst().getChatMessageId());
    bob.in(thread).sendTypingNotification();
    var typing = new TypingNotificationOptions().setSenderDisplayName("Bob");
    assertEquals(200, bob.in(thread).sendTypingNotificationWithResponse(typing, Context.NONE).getStatusCode());
  }

  @Test
  void oneIdempotencyTokenMakesOneThread() {
    var options = new CreateChatThreadOptions("Once").setIdempotencyToken(UUID.randomUUID().toString());
    var first = ann.chat().createChatThread(options).getChatThread().getId();
    assertEquals(first, ann.chat().createChatThread(options).getChatThread().getId());
    assertEquals(1, ann.chat().listChatThreads().stream().count());
  }

  @Test
  void scopesAndStrangersAndSizes() {
    var caller = Someone.withScopes(CommunicationTokenScope.VOIP);
    assertRefused(403, () -> caller.thread("no"));
    var thread = ann.thread("Mine");
    assertRefused(403, () -> bob.in(thread).getProperties());
    send(ann.in(thread), "x".repeat(28 * 1024));
    assertRefused(400, () -> send(ann.in(thread), "x".repeat(28 * 1024 + 1)));
  }

  private static String send(ChatThreadClient thread, String content) {
    return thread
        .sendMessage(new SendChatMessageOptions().setContent(content).setSenderDisplayName("sender"))
        .getId();
  }

  private static List<String> texts(ChatThreadClient thread) {
    return thread.listMessages().stream()
        .filter(message -> message.getType().equals(ChatMessageType.TEXT))
        .map(message -> message.getContent().getMessage())
        .toList();
  }

  private static ChatMessage newest(ChatThreadClient thread) {
    return thread.listMessages().iterator().next();
  }
}
