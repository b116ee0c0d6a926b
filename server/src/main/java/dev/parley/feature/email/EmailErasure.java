package dev.parley.feature.email;

import dev.parley.base.blob.Blobs;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Forgets messages that are done with, and everything of a resource; each message as a unit of its
 * own.
 */
final class EmailErasure implements Erasable {
  private static final int AT_ONCE = 200;

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
      var before = clock.now(resource).minus(kept);
      forget(resource, found -> rows.done(found, resource, before, AT_ONCE));
      next = all.read(found -> rows.resourceAfter(found, resource.value()));
    }
  }

  /** Forgets what is found, until nothing is. */
  private void forget(ResourceId resource, Function<Rows, List<String>> finding) {
    var store = stores.of(resource);
    for (var some = store.read(finding::apply);
        !some.isEmpty();
        some = store.read(finding::apply)) {
      some.forEach(id -> forget(new MessageKey(resource, id)));
    }
  }

  private void forget(MessageKey key) {
    stores
        .of(key.resource())
        .write(
            key.partition(),
            tx -> {
              rows.delete(tx, key);
              return true;
            });
    blobs.deleteAll(key.resource(), "email/" + key.id() + "/");
  }

  @Override
  public void eraseAll(ResourceId resource) {
    forget(resource, found -> rows.some(found, resource, AT_ONCE));
    stores
        .of(resource)
        .write(
            new PartitionKey(resource, "email-links"),
            tx -> tx.run("DELETE FROM email_link WHERE resource_id = ?", resource.value()));
    blobs.deleteAll(resource, "email/");
  }
}
