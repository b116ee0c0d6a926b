package dev.parley.feature.identity;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Stores;
import dev.parley.base.wire.BearerVerifier;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.KeySource;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.Scope;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The front door of users and their tokens: what each operation does, and who proves a bearer
 * token.
 *
 * <p>Creating, revoking and deleting are durable when they return; issuing a token writes nothing.
 * A revocation or deletion holds in this process at once, and in others as soon as they hear its
 * event.
 */
public final class Identity implements Feature {
  private final ResourceDirectory resources;
  private final ServiceClock serviceClock;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Users users;
  private final UserTokens tokens;
  private final LastTokens lastTokens;
  private final TokenExchange exchange;
  private final Assignments assignments;
  private final IdentityErasure erasure;

  /**
   * Makes the room.
   *
   * @param clock edge time, which tokens live by
   * @param keySource fetches the key sets of outside issuers
   */
  public Identity(
      IdentityConfig config,
      Stores stores,
      ResourceDirectory resources,
      ServiceClock serviceClock,
      InstantSource clock,
      SecureRandom random,
      KeySource keySource) {
    var rows = new IdentityStore();
    this.resources = resources;
    this.serviceClock = serviceClock;
    this.clock = clock;
    this.random = random;
    users = new Users(stores, rows, serviceClock, clock, random, config.usersRemembered());
    tokens = new UserTokens(resources, users.states(), config, clock, random);
    lastTokens = new LastTokens(config.lastTokenInterval(), users::storeLastToken);
    exchange = new TokenExchange(config, keySource, clock);
    assignments = new Assignments(stores, rows);
    erasure = new IdentityErasure(stores, rows, users.states());
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return IdentityStore.MIGRATIONS;
  }

  @Override
  public List<Route> routes() {
    return new IdentityHttp(this).routes();
  }

  /** Proves user access tokens, for the edge. */
  public BearerVerifier bearers() {
    return tokens;
  }

  /** Makes a user, or finds the one that has the external id; with a token if scopes are wanted. */
  CreatedUser create(Caller caller, NewUser wanted) {
    checkLifetime(wanted.token());
    var now = serviceClock.now(caller.resource());
    var withToken = !wanted.token().scopes().isEmpty();
    var fresh =
        StoredUser.fresh(
            UserIds.fresh(caller.resource(), now, random),
            clock.instant(),
            wanted.externalId(),
            withToken ? Optional.of(now) : Optional.empty());
    var made =
        wanted.externalId().isEmpty()
            ? users.create(fresh, caller.origin())
            : users.createUnique(fresh, caller.origin());
    if (!made.created() && withToken) {
      lastTokens.note(made.user().key(), now);
    }
    var user = made.user().withLastTokenOn(lastTokens.newest(made.user()));
    return withToken
        ? made.with(token(caller, user, wanted.token().scopes(), expiry(wanted.token())), user)
        : new CreatedUser(user, made.created(), Optional.empty());
  }

  /** A fresh user with a token of a day. */
  public Guest guest(Caller caller, Set<Scope> scopes) {
    var made =
        create(caller, new NewUser(Optional.empty(), new TokenWish(scopes, TokenWish.MINUTES_MAX)));
    var token = made.token().orElseThrow();
    return new Guest(made.user().key().id(), token.token(), token.expiresOn());
  }

  /** The user, with the newest known time of its last token. */
  StoredUser get(Caller caller, String id) {
    var user = users.alive(owned(caller, id));
    return user.withLastTokenOn(lastTokens.newest(user));
  }

  /**
   * A token for the user. The user is read from the store and not from memory, so that a token
   * asked for after a revocation is good, whichever process revoked.
   */
  UserToken issueToken(Caller caller, String id, TokenWish wish) {
    if (wish.scopes().isEmpty()) {
      throw IdentityProblems.scopesRequired();
    }
    checkLifetime(wish);
    var user = users.alive(owned(caller, id));
    lastTokens.note(user.key(), serviceClock.now(caller.resource()));
    return token(caller, user, wish.scopes(), expiry(wish));
  }

  /** Ends every token that the user has now. */
  void revokeTokens(Caller caller, String id) {
    users.revoke(owned(caller, id), caller.origin());
  }

  /**
   * Ends the user: its tokens at once, its data here before this returns, its data elsewhere by
   * those who hear of it.
   */
  void delete(Caller caller, String id) {
    users.delete(owned(caller, id), caller.origin());
  }

