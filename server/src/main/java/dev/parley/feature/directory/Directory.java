package dev.parley.feature.directory;

import dev.parley.base.event.AdminEvent;
import dev.parley.base.kit.LruCache;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The front door of the directory: principals, their secrets, and whether a secret is right. */
public final class Directory {
  private static final int PRINCIPALS_MAX = 10_000;
  private static final int SECRETS_MAX = 10;
  private static final int SECRET_BYTES = 32;
  private static final int HINT_CHARACTERS = 3;
  private static final Duration SECRET_LIFE = Duration.ofDays(730);
  private static final String TENANT = "tenant";

  /** Name of the application that the developer profile makes. */
  public static final String DEVELOPER = "developer";

  private final DirectoryConfig config;
  private final Store store;
  private final Sealer sealer;
  private final DirectoryStore rows;
  private final InstantSource clock;
  private final SecureRandom random;
  private final SecretHash hashes;
  private final Proofs proofs;
  private final LruCache<String, Optional<StoredPrincipal>> known = new LruCache<>(PRINCIPALS_MAX);
  private volatile String tenant = "";

  public Directory(
      DirectoryConfig config,
      Store store,
      Sealer sealer,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.store = store;
    this.sealer = sealer;
    this.rows = new DirectoryStore(sealer);
    this.clock = clock;
    this.random = random;
    this.hashes = new SecretHash(random);
    this.proofs = new Proofs(store, sealer, rows, hashes, new Attempts(config, clock), clock);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return DirectoryStore.MIGRATIONS;
  }

  /** The directory's id: as configured, or made once. */
  public String tenant() {
    if (tenant.isEmpty()) {
      var fresh = UUID.randomUUID().toString();
      tenant =
          config.tenant().isEmpty()
              ? store.write(
                  DirectoryStore.PARTITION,
                  tx ->
                      rows.fact(tx, TENANT)
                          .orElseGet(() -> {
                            rows.addFact(tx, TENANT, fresh);
                            return fresh;
                          }))
              : config.tenant();
    }
    return tenant;
  }

  /**
   * A principal with its new secret or password, which is never shown again.
   *
   * @param secretId empty for a password, and where there is no secret
   * @param secret empty for a public client
   */
  public record Created(
      String id, String clientId, String name, String secretId, String secret, boolean isNew) {}

  /**
   * Makes an application with one secret; without one when it is a public client, which has
   * redirects only.
   *
   * @throws Refusal 400 for a bad name or redirect, 409 for a name in use
   */
  public Created createApplication(
      String name, List<String> redirects, boolean publicClient, Origin origin) {
    PrincipalRules.checkName(name);
    redirects.forEach(PrincipalRules::checkRedirect);
    var principal = application(name, redirects);
    var secret = publicClient ? "" : newSecret();
    var stored = stored(secret, HINT_CHARACTERS);
    insert(principal, publicClient ? Optional.empty() : Optional.of(stored), origin);
    return new Created(
        principal.id(), principal.clientId(), name, publicClient ? "" : stored.id(), secret, true);
  }

  /** Makes a person with a password: the given one, or a new one when that is empty. */
  public Created createUser(String name, String password, Origin origin) {
    PrincipalRules.checkName(name);
    var secret = password.isEmpty() ? newSecret() : password;
    PrincipalRules.checkPassword(secret);
    var principal =
        new StoredPrincipal(
            UUID.randomUUID().toString(),
            StoredPrincipal.Kind.USER,
            "user:" + UUID.randomUUID(),
            name.toLowerCase(Locale.ROOT),
            true,
            List.of(),
            clock.instant(),
            1);
    insert(principal, Optional.of(stored(secret, 0)), origin);
    return new Created(principal.id(), "", principal.name(), "", secret, true);
  }

  private void insert(StoredPrincipal principal, Optional<StoredSecret> secret, Origin origin) {
    store.write(
        DirectoryStore.PARTITION,
        tx -> {
          if (rows.named(tx, principal.kind(), principal.name()).isPresent()) {
            throw DirectoryProblems.nameTaken(principal.name());
          }
          if (rows.all(tx, PRINCIPALS_MAX).size() >= PRINCIPALS_MAX) {
            throw DirectoryProblems.tooMany();
          }
          rows.insert(tx, principal);
          secret.ifPresent(one -> rows.addSecret(tx, principal.id(), one));
          tx.publish(new AdminEvent.PrincipalChanged(principal.id()), origin);
          return true;
        });
    known.forget(principal.id());
  }

