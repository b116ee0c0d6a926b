package dev.parley.feature.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.IdentityEvent;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.ResourceCopy;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.wire.BearerVerifier.Verified;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.Scope;
import dev.parley.base.words.TestResources;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the identity room promises through its front door, on every store. */
abstract class IdentityContract {
  private static final TokenWish NO_TOKEN = new TokenWish(Set.of(), 1440);
  private static final TokenWish CHAT = new TokenWish(Set.of(Scope.CHAT), 60);

  private final TestClock clock = new TestClock();
  private final TestResources resources = new TestResources();
  private final Resource contoso = resources.add("contoso");
  private final Resource fabrikam = resources.add("fabrikam");
  private final Caller contosoKey = keyHolder(contoso, KeySlot.PRIMARY);
  private final Caller fabrikamKey = keyHolder(fabrikam, KeySlot.PRIMARY);
  private final OutsideIssuer issuer = new OutsideIssuer(clock);
  private Store store;
  private Identity identity;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(Identity.migrations());
    identity = room();
  }

  @AfterEach
  void close() {
    identity.close();
    store.close();
  }

  // Creating.

  @Test
  void aNewUserBelongsToItsResource() {
    var made = identity.create(contosoKey, new NewUser(Optional.empty(), NO_TOKEN));
    assertTrue(made.created());
    assertEquals(Optional.empty(), made.token());
    var id = made.user().key().id();
    assertTrue(
        id.matches(
            "8:acs:"
                + contoso.id()
                + "_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        id);
    assertEquals(id, identity.get(contosoKey, id).key().id());
    assertEquals(List.of(new IdentityEvent.Created(id)), events());
  }

  @Test
  void aNewUserMayComeWithAToken() {
    var made = identity.create(contosoKey, new NewUser(Optional.empty(), CHAT));
    var token = made.token().orElseThrow();
    assertEquals(clock.instant().getEpochSecond() + 3600, token.expiresOn().getEpochSecond());
    assertEquals(made.user().key().id(), userOf(token.token()));
    assertEquals(Optional.of(now()), lastToken(made.user().key().id()));
  }

  @Test
  void idsRiseWithTime() {
    var ids = new ArrayList<String>();
    for (var i = 0; i < 20; i++) {
      ids.add(user(contosoKey));
      clock.move(Duration.ofMillis(1));
    }
    assertEquals(ids.stream().sorted().toList(), ids);
  }

  @Test
  void anExternalIdHasOneUser() {
    var first = external(contosoKey, "sally@contoso.com");
    var second = external(contosoKey, "sally@contoso.com");
    assertTrue(first.created());
    assertFalse(second.created());
    assertEquals(first.user().key(), second.user().key());
    assertEquals(
        Optional.of("sally@contoso.com"),
        identity.get(contosoKey, first.user().key().id()).externalId());
    assertNotEquals(first.user().key(), external(contosoKey, "SALLY@contoso.com").user().key());
    assertEquals(2, events().size());
  }

  @Test
  void anExternalIdIsUniqueWithinItsResourceOnly() {
    var ours = external(contosoKey, "sally").user().key();
    var theirs = external(fabrikamKey, "sally");
    assertTrue(theirs.created());
    assertNotEquals(ours.id(), theirs.user().key().id());
  }

  @Test
  void anExistingUserGetsATokenToo() {
    var first = external(contosoKey, "sally").user().key();
    var made = identity.create(contosoKey, new NewUser(Optional.of("sally"), CHAT));
    assertFalse(made.created());
    assertEquals(first.id(), userOf(made.token().orElseThrow().token()));
    assertEquals(Optional.of(now()), made.user().lastTokenOn());
  }

  @Test
  void twoCreationsAtOnceMakeOneUser() throws Exception {
    for (var round = 0; round < 10; round++) {
      var name = "racer-" + round;
      var made = atOnce(16, () -> external(contosoKey, name));
      assertEquals(1, made.stream().filter(CreatedUser::created).count());
      assertEquals(1, made.stream().map(one -> one.user().key()).distinct().count());
    }
    assertEquals(10, events().size());
  }

  @Test
  void theExternalIdOfADeletedUserGoesToANewOne() {
    var first = external(contosoKey, "sally").user().key().id();
    for (var i = 0; i < 3; i++) {
      identity.delete(contosoKey, first);
      var second = external(contosoKey, "sally");
      assertTrue(second.created());
      assertNotEquals(first, second.user().key().id());
      assertFalse(external(contosoKey, "sally").created());
      first = second.user().key().id();
    }
  }

  @Test
  void creationsAndDeletionsAtOnceLeaveOneLivingUser() throws Exception {
    for (var round = 0; round < 5; round++) {
      var name = "phoenix-" + round;
      var made =
          atOnce(
              8,
              () -> {
                var user = external(contosoKey, name).user().key().id();
                identity.delete(contosoKey, user);
                return external(contosoKey, name).user().key().id();
              });
      var last = external(contosoKey, name).user().key().id();
      assertEquals(last, external(contosoKey, name).user().key().id());
      assertTrue(made.stream().filter(this::isAlive).allMatch(last::equals));
    }
  }

  @Test
  void aCreationThatWasCutOffIsCompletedByTheNext() {
    var hash = external(contosoKey, "sally").user().externalHash();
    identity.eraseAll(contoso.id());
    var dangling = UserIds.fresh(contoso.id(), now(), new SecureRandom());
    var rows = new IdentityStore();
    store.write(
        IdentityStore.external(contoso.id(), hash),
        tx -> {
          rows.insertHolder(tx, hash, dangling);
          return true;
        });
    var made = external(contosoKey, "sally");
    assertTrue(made.created());
    assertEquals(dangling, made.user().key());
  }

  // Tokens.

  @Test
  void aTokenIsForItsUserAndScopesAndTime() {
    var user = user(contosoKey);
    var token =
        identity.issueToken(contosoKey, user, new TokenWish(Set.of(Scope.CHAT, Scope.VOIP), 1440));
    var verified = verify(contoso, token.token());
    var caller = (Caller.User) verified.caller();
    assertEquals(user, caller.id().rawId());
    assertEquals(Set.of(Scope.CHAT, Scope.VOIP), caller.scopes());
    assertEquals(token.expiresOn(), verified.expires());
    clock.move(Duration.ofDays(1));
    assertUnauthorized(contoso, token.token());
  }

  @Test
  void aTokenNeedsScopesAndALifetimeWithinBounds() {
    var user = user(contosoKey);
    assertRefused(
        400,
        "ValidationError",
        "Invalid scopes - Scopes field is required.",
        () -> identity.issueToken(contosoKey, user, NO_TOKEN));
    for (var minutes : List.of(Integer.MIN_VALUE, -1, 0, 59, 1441, Integer.MAX_VALUE)) {
      var wish = new TokenWish(Set.of(Scope.CHAT), minutes);
      var words =
          "ExpiresInMinutes value "
              + minutes
              + " is invalid. Value must be within the [60, 1440] interval.";
      assertRefused(
          400, "ValidationError", words, () -> identity.issueToken(contosoKey, user, wish));
      assertRefused(
          400,
          "ValidationError",
          words,
          () -> identity.create(contosoKey, new NewUser(Optional.empty(), wish)));
    }
    assertEquals(1, events().size());
  }

  @Test
  void theTimeOfTheLastTokenIsKnownAtOnceAndKept() {
    var user = user(contosoKey);
    assertEquals(Optional.empty(), lastToken(user));
    issue(contosoKey, user);
    clock.move(Duration.ofSeconds(5));
    issue(contosoKey, user);
    assertEquals(Optional.of(now()), lastToken(user));
    assertEquals(1, events().size());
    identity.close();
    identity = room();
    assertEquals(Optional.of(now()), lastToken(user));
  }

  @Test
  void aTokenEndsWithTheKeyThatAskedForIt() {
    var user = user(contosoKey);
    var primary = issue(contosoKey, user);
    var secondary = issue(keyHolder(contoso, KeySlot.SECONDARY), user);
    var principal =
        issue(new Caller.Principal(contoso.id(), "app", false, origin("principal:app")), user);
    resources.regenerate(contoso.id(), KeySlot.SECONDARY);
    assertUnauthorized(contoso, secondary);
    verify(contoso, primary);
    resources.regenerate(contoso.id(), KeySlot.PRINCIPAL);
    assertUnauthorized(contoso, principal);
    verify(contoso, primary);
    resources.regenerate(contoso.id(), KeySlot.PRIMARY);
    assertUnauthorized(contoso, primary);
    verify(contoso, issue(contosoKey, user));
  }

  // Revoking.

  @Test
  void revocationEndsEveryTokenOfTheUserAndNoOther() {
    var user = user(contosoKey);
    var other = issue(contosoKey, user(contosoKey));
    var tokens = List.of(issue(contosoKey, user), issue(contosoKey, user));
    tokens.forEach(token -> verify(contoso, token));
    identity.revokeTokens(contosoKey, user);
    tokens.forEach(token -> assertUnauthorized(contoso, token));
    verify(contoso, other);
  }

  @Test
  void issueAndRevokeInTheSameSecondAreToldApart() {
    var user = user(contosoKey);
    for (var i = 0; i < 20; i++) {
      var before = issue(contosoKey, user);
      verify(contoso, before);
      identity.revokeTokens(contosoKey, user);
      var after = issue(contosoKey, user);
      assertUnauthorized(contoso, before);
      verify(contoso, after);
    }
  }

  @Test
  void noTokenOutlivesARevocationThatReturned() throws Exception {
    var user = user(contosoKey);
    var done = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var readers =
          IntStream.range(0, 4)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    while (!done.get()) {
                      tryVerify(contoso, issue(contosoKey, user));
                    }
                  }))
              .toList();
      for (var i = 0; i < 200; i++) {
        var token = issue(contosoKey, user);
        verify(contoso, token);
        identity.revokeTokens(contosoKey, user);
        assertUnauthorized(contoso, token);
      }
      done.set(true);
      for (var reader : readers) {
        reader.get();
      }
    }
  }

  @Test
  void anotherProcessHearsOfRevocationAndDeletion() {
    try (var other = room()) {
      var user = user(contosoKey);
      var token = issue(contosoKey, user);
      other.bearers().verify(contoso, token, "r");
      identity.revokeTokens(contosoKey, user);
      events(other::hear);
      assertThrows(Refusal.class, () -> other.bearers().verify(contoso, token, "r"));
      var next = other.issueToken(contosoKey, user, CHAT).token();
      verify(contoso, next);
      other.bearers().verify(contoso, next, "r");
      identity.delete(contosoKey, user);
      events(other::hear);
      assertThrows(Refusal.class, () -> other.bearers().verify(contoso, next, "r"));
    }
  }

  @Test
  void aTokenIssuedAfterARevocationElsewhereIsGoodAtOnce() {
    try (var other = room()) {
      var user = user(contosoKey);
      other.bearers().verify(contoso, issue(contosoKey, user), "r");
      identity.revokeTokens(contosoKey, user);
      // The other process has not heard yet, but both its tokens and ours are good everywhere.
      var theirs = other.issueToken(contosoKey, user, CHAT).token();
      verify(contoso, theirs);
      other.bearers().verify(contoso, issue(contosoKey, user), "r");
    }
  }

  // Deleting.

  @Test
  void deletionEndsTokensAndErasesData() {
    var user = external(contosoKey, "sally").user().key();
    var token = issue(contosoKey, user.id());
    verify(contoso, token);
    identity.delete(contosoKey, user.id());
    assertUnauthorized(contoso, token);
    assertEquals(
        List.of(new IdentityEvent.Created(user.id()), new IdentityEvent.Deleted(user.id())),
        events());
    var left =
        store.read(rows ->
            rows.all(
                """
                SELECT external_id, external_hash, last_token_on FROM identity_user
                WHERE resource_id = ?\
                """,
                row -> row.textIf(1).orElse("") + row.text(2) + row.numberIf(3).orElse(0L),
                contoso.id().value()));
    assertEquals(List.of("0"), left);
    assertEquals(
        List.of(), store.read(rows -> new IdentityStore().someExternals(rows, contoso.id(), 10)));
  }

  @Test
  void aDeletedUserIsNotThere() {
    var user = user(contosoKey);
    identity.delete(contosoKey, user);
    assertNotFound(() -> identity.get(contosoKey, user));
    assertNotFound(() -> identity.issueToken(contosoKey, user, CHAT));
    assertNotFound(() -> identity.revokeTokens(contosoKey, user));
  }

  @Test
  void deletingAgainOrWhatNeverWasChangesNothing() {
    var user = user(contosoKey);
    identity.delete(contosoKey, user);
    identity.delete(contosoKey, user);
    identity.delete(contosoKey, "8:acs:" + contoso.id() + "_00000000-0000-0000-0000-000000000000");
    assertEquals(2, events().size());
  }

  @Test
  void aDeletionThatWasCutOffIsFinishedByTheNext() {
    var user = external(contosoKey, "sally").user();
    var rows = new IdentityStore();
    store.write(
        user.key().partition(),
        tx -> {
          rows.bury(tx, user.key(), user.generation() + 1, now());
          return true;
        });
    identity.delete(contosoKey, user.key().id());
    assertEquals(List.of(), store.read(all -> rows.someExternals(all, contoso.id(), 10)));
  }

  // Other tenants, malformed ids.

  @Test
  void nobodyReachesAnotherResourcesUsers() {
    var theirs = external(fabrikamKey, "sally").user().key().id();
    var token = issue(fabrikamKey, theirs);
    var before = events().size();
    for (var id : List.of(theirs, theirs.replace("_", "__"), "8:acs:" + fabrikam.id() + "_x")) {
      assertNotOwned(() -> identity.get(contosoKey, id));
      assertNotOwned(() -> identity.issueToken(contosoKey, id, CHAT));
      assertNotOwned(() -> identity.revokeTokens(contosoKey, id));
      assertNotOwned(() -> identity.delete(contosoKey, id));
    }
    assertUnauthorized(contoso, token);
    verify(fabrikam, token);
    assertEquals(before, events().size());
    assertTrue(external(contosoKey, "sally").created());
  }

  @Test
  void malformedIdsAreLikeAnothers() {
    var own = "8:acs:" + contoso.id() + "_";
    for (var id :
        List.of(
            "",
            "8",
            "USER_ID",
            "8:acs:",
            own,
            own + "A",
            own + " ",
            own + "\u0000",
            own + "x'; DROP TABLE identity_user; --",
            own + "x".repeat(129),
            own + "\ud800",
            own.toUpperCase(Locale.ROOT) + "00000000-0000-0000-0000-000000000000",
            "8:orgid:",
            "8:orgid:../x",
            "4:+14255550123",
            "28:orgid:00000000-0000-0000-0000-000000000000",
            "x".repeat(100_000))) {
      assertNotOwned(() -> identity.get(contosoKey, id));
      assertNotOwned(() -> identity.issueToken(contosoKey, id, CHAT));
      assertNotOwned(() -> identity.revokeTokens(contosoKey, id));
      assertNotOwned(() -> identity.delete(contosoKey, id));
    }
  }

  // Exchanges and assignments.

  @Test
  void aTeamsUserGetsATokenForAsLongAsTheOneGiven() {
    var token = exchangeTeamsUser();
    assertEquals("8:orgid:" + OutsideIssuer.USER, userOf(token.token()));
    assertEquals(clock.instant().getEpochSecond() + 3600, token.expiresOn().getEpochSecond());
    var caller = (Caller.User) verify(contoso, token.token()).caller();
    assertEquals(Set.of(Scope.CHAT, Scope.VOIP), caller.scopes());
    exchangeTeamsUser();
    assertEquals(1, events().size());
  }

  @Test
  void aTeamsUserMustBeTheOneNamed() {
    var token = issuer.token();
    assertRefused(
        400,
        "ValidationError",
        "Provided AppId doesn't match the access token.",
        () ->
            identity.exchangeTeamsUser(
                contosoKey, token, OutsideIssuer.TENANT, OutsideIssuer.USER));
    assertRefused(
        400,
        "ValidationError",
        "Provided UserId doesn't match the access token.",
        () ->
            identity.exchangeTeamsUser(
                contosoKey, token, OutsideIssuer.CLIENT, OutsideIssuer.TENANT));
    assertRefused(
        401,
        "InvalidAccessToken",
        "Provided access token is not valid.",
        () -> identity.exchangeTeamsUser(contosoKey, "", OutsideIssuer.CLIENT, OutsideIssuer.USER));
    assertEquals(List.of(), events());
  }

  @Test
  void aTeamsUsersTokensAreRevokedAndDeletedLikeOthers() {
    var user = "8:orgid:" + OutsideIssuer.USER;
    assertNotFound(() -> identity.revokeTokens(contosoKey, user));
    var first = exchangeTeamsUser().token();
    identity.revokeTokens(contosoKey, user);
    assertUnauthorized(contoso, first);
    var second = exchangeTeamsUser().token();
    verify(contoso, second);
    identity.delete(contosoKey, user);
    assertUnauthorized(contoso, second);
    var third = exchangeTeamsUser().token();
    verify(contoso, third);
    assertUnauthorized(contoso, first);
    assertUnauthorized(contoso, second);
    assertNotFound(() -> identity.get(fabrikamKey, user));
  }

  @Test
  void anEntraUserGetsTheScopesOfThePermissions() {
    var exchanged = identity.exchangeEntra(anybody(contoso), issuer.token());
    assertEquals(
        "8:acs:" + contoso.id() + "_wf_" + OutsideIssuer.TENANT + "_" + OutsideIssuer.USER,
        exchanged.user().id());
    var caller = (Caller.User) verify(contoso, exchanged.token().token()).caller();
    assertEquals(exchanged.user().id(), caller.id().rawId());
    assertEquals(Set.of(Scope.VOIP, Scope.CHAT_JOIN), caller.scopes());
    resources.regenerate(contoso.id(), KeySlot.PRINCIPAL);
    assertUnauthorized(contoso, exchanged.token().token());
  }

  @Test
  void anExchangedTokenEndsWithinADay() {
    var end = clock.instant().plus(Duration.ofDays(30));
    var token = issuer.token(claims -> claims.expirationTime(Date.from(end)));
    var exchanged = identity.exchangeEntra(anybody(contoso), token).token();
    assertEquals(clock.instant().getEpochSecond() + 86_400, exchanged.expiresOn().getEpochSecond());
  }

  @Test
  void withoutAPermissionThereIsNoToken() {
    for (var permissions : List.of("", "User.Read profile", "chat voip ")) {
      var token = issuer.token(claims -> claims.claim("scp", permissions));
      assertForbidden(() ->
          identity.exchangeTeamsUser(contosoKey, token, OutsideIssuer.CLIENT, OutsideIssuer.USER));
    }
    var none = issuer.token(claims -> claims.claim("scp", null));
    assertForbidden(() -> identity.exchangeEntra(anybody(contoso), none));
    assertEquals(List.of(), events());
  }

  @Test
  void aTeamsExtensionUserNeedsAnAssignmentOfThisResource() {
    var token = issuer.token();
    assertForbidden(() -> identity.exchangeTeamsExtension(anybody(contoso), token));
    identity.assign(fabrikamKey, assignment("user", OutsideIssuer.CLIENT));
    assertForbidden(() -> identity.exchangeTeamsExtension(anybody(contoso), token));
    identity.assign(contosoKey, assignment("user"));
    assertForbidden(() -> identity.exchangeTeamsExtension(anybody(contoso), token));
    identity.assign(contosoKey, assignment("user", OutsideIssuer.TENANT));
    assertForbidden(() -> identity.exchangeTeamsExtension(anybody(contoso), token));
    identity.assign(contosoKey, assignment("user", OutsideIssuer.TENANT, OutsideIssuer.CLIENT));
    var exchanged = identity.exchangeTeamsExtension(anybody(contoso), token);
    assertEquals(
        "8:acs:" + contoso.id() + "_" + OutsideIssuer.TENANT + "_" + OutsideIssuer.USER,
        exchanged.user().id());
    verify(contoso, exchanged.token().token());
    identity.unassign(contosoKey, assignment("user").id());
    assertForbidden(() -> identity.exchangeTeamsExtension(anybody(contoso), token));
    identity.exchangeTeamsExtension(anybody(fabrikam), token);
  }

  @Test
  void assignmentsAreCreatedReplacedReadAndRemoved() {
    var id = assignment("user").id();
    assertRefused(
        404,
        "AssignmentNotFound",
        "Provided assignment doesn't exist.",
        () -> identity.assignment(contosoKey, id));
    assertTrue(identity.assign(contosoKey, assignment("user", OutsideIssuer.CLIENT)));
    assertEquals(assignment("user", OutsideIssuer.CLIENT), identity.assignment(contosoKey, id));
    assertFalse(identity.assign(contosoKey, assignment("resourceAccount")));
    assertEquals(assignment("resourceAccount"), identity.assignment(contosoKey, id));
    assertThrows(Refusal.class, () -> identity.assignment(fabrikamKey, id));
    identity.unassign(fabrikamKey, id);
    assertEquals(assignment("resourceAccount"), identity.assignment(contosoKey, id));
    identity.unassign(contosoKey, id);
    identity.unassign(contosoKey, id);
    assertThrows(Refusal.class, () -> identity.assignment(contosoKey, id));
  }

  // Whole resources.

  @Test
  void eraseAllLeavesNothingOfTheResourceAndEverythingOfOthers() {
    var ours = new HashSet<String>();
    for (var i = 0; i < 300; i++) {
      ours.add(external(contosoKey, "user-" + i).user().key().id());
    }
    var token = issue(contosoKey, ours.iterator().next());
    verify(contoso, token);
    var theirs = external(fabrikamKey, "user-1").user().key().id();
    identity.assign(contosoKey, assignment("user"));
    identity.assign(fabrikamKey, assignment("user"));

    identity.eraseAll(contoso.id());
    identity.eraseAll(contoso.id());

    assertUnauthorized(contoso, token);
    ours.forEach(user -> assertNotFound(() -> identity.get(contosoKey, user)));
    assertThrows(Refusal.class, () -> identity.assignment(contosoKey, assignment("user").id()));
    for (var table : List.of("identity_user", "identity_external", "identity_assignment")) {
      assertEquals(0, count(table, contoso), table);
      assertEquals(1, count(table, fabrikam), table);
    }
    assertEquals(theirs, identity.get(fabrikamKey, theirs).key().id());
    assertTrue(external(contosoKey, "user-1").created());
  }

  @Test
  void aTokenOfBeforeAnErasureStaysDeadWhenItsUserComesBack() {
    var before = exchangeTeamsUser().token();
    clock.move(Duration.ofMillis(5));
    identity.eraseAll(contoso.id());
    verify(contoso, exchangeTeamsUser().token());
    assertUnauthorized(contoso, before);
  }

  @Test
  void anotherProcessForgetsAResourceThatWasReset() {
    try (var other = room()) {
      var user = user(contosoKey);
      var token = issue(contosoKey, user);
      other.bearers().verify(contoso, token, "r");
      identity.eraseAll(contoso.id());
      other.hear(
          new JournalRow(
              new Shard(0),
              1,
              new PartitionKey(contoso.id(), "resource"),
              new ResourceEvent.Reset(),
              origin("operator"),
              clock.instant()));
      assertThrows(Refusal.class, () -> other.bearers().verify(contoso, token, "r"));
    }
  }

  @Test
  void aCopyOfTheResourceKeepsTheUsersNames() {
    var source = external(contosoKey, "sally").user().key().id();
    var copy = new ResourceCopy(Identity.migrations(), Set.of());
    store.write(
        new PartitionKey(fabrikam.id(), "resource"),
        tx -> {
          copy.copy(tx, contoso.id(), fabrikam.id());
          return true;
        });
    var copied = external(fabrikamKey, "sally");
    assertFalse(copied.created());
    assertEquals(
        source.replace(contoso.id().value(), fabrikam.id().value()), copied.user().key().id());
    assertUnauthorized(fabrikam, issue(contosoKey, source));
  }

  private Identity room() {
    return new Identity(
        OutsideIssuer.config(), _ -> store, resources, clock, clock, new SecureRandom(), issuer);
  }

  private Instant now() {
    return clock.instant();
  }

  private String user(Caller caller) {
    return identity.create(caller, new NewUser(Optional.empty(), NO_TOKEN)).user().key().id();
  }

  private CreatedUser external(Caller caller, String externalId) {
    return identity.create(caller, new NewUser(Optional.of(externalId), NO_TOKEN));
  }

  private String issue(Caller caller, String user) {
    return identity.issueToken(caller, user, CHAT).token();
  }

  private UserToken exchangeTeamsUser() {
    return identity.exchangeTeamsUser(
        contosoKey, issuer.token(), OutsideIssuer.CLIENT, OutsideIssuer.USER);
  }

  private Optional<Instant> lastToken(String user) {
    return identity.get(contosoKey, user).lastTokenOn();
  }

  private boolean isAlive(String user) {
    try {
      identity.get(contosoKey, user);
      return true;
    } catch (Refusal _) {
      return false;
    }
  }

  private Verified verify(Resource resource, String token) {
    return identity.bearers().verify(resource, token, "request");
  }

  private void tryVerify(Resource resource, String token) {
    try {
      verify(resource, token);
    } catch (Refusal refusal) {
      assertEquals(401, refusal.status());
    }
  }

  private String userOf(String token) {
    return ((Caller.User) verify(contoso, token).caller()).id().rawId();
  }

  private List<Object> events() {
    var events = new ArrayList<Object>();
    events(row -> events.add(row.event()));
    return events;
  }

  private void events(Consumer<JournalRow> hearer) {
    store.heads().keySet().stream()
        .flatMap(shard -> store.journal(shard, 0, 10_000).stream())
        .forEach(hearer);
  }

  private long count(String table, Resource resource) {
    return store.read(rows ->
        rows.one(
                "SELECT COUNT(*) FROM " + table + " WHERE resource_id = ?",
                row -> row.number(1),
                resource.id().value())
            .orElseThrow());
  }

  private void assertUnauthorized(Resource resource, String token) {
    assertRefused(401, "Unauthorized", "Request is not authorized.", () -> verify(resource, token));
  }

  private static void assertNotOwned(Executable call) {
    assertRefused(
        401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.", call);
  }

  private static void assertNotFound(Executable call) {
    assertRefused(404, "IdentityNotFound", "Provided identity doesn't exist.", call);
  }

  private static void assertForbidden(Executable call) {
    assertRefused(403, "Forbidden", "User is not allowed to perform specified action.", call);
  }

  private static void assertRefused(int status, String code, String message, Executable call) {
    var refusal = assertThrows(Refusal.class, call);
    assertEquals(status, refusal.status(), refusal.why());
    assertEquals(code, refusal.code());
    assertEquals(message, refusal.message());
  }

  private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
    var ready = new CountDownLatch(times);
    var results = new ArrayList<T>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<T> together =
          () -> {
            ready.countDown();
            ready.await();
            return call.call();
          };
      for (var result : threads.invokeAll(Collections.nCopies(times, together))) {
        results.add(result.get());
      }
    }
    return results;
  }

  private static Assignment assignment(String type, String... clients) {
    return new Assignment(
        new Assignment.Id(OutsideIssuer.TENANT, OutsideIssuer.USER), type, List.of(clients));
  }

  private static Caller keyHolder(Resource resource, KeySlot slot) {
    return new Caller.KeyHolder(resource.id(), slot, origin("key:" + slot));
  }

  private static Caller anybody(Resource resource) {
    return new Caller.Anonymous(resource.id(), origin("anonymous"));
  }

  private static Origin origin(String actor) {
    return new Origin(actor, "", "request");
  }
}
