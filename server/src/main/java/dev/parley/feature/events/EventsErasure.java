package dev.parley.feature.events;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.SubscriptionEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;

/**
 * A durable hearer: takes out of dead letters what was erased elsewhere. Nothing else of events
 * holds content: the journal has ids, events are made anew each time, and attempts keep no bodies.
 */
final class EventsErasure implements Hearer {
  static final String HEARER = "events.erasure";

  private final Stores stores;
  private final SubscriptionStore subscriptions;
  private final DeadLetters letters;

  EventsErasure(Stores stores, SubscriptionStore subscriptions, DeadLetters letters) {
    this.stores = stores;
    this.subscriptions = subscriptions;
    this.letters = letters;
  }

  @Override
  public void hear(JournalRow row) {
    var resource = row.partition().resource();
    switch (row.event()) {
      case ChatEvent.MessageDeleted deleted ->
          letters.eraseMessage(resource, deleted.thread().value(), deleted.message().toString());
      case ChatEvent.MessageEdited edited ->
          letters.eraseMessage(resource, edited.thread().value(), edited.message().toString());
      case ChatEvent.ThreadDeleted deleted ->
          letters.eraseThread(resource, deleted.thread().value());
      case IdentityEvent.Deleted deleted -> letters.eraseUser(resource, deleted.userId());
      default -> {
        // Nothing was erased.
      }
    }
  }

  /** Everything of a resource. */
  void eraseAll(ResourceId resource) {
    var store = stores.of(resource);
    for (var subscription : store.read(all -> subscriptions.list(all, resource))) {
      var key = subscription.key();
      store.write(
          key.partition(),
          tx -> {
            subscriptions.delete(tx, key);
            tx.publish(new SubscriptionEvent.Deleted(key.name()), Origin.service("events"));
            return true;
          });
    }
    letters.deleteAll(resource);
  }
}
