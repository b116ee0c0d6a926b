package dev.parley.feature.email;

import dev.parley.base.kit.LruCache;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.protocol.dkim.DkimKey;
import dev.parley.protocol.dkim.DkimKey.Algorithm;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The two keys that sign for each domain, RSA and Ed25519; made when they are first asked for, and
 * kept sealed.
 */
public final class DomainKeys {
  private static final int CACHED_MAX = 10_000;

  /** Selectors under which the public halves are published. */
  public static final String RSA_SELECTOR = "parley1";

  public static final String ED25519_SELECTOR = "parley2";

  private final Stores stores;
  private final Sealer sealer;
  private final LruCache<SenderDomain, Keys> cache = new LruCache<>(CACHED_MAX);

  /** A pair takes a second to make, and many messages of a fresh domain ask for it at once. */
  private final ReentrantLock making = new ReentrantLock();

  private record Keys(List<DkimKey> signing, List<String> records) {}

  private record Stored(String selector, String sealed, String published) {}

  DomainKeys(Stores stores, Sealer sealer) {
    this.stores = stores;
    this.sealer = sealer;
  }

  /** The keys that sign for the domain. */
  List<DkimKey> signing(SenderDomain domain) {
    return keys(domain).signing();
  }

  /** The TXT records to publish at the two selectors, RSA first. */
  public List<String> records(SenderDomain domain) {
    return keys(domain).records();
  }

  private Keys keys(SenderDomain given) {
    // Whether it is tracked has nothing to do with its keys.
    var domain = new SenderDomain(given.service(), given.name(), given.domain(), false);
    return cache.get(domain, this::loaded);
  }

  private Keys loaded(SenderDomain domain) {
    var rsa = stored(domain, RSA_SELECTOR, Algorithm.RSA);
    var ed25519 = stored(domain, ED25519_SELECTOR, Algorithm.ED25519);
    return new Keys(
        List.of(key(domain, rsa, Algorithm.RSA), key(domain, ed25519, Algorithm.ED25519)),
        List.of(rsa.published(), ed25519.published()));
  }

  private DkimKey key(SenderDomain domain, Stored stored, Algorithm algorithm) {
    var secret = sealer.unseal(stored.sealed(), purpose(domain, stored.selector()));
    return new DkimKey(
        domain.domain(), stored.selector(), algorithm, algorithm.read(secret.reveal()));
  }

  private Stored stored(SenderDomain domain, String selector, Algorithm algorithm) {
    var store = stores.of(domain.service());
    var known = store.read(all -> find(all, domain, selector));
    if (known.isPresent()) {
      return known.get();
    }
    making.lock();
    try {
      return store
          .read(all -> find(all, domain, selector))
          .orElseGet(() -> made(domain, selector, algorithm));
    } finally {
      making.unlock();
    }
  }

  private Stored made(SenderDomain domain, String selector, Algorithm algorithm) {
    var store = stores.of(domain.service());
    var pair = algorithm.generate();
    var sealed = sealer.seal(Secret.of(pair.getPrivate().getEncoded()), purpose(domain, selector));
    var fresh = new Stored(selector, sealed, algorithm.record(pair.getPublic()));
    return store.write(
        new PartitionKey(domain.service(), "email-service"),
        tx -> {
          tx.run(
              "INSERT INTO email_domain_key (resource_id, name, selector, sealed, published)"
                  + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
              domain.service().value(),
              domain.name(),
              selector,
              fresh.sealed(),
              fresh.published());
          return find(tx, domain, selector).orElse(fresh);
        });
  }

  private static java.util.Optional<Stored> find(
      dev.parley.base.store.Rows rows, SenderDomain domain, String selector) {
    return rows.one(
        "SELECT sealed, published FROM email_domain_key"
            + " WHERE resource_id = ? AND name = ? AND selector = ?",
        row -> new Stored(selector, row.text(1), row.text(2)),
        domain.service().value(),
        domain.name(),
        selector);
  }

  private static String purpose(SenderDomain domain, String selector) {
    return "email.dkim:" + domain.service() + ":" + domain.name() + ":" + selector;
  }

  /** The domain is gone, and another of its name gets other keys. */
  void forget(SenderDomain given) {
    cache.forget(new SenderDomain(given.service(), given.name(), given.domain(), false));
  }
}