  /** A token for a Teams user who acts as himself, for as long as the token given for it. */
  UserToken exchangeTeamsUser(Caller caller, String token, String clientId, String userId) {
    var outside = exchange.prove(token);
    if (!outside.clientId().equals(clientId.toLowerCase(Locale.ROOT))) {
      throw IdentityProblems.mismatch("AppId", "appId");
    }
    if (!outside.objectId().equals(userId.toLowerCase(Locale.ROOT))) {
      throw IdentityProblems.mismatch("UserId", "userId");
    }
    var user = UserIds.teamsUser(caller.resource(), outside);
    return exchanged(caller, user, Permissions.teamsUser(outside), outside).token();
  }

  /** A token for a user of an outside directory. */
  ExchangedToken exchangeEntra(Caller caller, String token) {
    var outside = exchange.prove(token);
    var user = UserIds.entraUser(caller.resource(), outside);
    return exchanged(caller, user, Permissions.entra(outside), outside);
  }

  /**
   * A token for a Teams user who acts through the resource; an assignment must let the user and the
   * application do so.
   */
  ExchangedToken exchangeTeamsExtension(Caller caller, String token) {
    var outside = exchange.prove(token);
    assignments.check(caller.resource(), outside);
    var user = UserIds.teamsExtensionUser(caller.resource(), outside);
    return exchanged(caller, user, Permissions.teamsExtension(outside), outside);
  }

  /** Through which applications a principal may act. */
  Assignment assignment(Caller caller, Assignment.Id id) {
    return assignments
        .find(caller.resource(), id)
        .orElseThrow(IdentityProblems::assignmentNotFound);
  }

  /**
   * Creates or replaces an assignment.
   *
   * @return whether it is new
   */
  boolean assign(Caller caller, Assignment assignment) {
    return assignments.put(caller.resource(), assignment);
  }

  /** Takes an assignment away, if it is there. */
  void unassign(Caller caller, Assignment.Id id) {
    assignments.remove(caller.resource(), id);
  }

  /** Whether the raw id is that of a user of the resource who is not deleted. */
  public boolean exists(ResourceId resource, String id) {
    // Asked as of the first generation, so that a user unknown a moment ago is looked for again.
    return UserIds.of(resource, id).map(key -> users.states().of(key, 1).alive()).orElse(false);
  }

  /** Keeps what is remembered true to what is committed, by other processes too. */
  public void hear(JournalRow row) {
    switch (row.event()) {
      case IdentityEvent event ->
          users.states().forget(new UserKey(row.partition().resource(), event.userId()));
      case ResourceEvent.Reset _, ResourceEvent.Deleted _ -> users.states().clear();
      default -> {}
    }
  }

  @Override
  public void eraseAll(ResourceId resource) {
    erasure.eraseAll(resource);
  }

  /** Stores what is still to be stored; call it before the store closes. */
  @Override
  public void close() {
    lastTokens.close();
  }

  private UserKey owned(Caller caller, String id) {
    return UserIds.of(caller.resource(), id)
        .orElseThrow(
            () -> IdentityProblems.notOwned("an id of %d characters".formatted(id.length())));
  }

  private static void checkLifetime(TokenWish wish) {
    var minutes = wish.expiresInMinutes();
    if (minutes < TokenWish.MINUTES_MIN || minutes > TokenWish.MINUTES_MAX) {
      throw IdentityProblems.lifetime(minutes);
    }
  }

  private Instant expiry(TokenWish wish) {
    return clock.instant().plus(Duration.ofMinutes(wish.expiresInMinutes()));
  }

  private ExchangedToken exchanged(
      Caller caller, UserKey key, Set<Scope> scopes, OutsideUser outside) {
    var user = users.ensure(key, caller.origin());
    lastTokens.note(key, serviceClock.now(caller.resource()));
    var longest = clock.instant().plus(Duration.ofMinutes(TokenWish.MINUTES_MAX));
    var expires = outside.expires().isBefore(longest) ? outside.expires() : longest;
    return new ExchangedToken(key, token(caller, user, scopes, expires));
  }

  private UserToken token(Caller caller, StoredUser user, Set<Scope> scopes, Instant expires) {
    var resource = resources.byId(caller.resource()).orElseThrow(IdentityProblems::resourceGone);
    return tokens.issue(resource, slot(caller), user.key(), user.generation(), scopes, expires);
  }

  /** Which key's regeneration is to end the token. */
  private static KeySlot slot(Caller caller) {
    return switch (caller) {
      case Caller.KeyHolder holder -> holder.slot();
      case Caller.Principal _, Caller.Anonymous _ -> KeySlot.PRINCIPAL;
      case Caller.User user ->
          throw new IllegalStateException("No route of identity lets in " + user.id().rawId());
    };
  }
}
