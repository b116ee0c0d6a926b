package dev.parley.feature.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.arm.ArmActivity;
import dev.parley.base.arm.ArmId;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the room of rights promises through its front door, on every store. */
abstract class AccessContract {
  private static final ArmId SUBSCRIPTION = id("/subscriptions/s1");
  private static final ArmId GROUP = id("/subscriptions/s1/resourceGroups/g1");
  private static final ArmId SERVICE =
      id(
          "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.Communication/communicationServices/one");
  private static final String READ = "Microsoft.Communication/communicationServices/read";
  private static final String WRITE = "Microsoft.Communication/communicationServices/write";
  private static final String KEYS =
      "Microsoft.Communication/communicationServices/listKeys/action";
  private static final String ASSIGN = "Microsoft.Authorization/roleAssignments/write";
  private static final String SEND =
      "Microsoft.Communication/communicationServices/sms/send/action";
  private static final String LIST =
      "Microsoft.Communication/communicationServices/rooms/list/read";
  private static final String ANN = "00000000-0000-0000-0000-00000000000a";
  private static final String STRANGER = "00000000-0000-0000-0000-0000000000ff";

  private Optional<Principals.Known> known = Optional.of(new Principals.Known(ANN, "ann", true));
  private final Principals principals =
      name -> name.equals("ann") || name.equals(ANN) ? known : Optional.empty();
  private Instant now = Instant.parse("2026-11-26T10:00:00Z");
  private final InstantSource clock = () -> now;
  private Store store;
  private Access access;

  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(Access.migrations());
    access = room(false);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Access room(boolean strangers) {
    var room = new Access(store, principals, strangers, clock);
    room.load();
    return room;
  }

  @Test
  void withoutARoleNothingIsAllowedButToTheOperator() {
    assertFalse(access.may(ann(), READ, SERVICE));
    assertFalse(access.sees(ann(), SUBSCRIPTION));
    assertTrue(access.may(operator(), WRITE, SERVICE));
    var pretender =
        new Caller.Principal(
            ResourceId.HOUSE, "operator", false, Origin.service("test"), Caller.Badge.NONE);
    assertFalse(access.may(pretender, READ, SERVICE));
  }

  @Test
  void aRoleCountsAtItsScopeAndBelow() {
    give("Reader", GROUP);
    assertTrue(access.may(ann(), READ, SERVICE));
    assertTrue(access.may(ann(), READ, id(SERVICE.toString().toUpperCase(java.util.Locale.ROOT))));
    assertTrue(access.sees(ann(), SUBSCRIPTION));
    assertFalse(access.may(ann(), READ, SUBSCRIPTION));
    assertFalse(access.may(ann(), READ, id("/subscriptions/s1/resourceGroups/g12")));
    assertFalse(access.may(ann(), WRITE, SERVICE));
    assertFalse(access.may(ann(), KEYS, SERVICE));
  }

  @Test
  void theBuiltInRolesAllowWhatTheirNamesSay() {
    assertRole("Owner", Set.of(READ, WRITE, KEYS, ASSIGN), Set.of(SEND, LIST));
    assertRole("Contributor", Set.of(READ, WRITE, KEYS), Set.of(SEND, LIST));
    assertRole("Reader", Set.of(READ), Set.of());
    assertRole("User Access Administrator", Set.of(READ, ASSIGN), Set.of());
    assertRole(
        "Communication and Email Service Owner", Set.of(READ, WRITE, KEYS), Set.of(SEND, LIST));
    assertRole("Communication Data User", Set.of(), Set.of(SEND, LIST));
    assertRole("Communication Data Reader", Set.of(), Set.of(LIST));
  }

  private void assertRole(String role, Set<String> actions, Set<String> data) {
    var given = give(role, SERVICE);
    for (var action : List.of(READ, WRITE, KEYS, ASSIGN)) {
      assertEquals(actions.contains(action), access.may(ann(), action, SERVICE), role + action);
    }
    for (var action : List.of(SEND, LIST)) {
      assertEquals(data.contains(action), access.mayUse(ann(), action, SERVICE), role + action);
    }
    access.unassign(SERVICE, given.id(), operator());
  }

  @Test
  void whatIsTakenAwayCountsNoMore() {
    var given = give("Owner", ArmId.ROOT);
    assertTrue(access.owns(ann()));
    assertEquals(
        Optional.empty(), access.unassign(SUBSCRIPTION, given.id(), operator()), "another scope");
    assertTrue(access.unassign(ArmId.ROOT, given.id(), operator()).isPresent());
    assertFalse(access.owns(ann()));
    assertEquals(Optional.empty(), access.unassign(ArmId.ROOT, given.id(), operator()));
    assertEquals(
        List.of(new AdminEvent.RolesChanged(), new AdminEvent.RolesChanged()),
        journal().stream().map(JournalRow::event).toList());
  }

