package dev.parley.feature.email;

import dev.parley.base.blob.Blobs;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.time.Instant;

/**
 * Forgets messages that are done with, and everything of a resource; each message as a unit of its
 * own.
 */
final class EmailErasure implements Erasable {
  private static final int AT_ONCE = 200;
  private static final Instant EVER = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final Stores stores;
  private final Blobs blobs;
  private final ServiceClock clock;
  private final EmailStore rows = new EmailStore();

  EmailErasure(Stores stores, Blobs blobs, ServiceClock clock) {
    this.stores = stores;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** Forgets what was accepted longer ago than the span. What is still queued stays. */
  void forgetOld(Duration kept) {
    var all = stores.of(new ResourceId(""));
    var next = all.read(found -> rows.resourceAfter(found, ""));
    while (next.isPresent()) {
      var resource = next.get();
      forget(resource, clock.now(resource).minus(kept), true);
      next = all.read(found -> rows.resourceAfter(found, resource.value()));
    }
  }

  private void forget(ResourceId resource, Instant before, boolean doneOnly) {
    var store = stores.of(resource);
    var after = Instant.ofEpochMilli(Long.MIN_VALUE);
    while (true) {
      var from = after;
      var some = store.read(all -> rows.acceptedBetween(all, resource, from, before, AT_ONCE));
      for (var found : some) {
        forget(new MessageKey(resource, found.id()), doneOnly);
      }
      if (some.size() < AT_ONCE) {
        return;
      }
      after = some.getLast().accepted();
    }
  }

  private void forget(MessageKey key, boolean doneOnly) {
    var store = stores.of(key.resource());
    var gone =
        store.write(
            key.partition(),
            tx -> {
              if (doneOnly && rows.isOpen(tx, key)) {
                return false;
              }
              rows.delete(tx, key);
              return true;
            });
    if (gone) {
      blobs.deleteAll(key.resource(), "email/" + key.id() + "/");
    }
  }

  @Override
  public void eraseAll(ResourceId resource) {
    forget(resource, EVER, false);
    stores
        .of(resource)
        .write(
            new PartitionKey(resource, "email-links"),
            tx -> tx.run("DELETE FROM email_link WHERE resource_id = ?", resource.value()));
    blobs.deleteAll(resource, "email/");
  }
}
