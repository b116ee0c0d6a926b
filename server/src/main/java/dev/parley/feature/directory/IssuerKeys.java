package dev.parley.feature.directory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.parley.base.store.Store;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The keys that sign the issuer's tokens: RSA of 2048 bits, sealed in the store. A new one is made
 * every ninety days; an old one is published until no token of it can live any more.
 */
final class IssuerKeys {
  private static final int BITS = 2048;
  private static final Duration AGE_MAX = Duration.ofDays(90);
  private static final Duration AGE_END = Duration.ofDays(130);
  private static final Duration READ_AGAIN = Duration.ofSeconds(30);

  private record Keys(List<RSAKey> newestFirst, Instant newestOn, Instant readOn) {}

  private final Store store;
  private final DirectoryStore rows;
  private final InstantSource clock;
  private volatile Keys keys = new Keys(List.of(), Instant.EPOCH, Instant.EPOCH);

  IssuerKeys(Store store, DirectoryStore rows, InstantSource clock) {
    this.store = store;
    this.rows = rows;
    this.clock = clock;
  }

  /** The key to sign with now. */
  RSAKey newest() {
    var known = keys;
    if (known.newestFirst().isEmpty() || isOld(known.newestOn())) {
      known = renewed();
    }
    return known.newestFirst().getFirst();
  }

  /** A key by its id; another process may have made it a moment ago. */
  Optional<RSAKey> find(String id) {
    var found = among(keys, id);
    if (found.isEmpty() && keys.readOn().plus(READ_AGAIN).isBefore(clock.instant())) {
      keys = read();
      found = among(keys, id);
    }
    return found;
  }

  /** The public halves, as a JSON Web Key Set (RFC 7517). */
  JWKSet published() {
    newest();
    return new JWKSet(keys.newestFirst().stream().map(key -> (JWK) key.toPublicJWK()).toList());
  }

  private static Optional<RSAKey> among(Keys keys, String id) {
    return keys.newestFirst().stream().filter(key -> key.getKeyID().equals(id)).findFirst();
  }

  private boolean isOld(Instant made) {
    return made.plus(AGE_MAX).isBefore(clock.instant());
  }

  private synchronized Keys renewed() {
    keys = read();
    if (keys.newestFirst().isEmpty() || isOld(keys.newestOn())) {
      var fresh = generated();
      var now = clock.instant();
      store.write(
          DirectoryStore.PARTITION,
          tx -> {
            var there = rows.keys(tx);
            // Another process may have been faster; two young keys would do no harm, but cost.
            if (there.stream().allMatch(key -> isOld(key.createdOn()))) {
              there.stream()
                  .filter(key -> key.createdOn().plus(AGE_END).isBefore(now))
                  .forEach(key -> rows.deleteKey(tx, key.id()));
              rows.addKey(
                  tx, new DirectoryStore.StoredKey(fresh.getKeyID(), fresh.toJSONString(), now));
            }
            return true;
          });
      keys = read();
    }
    return keys;
  }

  private Keys read() {
    var stored =
        store.read(rows::keys).stream()
            .sorted(Comparator.comparing(DirectoryStore.StoredKey::createdOn).reversed())
            .toList();
    return new Keys(
        stored.stream().map(IssuerKeys::parsed).toList(),
        stored.isEmpty() ? Instant.EPOCH : stored.getFirst().createdOn(),
        clock.instant());
  }

  private static RSAKey parsed(DirectoryStore.StoredKey key) {
    try {
      return RSAKey.parse(key.jwk());
    } catch (ParseException e) {
      throw new IllegalStateException("The issuer's key " + key.id() + " cannot be read.", e);
    }
  }

  private static RSAKey generated() {
    try {
      return new RSAKeyGenerator(BITS)
          .keyUse(KeyUse.SIGNATURE)
          .keyID(UUID.randomUUID().toString())
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("Every Java platform has RSA.", e);
    }
  }
}