  @Test
  void whoIsGoneHasNoRoles() {
    give("Reader", GROUP);
    give("Owner", SERVICE);
    changed(ANN);
    assertEquals(2, access.assignments().size(), "who changed is still there");
    known = Optional.empty();
    changed(STRANGER);
    assertEquals(2, access.assignments().size(), "another one is gone");
    changed(ANN);
    assertEquals(List.of(), access.assignments());
    assertFalse(access.may(ann(), READ, SERVICE));
    assertEquals(List.of(), room(false).assignments());
  }

  private void changed(String principal) {
    store.write(
        AccessStore.PARTITION,
        tx -> {
          tx.publish(new AdminEvent.PrincipalChanged(principal), operator().origin());
          return true;
        });
    access.hearPrincipals(journal().getLast());
  }

  @Test
  void anotherProcessHearsOfAChange() {
    var other = room(false);
    give("Reader", GROUP);
    assertFalse(other.may(ann(), READ, SERVICE));
    other.hear(journal().getLast());
    assertTrue(other.may(ann(), READ, SERVICE));
  }

  @Test
  void whatCannotBeAssignedIsRefused() {
    refused(400, "InvalidRoleAssignmentId", () -> assign("no-guid", "Reader", "ann"));
    refused(404, "RoleDefinitionDoesNotExist", () -> assign(guid(), "Emperor", "ann"));
    refused(400, "PrincipalNotFound", () -> assign(guid(), "Reader", STRANGER));
    var first = guid();
    assertTrue(assign(first, "Reader", "ann").isNew());
    assertFalse(assign(first, "Reader", ANN).isNew());
    refused(409, "RoleAssignmentUpdateNotPermitted", () -> assign(first, "Owner", "ann"));
    refused(409, "RoleAssignmentExists", () -> assign(guid(), "Reader", "ann"));
    assertEquals(1, access.assignments().size());
  }

  @Test
  void strangersGetRolesOnlyWhereAnOutsideIssuerVouches() {
    var open = room(true);
    var made = open.assign(guid(), GROUP, "Reader", STRANGER, "", operator());
    assertEquals(STRANGER, made.assignment().principalId());
    refused(
        400,
        "PrincipalNotFound",
        () -> open.assign(guid(), GROUP, "Reader", "not a guid", "", operator()));
  }

  @Test
  void rolesOfAnOutsideTokenCountEverywhere() {
    var outside =
        new Caller.Principal(
            ResourceId.HOUSE,
            STRANGER,
            false,
            Origin.service("test"),
            new Caller.Badge("sally", false, "", Set.of("reader", "no such role")));
    assertTrue(access.may(outside, READ, SERVICE));
    assertTrue(access.sees(outside, SUBSCRIPTION));
    assertFalse(access.may(outside, WRITE, SERVICE));
  }

  @Test
  void aRoleOfOnesOwn() {
    var role = role(guid(), "SMS only", List.of(), List.of("*/sms/*"));
    access.putRole(role, operator());
    give("sms ONLY", SERVICE);
    assertTrue(access.mayUse(ann(), SEND, SERVICE));
    assertFalse(access.mayUse(ann(), LIST, SERVICE));
    assertFalse(access.may(ann(), READ, SERVICE));
    refused(409, "RoleDefinitionHasAssignments", () -> access.deleteRole(role.id(), operator()));
    access.forget(GROUP, Origin.service("test"));
    assertFalse(access.mayUse(ann(), SEND, SERVICE));
    assertEquals(role, access.deleteRole(role.id(), operator()));
    refused(404, "RoleDefinitionDoesNotExist", () -> access.role("SMS only"));
  }

  @Test
  void whatIsNoRoleIsRefused() {
    var owner = BuiltInRoles.OWNER.id();
    refused(
        403,
        "RoleDefinitionIsBuiltIn",
        () -> access.putRole(role(owner, "Mine", List.of("*"), List.of()), operator()));
    refused(403, "RoleDefinitionIsBuiltIn", () -> access.deleteRole(owner, operator()));
    refused(
        409,
        "RoleDefinitionWithSameNameExists",
        () -> access.putRole(role(guid(), "owner", List.of("*"), List.of()), operator()));
    refused(
        400,
        "InvalidRoleDefinition",
        () -> access.putRole(role(guid(), " ", List.of("*"), List.of()), operator()));
    refused(
        400,
        "InvalidRoleDefinition",
        () -> access.putRole(role(guid(), "x", List.of("a".repeat(257)), List.of()), operator()));
    refused(
        400,
        "InvalidRoleDefinitionId",
        () -> access.putRole(role("x", "x", List.of("*"), List.of()), operator()));
  }

