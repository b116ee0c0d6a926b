package dev.parley.feature.chat;

import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Caller;
import dev.parley.base.words.MessageId;
import dev.parley.base.words.Page;
import dev.parley.base.words.ServiceClock;
import dev.parley.base.words.ThreadId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The front door of what is said in threads: messages, typing, read receipts. {@link ChatThreads}
 * has the threads themselves and who is in them.
 *
 * <p>What changes is durable when a method returns, and its event follows. A caller who is not in a
 * thread is refused in the same words whether the thread exists or not.
 */
public final class Chat {
  /** Text of one message, UTF-8; the service's own limit. */
  static final int MESSAGE_BYTES_MAX = 28 << 10;

  static final int NAME_CHARACTERS_MAX = 1_000;

  private final ChatConfig config;
  private final Stores stores;
  private final ChatStore rows;
  private final ThreadStore threads;
  private final ImageStore images;
  private final Bus bus;
  private final ServiceClock clock;

  public Chat(ChatConfig config, Stores stores, Bus bus, ServiceClock clock) {
    this.config = config;
    this.stores = stores;
    this.rows = new ChatStore();
    this.threads = new ThreadStore();
    this.images = new ImageStore();
    this.bus = bus;
    this.clock = clock;
  }

  /** Sends a message. Its id is the time, or one more than the last id where that is not later. */
  MessageId send(Caller.User sender, ThreadId id, NewMessage message) {
    var text = checked(message.type(), message.text());
    checkName(message.senderDisplayName());
    MetadataPatch.checked(message.metadata());
    var thread = key(sender, id);
    return stores
        .of(sender.resource())
        .write(
            thread.partition(),
            tx -> {
              var membership =
                  active(rows.membershipInUnit(tx, thread, sender.id().rawId()), thread);
              var attachments = known(tx, thread, message.attachments());
              var fresh = new MessageId(membership.nextId(now(sender).toEpochMilli()));
              var detail = MessageDetail.written(attachments, message.metadata());
              var stored =
                  new Message(
                      fresh,
                      membership.lastSequence() + 1,
                      fresh.value(),
                      message.type(),
                      sender.id().rawId(),
                      message.senderDisplayName(),
                      text,
                      detail,
                      Optional.empty(),
                      Optional.empty());
              rows.insert(tx, thread, stored);
              tx.publish(
                  new ChatEvent.MessageReceived(id, membership.version(), fresh),
                  sender.origin(),
                  new ChatDetail.MessageReceived(id, ChatDetails.message(stored)));
              return fresh;
            });
  }

  /** A message that the reader may see; without content when it is deleted. */
  Message get(Caller.User reader, ThreadId id, String messageId) {
    var thread = key(reader, id);
    return stores
        .of(reader.resource())
        .read(all -> {
          var membership = reader(all, thread, reader);
          return visible(all, thread, membership, messageId);
        });
  }

