package dev.parley.feature.events;

import dev.parley.base.store.Rows;
import dev.parley.base.store.Store;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Dead letters and their index, where both change together: content is taken out, or both go. A
 * file goes before its row, so that nothing is left without one who knows of it.
 */
final class DeadLetters {
  private static final int AT_ONCE = 200;

  private final Stores stores;
  private final DeadLetterStore rows;
  private final DeadLetterBox box;

  DeadLetters(Stores stores, DeadLetterStore rows, DeadLetterBox box) {
    this.stores = stores;
    this.rows = rows;
    this.box = box;
  }

  /** The newest of a subscription. */
  List<DeadLetter.Entry> list(SubscriptionKey key, int limit) {
    return stores.of(key.resource()).read(all -> rows.list(all, key, limit));
  }

  /** Takes the content of a message out of those that hold it. */
  void eraseMessage(ResourceId resource, String thread, String message) {
    erase(read(resource, all -> rows.ofMessage(all, resource, thread, message)));
  }

  /** Takes out all content of a thread. */
  void eraseThread(ResourceId resource, String thread) {
    erase(read(resource, all -> rows.ofThread(all, resource, thread)));
  }

  /** Takes the content out of those that a user sent or that name the user. */
  void eraseUser(ResourceId resource, String userId) {
    erase(read(resource, all -> rows.ofUser(all, resource, userId)));
    // Those about threads name participants, whom no index knows.
    var about = read(resource, all -> rows.ofThreads(all, resource));
    try {
      var naming = new ArrayList<DeadLetterStore.Place>();
      for (var place : about) {
        if (box.mentions(place.file(), userId)) {
          naming.add(place);
        }
      }
      erase(naming);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes all of a resource. */
  void deleteAll(ResourceId resource) {
    delete(resource, all -> rows.some(all, resource, AT_ONCE));
  }

  /** Deletes those of a resource that were written before that time. */
  void deleteBefore(ResourceId resource, Instant time) {
    delete(resource, all -> rows.before(all, resource, time, AT_ONCE));
  }

  /** The first resource of a store, after the given one, that has dead letters. */
  Optional<ResourceId> resourceAfter(Store store, String resource) {
    return store.read(all -> rows.resourceAfter(all, resource));
  }

  private List<DeadLetterStore.Place> read(
      ResourceId resource, Function<Rows, List<DeadLetterStore.Place>> question) {
    return stores.of(resource).read(question::apply);
  }

  private void erase(List<DeadLetterStore.Place> places) {
    try {
      box.erase(places.stream().map(DeadLetterStore.Place::file).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes what the question finds until it finds no more. */
  private void delete(ResourceId resource, Function<Rows, List<DeadLetterStore.Place>> question) {
    for (var some = read(resource, question); !some.isEmpty(); some = read(resource, question)) {
      try {
        box.delete(some.stream().map(DeadLetterStore.Place::file).toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      for (var place : some) {
        stores
            .of(resource)
            .write(
                place.key().partition(),
                tx -> {
                  rows.forget(tx, place);
                  return true;
                });
      }
    }
  }
}
