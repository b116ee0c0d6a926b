package dev.parley.feature.events;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.SubscriptionEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A durable hearer: takes out of dead letters what was erased elsewhere. Nothing else of events
 * holds content: the journal has ids, events are made anew each time, and attempts keep no bodies.
 */
final class EventsErasure implements Hearer {
  static final String HEARER = "events.erasure";
  private static final int AT_ONCE = 200;

  private final Stores stores;
  private final SubscriptionStore subscriptions;
  private final DeadLetterStore rows = new DeadLetterStore();
  private final DeadLetterBox letters;

  EventsErasure(Stores stores, SubscriptionStore subscriptions, DeadLetterBox letters) {
    this.stores = stores;
    this.subscriptions = subscriptions;
    this.letters = letters;
  }

  @Override
  public void hear(JournalRow row) {
    var resource = row.partition().resource();
    var store = stores.of(resource);
    switch (row.event()) {
      case ChatEvent.MessageDeleted deleted ->
          erase(
              store.read(all ->
                  rows.ofMessage(
                      all, resource, deleted.thread().value(), deleted.message().toString())));
      case ChatEvent.MessageEdited edited ->
          erase(
              store.read(all ->
                  rows.ofMessage(
                      all, resource, edited.thread().value(), edited.message().toString())));
      case ChatEvent.ThreadDeleted deleted ->
          erase(store.read(all -> rows.ofThread(all, resource, deleted.thread().value())));
      case IdentityEvent.Deleted deleted -> {
        erase(store.read(all -> rows.ofUser(all, resource, deleted.userId())));
        // Those about threads name participants, whom no index knows.
        erase(naming(store.read(all -> rows.ofThreads(all, resource)), deleted.userId()));
      }
      default -> {
        // Nothing was erased.
      }
    }
  }

  private List<DeadLetterStore.Place> naming(List<DeadLetterStore.Place> places, String userId) {
    try {
      var found = new ArrayList<DeadLetterStore.Place>();
      for (var place : places) {
        if (letters.mentions(place.file(), userId)) {
          found.add(place);
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void erase(List<DeadLetterStore.Place> places) {
    try {
      letters.erase(places.stream().map(DeadLetterStore.Place::file).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    while (true) {
      var some = store.read(all -> rows.some(all, resource, AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      try {
        letters.delete(some.stream().map(DeadLetterStore.Place::file).toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      for (var place : some) {
        store.write(
            place.key().partition(),
            tx -> {
              rows.forget(tx, place);
              return true;
            });
      }
    }
  }
}