  /**
   * Messages that the reader may see, newest first. A page goes on below the last id of the one
   * before, so new messages move nothing.
   *
   * @param from older messages are left out
   * @param position from the page before
   */
  Page<Message> list(
      Caller.User reader,
      ThreadId id,
      Optional<Instant> from,
      int size,
      Optional<String> position) {
    var thread = key(reader, id);
    var found =
        stores
            .of(reader.resource())
            .read(all -> {
              var membership = reader(all, thread, reader);
              var first =
                  Math.max(
                      membership.shareFrom(),
                      from.map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
              var last =
                  Math.min(
                      membership.removedAt().orElse(Long.MAX_VALUE),
                      position.map(text -> Long.parseLong(text) - 1).orElse(Long.MAX_VALUE));
              return rows.messages(all, thread, first, last, size + 1);
            });
    return Page.of(found, size, message -> message.id().toString());
  }

  /** Changes an own message. */
  void update(Caller.User sender, ThreadId id, String messageId, MessagePatch patch) {
    var thread = key(sender, id);
    stores
        .of(sender.resource())
        .write(
            thread.partition(),
            tx -> {
              var membership = member(tx, thread, sender);
              var before = own(tx, thread, membership, sender, messageId);
              if (before.deleted()) {
                throw ChatProblems.messageNotFound(messageId);
              }
              var after = patched(tx, thread, before, patch);
              var version = laterVersion(before, sender);
              rows.edit(tx, thread, after, version);
              tx.publish(
                  new ChatEvent.MessageEdited(
                      id,
                      membership.version(),
                      before.id(),
                      version,
                      Instant.ofEpochMilli(version)),
                  sender.origin());
              return true;
            });
  }

  /** Takes the content of an own message away; again without harm. */
  void delete(Caller.User sender, ThreadId id, String messageId) {
    var thread = key(sender, id);
    stores
        .of(sender.resource())
        .write(
            thread.partition(),
            tx -> {
              var membership = member(tx, thread, sender);
              var before = own(tx, thread, membership, sender, messageId);
              if (before.deleted()) {
                return false;
              }
              var version = laterVersion(before, sender);
              rows.erase(tx, thread, before.id(), version);
              tx.publish(
                  new ChatEvent.MessageDeleted(
                      id,
                      membership.version(),
                      before.id(),
                      version,
                      Instant.ofEpochMilli(version)),
                  sender.origin());
              return true;
            });
  }

  /** Tells the others that the caller is typing; nothing is stored, and it may be lost. */
  void typing(Caller.User sender, ThreadId id, String senderDisplayName) {
    checkName(senderDisplayName);
    var thread = key(sender, id);
    var membership =
        stores
            .of(sender.resource())
            .read(all -> {
              var place = member(all, thread, sender);
              checkSize(all, thread);
              return place;
            });
    var now = now(sender);
    bus.signal(
        new Signal.Typing(
            sender.resource(),
            id,
            sender.id().rawId(),
            senderDisplayName,
            now,
            now.toEpochMilli(),
            membership.version()));
  }

  /** Notes that the caller has read everything up to a message; never goes back. */
  void sendReadReceipt(Caller.User reader, ThreadId id, String messageId) {
    var thread = key(reader, id);
    stores
        .of(reader.resource())
        .write(
            thread.partition(),
            tx -> {
              var membership = member(tx, thread, reader);
              checkSize(tx, thread);
              var message = visible(tx, thread, membership, messageId).id();
              var before = rows.readUpTo(tx, thread, reader.id().rawId());
              if (before.isPresent() && before.get() >= message.value()) {
                return false;
              }
              var receipt = new ReadReceipt(reader.id().rawId(), message, now(reader));
              rows.read(tx, thread, receipt);
              tx.publish(
                  new ChatEvent.ReadReceiptSent(
                      id,
                      membership.version(),
                      receipt.userId(),
                      receipt.message(),
                      receipt.readOn()),
                  reader.origin());
              return true;
            });
  }

  /** How far each participant has read. */
  Page<ReadReceipt> readReceipts(
      Caller.User reader, ThreadId id, int size, int skip, Optional<String> position) {
    var thread = key(reader, id);
    var start = position.map(Integer::parseInt).orElse(skip);
    var found =
        stores
            .of(reader.resource())
            .read(all -> {
              member(all, thread, reader);
              return rows.receipts(all, thread, size + 1, start);
            });
    return Page.of(found, size, _ -> Integer.toString(start + size));
  }

  /**
   * The user's place in the thread.
   *
   * @throws dev.parley.base.words.Refusal 403 for strangers, and for those who were removed
   */
  private Membership member(Rows all, ThreadKey thread, Caller.User user) {
    return active(rows.membership(all, thread, user.id().rawId()), thread);
  }

  private static Membership active(Optional<Membership> place, ThreadKey thread) {
    return place.filter(Membership::active).orElseThrow(() -> ChatProblems.notMember(thread.id()));
  }

  /** The same, for reading: who was removed still reads what came before. */
  private Membership reader(Rows all, ThreadKey thread, Caller.User user) {
    return rows.membership(all, thread, user.id().rawId())
        .orElseThrow(() -> ChatProblems.notMember(thread.id()));
  }

  private Message visible(Rows all, ThreadKey thread, Membership membership, String messageId) {
    return messageNumber(messageId)
        .filter(membership::sees)
        .flatMap(number -> rows.message(all, thread, number))
        .orElseThrow(() -> ChatProblems.messageNotFound(messageId));
  }

  private Message own(
      Rows all, ThreadKey thread, Membership membership, Caller.User sender, String messageId) {
    var message = visible(all, thread, membership, messageId);
    if (!message.sender().equals(sender.id().rawId())) {
      throw ChatProblems.notSender(message.id());
    }
    return message;
  }

  private Message patched(Rows all, ThreadKey thread, Message before, MessagePatch patch) {
    var metadata = before.detail().metadataOrEmpty();
    var attachments = before.detail().attachmentsOrEmpty();
    return new Message(
        before.id(),
        before.sequence(),
        before.version(),
        before.type(),
        before.sender(),
        before.senderDisplayName(),
        patch.text().map(text -> checked(before.type(), text)).orElse(before.text()),
        MessageDetail.written(
            patch.attachments().map(wanted -> known(all, thread, wanted)).orElse(attachments),
            patch.metadata().map(change -> change.applied(metadata)).orElse(metadata)),
        before.editedOn(),
        before.deletedOn());
  }

  /** Attachments as the images of the thread that they name. */
  private List<Attachment> known(Rows all, ThreadKey thread, List<Attachment> wanted) {
    return wanted.stream()
        .map(attachment ->
            images
                .find(all, thread, attachment.id())
                .map(image -> new Attachment(image.id(), Image.ATTACHMENT_TYPE, image.name()))
                .orElseThrow(() -> ChatProblems.unknownAttachment(attachment.id())))
        .toList();
  }

  private void checkSize(Rows all, ThreadKey thread) {
    var max = config.receiptParticipantsMax();
    if (threads.count(all, thread) > max) {
      throw ChatProblems.tooManyForReceipts(max);
    }
  }

  private static String checked(MessageType type, String text) {
    if (!type.written()) {
      throw ChatProblems.badType();
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MESSAGE_BYTES_MAX) {
      throw ChatProblems.messageTooLarge(MESSAGE_BYTES_MAX);
    }
    return type == MessageType.HTML ? Html.sanitised(text) : text;
  }

  private static void checkName(@Nullable String name) {
    if (name != null && name.length() > NAME_CHARACTERS_MAX) {
      throw ChatProblems.tooLong("senderDisplayName", NAME_CHARACTERS_MAX);
    }
  }

  private long laterVersion(Message before, Caller.User caller) {
    return Math.max(before.version() + 1, now(caller).toEpochMilli());
  }

  private Instant now(Caller.User caller) {
    return clock.now(caller.resource());
  }

  private static ThreadKey key(Caller.User caller, ThreadId id) {
    return new ThreadKey(caller.resource(), id);
  }

  /** An id as a number; what is none names no message. */
  private static Optional<Long> messageNumber(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
