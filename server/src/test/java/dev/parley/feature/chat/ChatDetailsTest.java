package dev.parley.feature.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.EventDetail;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ThreadId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hearers learn of a chat event, and whom it concerns. */
class ChatDetailsTest {
  private static final Caller.User ANN = ChatHearing.user("ann");
  private static final Caller.User BOB = ChatHearing.user("bob");
  private static final Caller.User CAT = ChatHearing.user("cat");

  @TempDir private Path folder;
  private ChatHearing chat;

  @BeforeEach
  void open() {
    chat =
        new ChatHearing(
            new SqliteStore(
                folder.resolve("parley.db"), ChatFeature.migrations(), StoreOptions.TWICE));
  }

  @AfterEach
  void close() {
    chat.close();
  }

  @Test
  void aThreadIsToldWithAllWhoAreInIt() throws Exception {
    var id = thread(ANN, BOB);
    var row = chat.next();
    var created = detail(row, ChatDetail.ThreadCreated.class);
    assertEquals(id, created.thread());
    assertEquals("topic", created.properties().topic());
    assertEquals(Map.of("k", "v"), created.properties().metadata());
    assertEquals(30, created.properties().retentionDays());
    assertEquals(ANN.id().rawId(), created.createdBy().userId());
    assertEquals(
        List.of("ann", "bob"),
        created.participants().stream().map(ChatDetail.Participant::displayName).toList());
    assertEquals(ids(ANN, BOB), Set.copyOf(chat.audience.of(row)));
  }

  @Test
  void whatIsHandedAlongIsWhatWouldBeRead() throws Exception {
    var id = thread(ANN, BOB);
    chat.next();
    var sent = chat.chat.send(ANN, id, message("hello"));
    var row = chat.next();
    assertNotNull(row.detail());
    var along = detail(row, ChatDetail.MessageReceived.class);
    assertEquals(along, detail(row.bare(), ChatDetail.MessageReceived.class));
    assertEquals("hello", along.message().text());
    assertEquals("text", along.message().type());
    assertEquals("Ann", along.message().senderDisplayName());
    assertEquals(sent, along.message().id());
    assertEquals(ids(ANN, BOB), Set.copyOf(chat.audience.of(row)));
  }

  @Test
  void changesOfAMessageAreTold() throws Exception {
    var id = thread(ANN, BOB);
    chat.next();
    var sent = chat.chat.send(ANN, id, message("hello"));
    chat.next();
    chat.chat.update(
        ANN,
        id,
        sent.toString(),
        new MessagePatch(Optional.of("bye"), Optional.empty(), Optional.empty()));
    var edited = detail(chat.next(), ChatDetail.MessageEdited.class);
    assertEquals("bye", edited.message().text());
    assertEquals(edited.message().version(), edited.editedOn().toEpochMilli());
    chat.chat.sendReadReceipt(BOB, id, sent.toString());
    var read = detail(chat.next(), ChatDetail.ReadReceiptSent.class);
    assertEquals(BOB.id().rawId(), read.userId());
    assertEquals(sent, read.message());
    chat.chat.delete(ANN, id, sent.toString());
    var deleted = detail(chat.next(), ChatDetail.MessageDeleted.class);
    assertEquals("", deleted.message().text());
    assertTrue(deleted.deletedOn().isAfter(edited.editedOn()));
  }

  @Test
  void whoCameAndWentIsToldByName() throws Exception {
    var id = thread(ANN, BOB);
    chat.next();
    chat.threads.add(BOB, id, ChatHearing.named(CAT));
    var addedRow = chat.next();
    var added = detail(addedRow, ChatDetail.ParticipantsAdded.class);
    assertEquals(BOB.id().rawId(), added.addedBy().userId());
    assertEquals("bob", added.addedBy().displayName());
    assertEquals("cat", added.participants().getFirst().displayName());
    assertEquals(ids(ANN, BOB, CAT), Set.copyOf(chat.audience.of(addedRow)));
    chat.threads.remove(ANN, id, CAT.id().rawId());
    var removedRow = chat.next();
    var removed = detail(removedRow, ChatDetail.ParticipantsRemoved.class);
    assertEquals("cat", removed.participants().getFirst().displayName());
    assertEquals(removed.version(), removed.removedOn().toEpochMilli());
    assertEquals(ids(ANN, BOB, CAT), Set.copyOf(chat.audience.of(removedRow)));
    chat.chat.send(ANN, id, message("without cat"));
    assertEquals(ids(ANN, BOB), Set.copyOf(chat.audience.of(chat.next())));
    assertEquals(ids(ANN, BOB, CAT), Set.copyOf(chat.audience.of(addedRow)), "an older version");
  }

  @Test
  void aDeletedThreadStillHasThoseToBeTold() throws Exception {
    var id = thread(ANN, BOB);
    chat.next();
    chat.threads.update(
        ANN, id, new ThreadPatch(Optional.of("other"), Optional.empty(), Optional.empty()));
    var updated = detail(chat.next(), ChatDetail.ThreadPropertiesUpdated.class);
    assertEquals("other", updated.properties().topic());
    chat.threads.delete(BOB, id);
    var row = chat.next();
    var deleted = detail(row, ChatDetail.ThreadDeleted.class);
    assertEquals(BOB.id().rawId(), deleted.deletedBy().userId());
    assertNull(deleted.deletedBy().displayName());
    assertTrue(deleted.createdOn().isBefore(Instant.now()));
    assertEquals(ids(ANN, BOB), Set.copyOf(chat.audience.of(row)));
  }

  private ThreadId thread(Caller.User creator, Caller.User... others) {
    var members = new ArrayList<>(ChatHearing.named(creator));
    members.addAll(ChatHearing.named(others));
    return chat.threads
        .create(
            creator,
            new NewThread("topic", members, Map.of("k", "v"), Optional.of(new Retention(30))),
            Optional.empty())
        .thread()
        .id();
  }

  private static NewMessage message(String text) {
    return new NewMessage(MessageType.TEXT, text, "Ann", Map.of("m", "1"), List.of());
  }

  private <T extends EventDetail> T detail(JournalRow row, Class<T> type) {
    return assertInstanceOf(type, chat.details.of(row).orElseThrow());
  }

  private static Set<String> ids(Caller.User... users) {
    return Set.copyOf(Arrays.stream(users).map(user -> user.id().rawId()).toList());
  }
}
