package dev.parley.feature.chat;

import dev.parley.base.blob.Blobs;
import dev.parley.base.bus.Bus;
import dev.parley.base.bus.Hearer;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Store;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.util.List;
import java.util.function.Consumer;

/**
 * A durable hearer: erases what deleted threads and deleted users said, in units of bounded size,
 * each of one partition. Done again without harm.
 */
final class ChatErasure implements Hearer, Erasable {
  static final String HEARER = "chat.erasure";
  private static final int MESSAGES_AT_ONCE = 200;
  private static final int THREADS_AT_ONCE = 100;

  private final Stores stores;
  private final Blobs blobs;
  private final Bus bus;
  private final ServiceClock clock;
  private final ThreadStore threads = new ThreadStore();
  private final ChatStore messages = new ChatStore();
  private final ImageStore images = new ImageStore();

  ChatErasure(Stores stores, Blobs blobs, Bus bus, ServiceClock clock) {
    this.stores = stores;
    this.blobs = blobs;
    this.bus = bus;
    this.clock = clock;
  }

  @Override
  public void hear(JournalRow row) {
    var resource = row.partition().resource();
    switch (row.event()) {
      case ChatEvent.ThreadDeleted deleted -> {
        var key = new ThreadKey(resource, deleted.thread());
        eraseContent(key);
        delistAll(key);
      }
      case IdentityEvent.Deleted deleted -> eraseUser(resource, deleted.userId());
      default -> {}
    }
  }

  /** Everything that is said in a thread, its images included. */
  private void eraseContent(ThreadKey key) {
    var store = stores.of(key.resource());
    while (true) {
      var some = store.read(all -> messages.messagesAfter(all, key, 0, MESSAGES_AT_ONCE));
      if (some.isEmpty()) {
        break;
      }
      var upTo = some.getLast().id().value();
      unit(store, key, tx -> messages.removeMessages(tx, key, upTo));
    }
    unit(store, key, tx -> images.deleteAll(tx, key));
    blobs.deleteAll(key.resource(), ChatImages.folder(key));
  }

  private void delistAll(ThreadKey key) {
    var store = stores.of(key.resource());
    for (var userId : store.read(all -> threads.everMembers(all, key))) {
      store.write(
          ThreadStore.list(key.resource(), userId),
          tx -> {
            threads.delist(tx, key, userId);
            return true;
          });
    }
  }

  /** The user leaves every thread, and what the user said there goes. */
  private void eraseUser(ResourceId resource, String userId) {
    // The list must hold the threads that the user was put into last.
    if (!bus.caughtUp(ThreadLists.HEARER)) {
      throw new IllegalStateException("The lists of threads are behind; again later.");
    }
    var store = stores.of(resource);
    while (true) {
      var some = store.read(all -> threads.everThreads(all, resource, userId, THREADS_AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      for (var key : some) {
        leave(key, userId);
        store.write(
            ThreadStore.list(resource, userId),
            tx -> {
              threads.delist(tx, key, userId);
              return true;
            });
      }
    }
  }

  /** Takes a deleted user and all the user said out of one thread. */
  void leave(ThreadKey key, String userId) {
    var store = stores.of(key.resource());
    unit(store, key, tx -> remove(tx, key, userId));
    var after = 0L;
    while (true) {
      var from = after;
      var some = store.read(all -> messages.messagesAfter(all, key, from, MESSAGES_AT_ONCE));
      if (some.isEmpty()) {
        break;
      }
      unit(store, key, tx -> some.forEach(message -> forget(tx, key, message, userId)));
      after = some.getLast().id().value();
    }
    var own = store.read(all -> images.uploadedBy(all, key, userId));
    unit(store, key, tx -> own.forEach(image -> images.delete(tx, key, image)));
    own.forEach(image -> blobs.deleteAll(key.resource(), ChatImages.folder(key, image)));
  }

  private void remove(Tx tx, ThreadKey key, String userId) {
    var thread = threads.thread(tx, key);
    var membership = messages.membership(tx, key, userId);
    if (thread.isEmpty() || membership.isEmpty() || !membership.get().active()) {
      return;
    }
    var after = thread.get().withMembership(thread.get().membership() + 1);
    var record =
        SystemMessages.of(
            membership.get().nextId(clock.now(key.resource()).toEpochMilli()),
            membership.get().lastSequence() + 1,
            MessageType.PARTICIPANT_REMOVED,
            MessageDetail.participants(List.of(Participant.of(userId)), userId));
    messages.insert(tx, key, record);
    threads.leave(tx, key, userId, after.membership(), record.id().value());
    threads.update(tx, key, after);
    tx.publish(
        new ChatEvent.ParticipantsRemoved(
            key.id(), after.membership(), record.id(), List.of(userId)),
        Origin.service("chat"));
  }

  private void forget(Tx tx, ThreadKey key, Message message, String userId) {
    if (message.sender().equals(userId)) {
      if (!message.deleted()) {
        var version = Math.max(message.version() + 1, clock.now(key.resource()).toEpochMilli());
        messages.erase(tx, key, message.id(), version);
      }
    } else {
      var told = message.detail().forgetting(userId);
      if (!told.equals(message.detail())) {
        messages.retell(tx, key, message.with(told));
      }
    }
  }

  @Override
  public void eraseAll(ResourceId resource) {
    var store = stores.of(resource);
    while (true) {
      var some = store.read(all -> threads.someThreads(all, resource, THREADS_AT_ONCE));
      if (some.isEmpty()) {
        break;
      }
      for (var key : some) {
        eraseContent(key);
        unit(store, key, tx -> threads.forget(tx, key));
      }
    }
    while (true) {
      var some = store.read(all -> threads.someListed(all, resource, THREADS_AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      for (var userId : some) {
        store.write(
            ThreadStore.list(resource, userId),
            tx -> {
              threads.removeList(tx, resource, userId);
              return true;
            });
      }
    }
  }

  private static void unit(Store store, ThreadKey key, Consumer<Tx> work) {
    store.write(
        key.partition(),
        tx -> {
          work.accept(tx);
          return true;
        });
  }
}
