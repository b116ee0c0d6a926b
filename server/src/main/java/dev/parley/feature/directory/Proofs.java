package dev.parley.feature.directory;

import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/** Who knows a secret or a password. Guessing has to wait, and takes as long for a wrong name. */
final class Proofs {
  private final Store store;
  private final Sealer sealer;
  private final DirectoryStore rows;
  private final SecretHash hashes;
  private final Attempts attempts;
  private final InstantSource clock;

  Proofs(
      Store store,
      Sealer sealer,
      DirectoryStore rows,
      SecretHash hashes,
      Attempts attempts,
      InstantSource clock) {
    this.store = store;
    this.sealer = sealer;
    this.rows = rows;
    this.hashes = hashes;
    this.attempts = attempts;
    this.clock = clock;
  }

  /** Whether it is one of the application's secrets; a guess counts as a failed login. */
  boolean knowsSecret(String clientId, String secret) {
    try {
      application(clientId, secret);
      return true;
    } catch (OAuthRefusal _) {
      return false;
    }
  }

  /**
   * The application that knows one of its secrets.
   *
   * @throws OAuthRefusal in the issuer's words
   */
  StoredPrincipal application(String clientId, String secret) {
    var principal =
        store.read(tx -> rows.ofClient(tx, clientId)).filter(StoredPrincipal::isApplication);
    if (principal.isEmpty()) {
      hashes.matchNobody(secret);
      throw OAuthRefusal.noClient();
    }
    checkAttempts(clientId);
    var now = clock.instant();
    var looked = false;
    for (var stored : secrets(principal.get().id())) {
      looked |= secret.startsWith(stored.hint());
      if (secret.startsWith(stored.hint()) && matches(secret, stored)) {
        if (stored.expiresOn().isBefore(now)) {
          throw OAuthRefusal.expiredSecret();
        }
        attempts.succeeded(clientId);
        return enabled(principal.get());
      }
    }
    if (!looked) {
      hashes.matchNobody(secret);
    }
    attempts.failed(clientId);
    throw OAuthRefusal.badSecret();
  }

  /** The person who knows the password. */
  StoredPrincipal user(String name, String password) {
    var user =
        store.read(tx -> rows.named(tx, StoredPrincipal.Kind.USER, name.toLowerCase(Locale.ROOT)));
    if (user.isEmpty()) {
      hashes.matchNobody(password);
      throw OAuthRefusal.badPassword();
    }
    checkAttempts(user.get().id());
    for (var stored : secrets(user.get().id())) {
      if (matches(password, stored)) {
        attempts.succeeded(user.get().id());
        return enabled(user.get());
      }
    }
    attempts.failed(user.get().id());
    throw OAuthRefusal.badPassword();
  }

  private List<StoredSecret> secrets(String id) {
    return store.read(tx -> rows.secrets(tx, id));
  }

  private boolean matches(String secret, StoredSecret stored) {
    return SecretHash.isOne(stored.hash())
        ? hashes.matches(secret, stored.hash())
        : sealer
            .unseal(stored.hash(), Directory.DEVELOPER)
            .matches(Secret.of(secret.getBytes(StandardCharsets.UTF_8)));
  }

  private void checkAttempts(String name) {
    if (attempts.tooMany(name)) {
      throw OAuthRefusal.locked();
    }
  }

  private static StoredPrincipal enabled(StoredPrincipal principal) {
    if (!principal.enabled()) {
      throw OAuthRefusal.disabled();
    }
    return principal;
  }
}