  /** Everybody, by id. */
  List<StoredPrincipal> list() {
    return store.read(tx -> rows.all(tx, PRINCIPALS_MAX));
  }

  /** The secrets of an application, without what makes them secret. */
  List<StoredSecret> secrets(String id) {
    return store.read(tx -> rows.secrets(tx, id));
  }

  /**
   * By object id, client id or name.
   *
   * @throws Refusal 404
   */
  StoredPrincipal get(String idOrName) {
    return store
        .read(tx ->
            rows.find(tx, idOrName)
                .or(() -> rows.ofClient(tx, idOrName))
                .or(() -> rows.named(tx, StoredPrincipal.Kind.APPLICATION, idOrName))
                .or(() ->
                    rows.named(tx, StoredPrincipal.Kind.USER, idOrName.toLowerCase(Locale.ROOT))))
        .orElseThrow(() -> DirectoryProblems.notFound(idOrName));
  }

  /** The object id and kind behind an object id, client id or name; empty when nobody has it. */
  public Optional<Found> find(String idOrName) {
    try {
      var principal = get(idOrName);
      return Optional.of(new Found(principal.id(), principal.name(), principal.isApplication()));
    } catch (Refusal _) {
      return Optional.empty();
    }
  }

  /** Who a principal is. */
  public record Found(String id, String name, boolean application) {}

  /** Gives an application one more secret. */
  Created addSecret(String idOrName, Origin origin) {
    var principal = get(idOrName);
    if (!principal.isApplication()) {
      throw DirectoryProblems.onlyApplications();
    }
    var secret = newSecret();
    var stored = stored(secret, HINT_CHARACTERS);
    change(
        principal,
        origin,
        tx -> {
          if (rows.secrets(tx, principal.id()).size() >= SECRETS_MAX) {
            throw DirectoryProblems.tooManySecrets();
          }
          rows.addSecret(tx, principal.id(), stored);
        });
    return new Created(
        principal.id(), principal.clientId(), principal.name(), stored.id(), secret, false);
  }

  /** Takes a secret away; tokens that the application has already end too. */
  void removeSecret(String idOrName, String secret, Origin origin) {
    var principal = get(idOrName);
    change(
        principal,
        origin,
        tx -> {
          if (!rows.deleteSecret(tx, principal.id(), secret)) {
            throw DirectoryProblems.noSecret(secret);
          }
          endTokens(tx, principal);
        });
  }

  /** Gives a person another password; tokens made so far end. */
  Created setPassword(String idOrName, String password, Origin origin) {
    var principal = get(idOrName);
    if (principal.isApplication()) {
      throw DirectoryProblems.onlyUsers();
    }
    var secret = password.isEmpty() ? newSecret() : password;
    PrincipalRules.checkPassword(secret);
    var stored = stored(secret, 0);
    change(
        principal,
        origin,
        tx -> {
          rows.deleteSecrets(tx, principal.id());
          rows.addSecret(tx, principal.id(), stored);
          endTokens(tx, principal);
        });
    return new Created(principal.id(), "", principal.name(), "", secret, false);
  }

  /** Lets a principal in or keeps it out; either way its tokens end. */
  void enable(String idOrName, boolean enabled, Origin origin) {
    var principal = get(idOrName);
    change(
        principal,
        origin,
        tx ->
            rows.find(tx, principal.id())
                .ifPresent(now -> rows.update(tx, now.withoutTokens(enabled))));
  }

  /** Removes a principal; its tokens end at once. */
  void delete(String idOrName, Origin origin) {
    var principal = get(idOrName);
    change(principal, origin, tx -> rows.delete(tx, principal.id()));
  }

  private void endTokens(Tx tx, StoredPrincipal principal) {
    rows.find(tx, principal.id())
        .ifPresent(now -> rows.update(tx, now.withoutTokens(now.enabled())));
  }

  private interface Change {
    void make(Tx tx);
  }

  private void change(StoredPrincipal principal, Origin origin, Change change) {
    store.write(
        DirectoryStore.PARTITION,
        tx -> {
          change.make(tx);
          tx.publish(new AdminEvent.PrincipalChanged(principal.id()), origin);
          return true;
        });
    known.forget(principal.id());
  }