  @Test
  void givingTwiceByTheHouseIsGivingOnce() {
    access.ensure(ArmId.ROOT, "Owner", ANN);
    access.ensure(ArmId.ROOT, "Owner", ANN);
    assertEquals(1, access.assignments().size());
  }

  @Test
  void aStarMatchesAnythingInNoTimeAtAll() {
    assertTrue(Role.glob("*", ""));
    assertTrue(Role.glob("a*c", "abbc"));
    assertTrue(Role.glob("*/read", "x/y/read"));
    assertFalse(Role.glob("*/read", "x/reader"));
    assertFalse(Role.glob("a", "ab"));
    assertFalse(Role.glob("", "a"));
    // Goes back to the last star only; a pattern of many stars would take for ever otherwise.
    assertFalse(Role.glob("*a".repeat(100) + "b", "a".repeat(5_000)));
  }

  @Test
  void theLogIsReadBackInPagesAndForgotten() {
    var config = AccessConfig.of(new Settings(Map.of("activity.retention", "10d")));
    var log = new ActivityLog(config, store, clock);
    for (var i = 0; i < 5; i++) {
      log.record(entry("write " + i, i == 3 ? 403 : 200));
      // Two of them in the same millisecond.
      now = now.plusMillis(i % 2);
    }
    var first = log.find("s1", Instant.EPOCH, now, ActivityLog.Position.NEWEST, 2, _ -> true);
    var second = log.find("s1", Instant.EPOCH, now, first.next(), 10, _ -> true);
    var actions = new ArrayList<String>();
    first.entries().forEach(one -> actions.add(one.action()));
    second.entries().forEach(one -> actions.add(one.action()));
    assertEquals(5, Set.copyOf(actions).size(), actions::toString);
    assertEquals("write 4", actions.getFirst());
    assertNull(second.next());
    var failed =
        log.find(
            "s1", Instant.EPOCH, now, ActivityLog.Position.NEWEST, 9, one -> one.status() > 399);
    assertEquals(List.of("write 3"), failed.entries().stream().map(one -> one.action()).toList());
    assertEquals(
        List.of(),
        log.find("s2", Instant.EPOCH, now, ActivityLog.Position.NEWEST, 9, _ -> true).entries());

    now = now.plus(Duration.ofDays(11));
    log.record(entry("late", 200));
    var left = log.find("s1", Instant.EPOCH, now, ActivityLog.Position.NEWEST, 9, _ -> true);
    assertEquals(List.of("late"), left.entries().stream().map(one -> one.action()).toList());
  }

  @Test
  void aFilterThatIsNotUnderstoodIsRefused() {
    var known = List.of("atScope", "principalId eq");
    assertEquals(
        Map.of("atScope", "", "principalId eq", "a b"),
        Filter.of(Optional.of("atScope() and principalId eq 'a b'"), known).terms());
    assertEquals(Map.of(), Filter.of(Optional.empty(), known).terms());
    for (var bad :
        List.of(
            "principalId",
            "principalId eq",
            "principalId ne 'x'",
            "other eq 'x'",
            "principalId eq 'x' or atScope()",
            "principalId eq 'x' and principalId eq 'y'",
            "principalId eq 'x' and ",
            "x".repeat(3_000))) {
      refused(400, "BadRequest", () -> Filter.of(Optional.of(bad), known));
    }
  }

  private ArmActivity.Entry entry(String action, int status) {
    return new ArmActivity.Entry(ann(), SERVICE, action, "Test", status, "", "request");
  }

  private Assignment give(String role, ArmId scope) {
    return access.assign(guid(), scope, role, "ann", "", operator()).assignment();
  }

  private Access.Made assign(String id, String role, String principal) {
    return access.assign(id, GROUP, role, principal, "", operator());
  }

  private static Role role(String id, String name, List<String> actions, List<String> data) {
    return new Role(id, name, "", false, actions, List.of(), data, List.of());
  }

  private static Caller.Principal ann() {
    return new Caller.Principal(
        ResourceId.HOUSE,
        ANN,
        false,
        Origin.service("test"),
        new Caller.Badge("client", true, "", Set.of()));
  }

  private static Caller.Principal operator() {
    return new Caller.Principal(ResourceId.HOUSE, "operator", true, Origin.service("test"));
  }

  private List<JournalRow> journal() {
    var rows = new ArrayList<JournalRow>();
    for (Shard shard : store.heads().keySet()) {
      rows.addAll(store.journal(shard, 0, 100));
    }
    return rows;
  }

  private static String guid() {
    return UUID.randomUUID().toString();
  }

  private static ArmId id(String text) {
    return ArmId.parse(text).orElseThrow();
  }

  private static void refused(int status, String code, Executable work) {
    var refusal = assertThrows(Refusal.class, work);
    assertEquals(status + " " + code, refusal.status() + " " + refusal.code());
  }
}
