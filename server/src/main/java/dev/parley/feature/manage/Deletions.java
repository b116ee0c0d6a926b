package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.Store;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How resources end, with the time to think better of it, and how what they hold is erased. */
final class Deletions {
  private static final Logger log = LoggerFactory.getLogger(Deletions.class);

  private final ManageConfig config;
  private final Store store;
  private final ResourceStore rows;
  private final Register register;
  private final Places places;
  private final InstantSource clock;
  private List<Erasable> holders = List.of();
  private Consumer<ArmId> aftermath = _ -> {};

  Deletions(
      ManageConfig config,
      Store store,
      ResourceStore rows,
      Register register,
      Places places,
      InstantSource clock) {
    this.config = config;
    this.store = store;
    this.rows = rows;
    this.register = register;
    this.places = places;
    this.clock = clock;
  }

  /** Says who holds data of resources; before anything is erased. */
  void start(List<Erasable> holders) {
    this.holders = List.copyOf(holders);
  }

  /** Says what else goes with a resource that is erased; before the start. */
  void whenGone(Consumer<ArmId> aftermath) {
    this.aftermath = aftermath;
  }

  /** Erases everything the resource holds; its name, endpoint and keys stay. */
  void reset(String name, Origin origin) {
    var entry = register.named(name);
    erase(entry.resource().id());
    store.write(
        ResourceStore.partition(entry.resource().id()),
        tx -> {
          tx.publish(new ResourceEvent.Reset(), origin);
          return true;
        });
  }

  /**
   * Ends the resource: its tokens and listener at once, its data before this returns; where
   * deletions can be undone, later.
   */
  void delete(String name, Origin origin) {
    var id = remove(register.named(name), origin);
    if (config.undoTime().isZero()) {
      purge(id);
    }
  }

  /**
   * The first half: tokens, sockets and listener end. What remains is {@link #purge}, at once or
   * when the time to undo is over.
   */
  ResourceId remove(ResourceTable.Entry entry, Origin origin) {
    if (register.isDefault(entry.stored())) {
      throw ManageProblems.defaultStays();
    }
    var id = entry.resource().id();
    var now = clock.instant();
    var state =
        config.undoTime().isZero()
            ? new ResourceState.Erasing()
            : new ResourceState.Deleted(now, now.plus(config.undoTime()));
    store.write(
        ResourceStore.partition(id),
        tx -> {
          var current =
              rows.find(tx, id)
                  .filter(one -> one.state().isActive())
                  .orElseThrow(() -> ManageProblems.notFound(entry.resource().name()));
          rows.put(tx, id, current.settings(), state);
          tx.publish(new ResourceEvent.Deleted(), origin);
          return true;
        });
    register.reload(id);
    register.silence(id);
    return id;
  }

  /** Whether deleting leaves time to undo it. */
  boolean undoes() {
    return !config.undoTime().isZero();
  }

  /** Brings a deleted resource back as it was; tokens made before the deletion count again. */
  void restore(String name, Origin origin) {
    var id = register.deleted(name).resource().id();
    store.write(
        ResourceStore.partition(id),
        tx -> {
          var current =
              rows.find(tx, id)
                  .filter(one -> one.state() instanceof ResourceState.Deleted)
                  .orElseThrow(() -> ManageProblems.notDeleted(name));
          rows.put(tx, id, current.settings(), new ResourceState.Active());
          tx.publish(new ResourceEvent.Restored(), origin);
          return true;
        });
    register.reload(id);
    register.listen(register.named(name).stored());
  }

  /** Erases a deleted resource before its time. */
  void purge(String name, Origin origin) {
    var entry = register.deleted(name);
    log.info("resource {} is erased for {}", name, origin.actor());
    purge(entry.resource().id());
  }

  /** Erases what has waited long enough; what a crash cut off, again. Called now and then. */
  void finishErasures() {
    var now = clock.instant();
    for (var entry : register.all()) {
      var due =
          switch (entry.stored().state()) {
            case ResourceState.Active _ -> false;
            case ResourceState.Deleted deleted -> !deleted.purgeOn().isAfter(now);
            case ResourceState.Erasing _ -> true;
          };
      if (due) {
        purge(entry.resource().id());
      }
    }
  }

  /** The second half of deleting; done again without harm. */
  void purge(ResourceId id) {
    var stored =
        store.write(
            ResourceStore.partition(id),
            tx -> {
              var current = rows.find(tx, id).filter(one -> !one.state().isActive());
              current.ifPresent(
                  one -> rows.put(tx, id, one.settings(), new ResourceState.Erasing()));
              return current;
            });
    if (stored.isEmpty()) {
      return;
    }
    erase(id);
    store.write(
        ResourceStore.partition(id),
        tx -> {
          rows.delete(tx, id);
          return true;
        });
    store.write(
        ResourceStore.NAMES,
        tx -> {
          rows.release(tx, stored.get().name(), id);
          return true;
        });
    register.reload(id);
    var gone = stored.get().settings().id();
    places.forgetLocks(gone, Origin.service("manage"));
    aftermath.accept(gone);
  }

  private void erase(ResourceId id) {
    for (var holder : holders) {
      holder.eraseAll(id);
    }
  }
}