  /** The principal as of now, from memory; empty when it is gone. */
  Optional<StoredPrincipal> current(String id) {
    return known.get(id, key -> store.read(tx -> rows.find(tx, key)));
  }

  /** An application by its client id, without a proof. */
  Optional<StoredPrincipal> ofClient(String clientId) {
    return store.read(tx -> rows.ofClient(tx, clientId));
  }

  /** Whether it is one of the application's secrets; a guess counts as a failed login. */
  public boolean knowsSecret(String clientId, String secret) {
    return proofs.knowsSecret(clientId, secret);
  }

  /** Who knows a secret. */
  Proofs proofs() {
    return proofs;
  }

  /** Keeps what a code stands for until it is redeemed, once. */
  void keepCode(String hash, String detail, Instant expires) {
    store.write(
        DirectoryStore.PARTITION,
        tx -> {
          rows.addCode(tx, hash, detail, expires);
          return true;
        });
  }

  Optional<String> takeCode(String hash) {
    return store.write(DirectoryStore.PARTITION, tx -> rows.takeCode(tx, hash, clock.instant()));
  }

  /**
   * The developer's application and its secret: made at the first start, the same at later ones.
   * Its secret is kept sealed and not hashed, as access keys are, so that it can be shown again.
   */
  Created developer() {
    var known = store.read(this::knownDeveloper);
    if (known.isPresent()) {
      return known.get();
    }
    var fresh = application(DEVELOPER, List.of());
    var secret = newSecret();
    var sealed = sealer.seal(Secret.of(secret.getBytes(StandardCharsets.UTF_8)), DEVELOPER);
    var stored = stored(secret, HINT_CHARACTERS, sealed);
    return store.write(
        DirectoryStore.PARTITION,
        tx -> {
          // Another process may have started a moment earlier.
          var there = knownDeveloper(tx);
          if (there.isPresent()) {
            return there.get();
          }
          var named = rows.named(tx, StoredPrincipal.Kind.APPLICATION, DEVELOPER);
          var principal = named.orElse(fresh);
          if (named.isEmpty()) {
            rows.insert(tx, principal);
          }
          rows.addSecret(tx, principal.id(), stored);
          tx.publish(new AdminEvent.PrincipalChanged(principal.id()), Origin.service("directory"));
          return new Created(
              principal.id(), principal.clientId(), DEVELOPER, stored.id(), secret, true);
        });
  }

  private Optional<Created> knownDeveloper(Rows tx) {
    return rows.named(tx, StoredPrincipal.Kind.APPLICATION, DEVELOPER)
        .flatMap(principal ->
            rows.secrets(tx, principal.id()).stream()
                .filter(stored -> !SecretHash.isOne(stored.hash()))
                .findFirst()
                .map(stored ->
                    new Created(
                        principal.id(),
                        principal.clientId(),
                        DEVELOPER,
                        stored.id(),
                        new String(
                            sealer.unseal(stored.hash(), DEVELOPER).reveal(),
                            StandardCharsets.US_ASCII),
                        false)));
  }

  private StoredPrincipal application(String name, List<String> redirects) {
    return new StoredPrincipal(
        UUID.randomUUID().toString(),
        StoredPrincipal.Kind.APPLICATION,
        UUID.randomUUID().toString(),
        name,
        true,
        redirects,
        clock.instant(),
        1);
  }

  IssuerKeys issuerKeys() {
    return new IssuerKeys(store, rows, clock);
  }

  /** Forgets what another process changed. */
  void hear(JournalRow row) {
    if (row.event() instanceof AdminEvent.PrincipalChanged changed) {
      known.forget(changed.principalId());
    }
  }

  private String newSecret() {
    var bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A person's password leaves no hint. */
  private StoredSecret stored(String secret, int hintCharacters) {
    return stored(secret, hintCharacters, hashes.of(secret));
  }

  private StoredSecret stored(String secret, int hintCharacters, String hash) {
    var now = clock.instant();
    return new StoredSecret(
        UUID.randomUUID().toString(),
        secret.substring(0, Math.min(hintCharacters, secret.length())),
        hash,
        now,
        now.plus(SECRET_LIFE));
  }
}
