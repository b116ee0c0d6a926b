package dev.parley.feature.access;

import dev.parley.base.arm.ArmAuthority;
import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The front door of roles: what a principal may do, from memory, and the operations that change it.
 * A change of this process counts at once, one of another process when its event is heard.
 */
public final class Access implements ArmAuthority {
  private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final int ASSIGNMENTS_MAX = 4_000;
  private static final int ROLES_MAX = 500;
  private static final int PATTERNS_MAX = 200;
  private static final int TEXT_MAX = 1_024;
  private static final String OPERATOR = "operator";

  /** Everything that decisions need. */
  private record Picture(
      Map<String, Role> roles, Map<String, List<Assignment>> byPrincipal, List<Assignment> all) {
    Optional<Role> named(String name) {
      return roles.values().stream().filter(role -> role.name().equalsIgnoreCase(name)).findFirst();
    }
  }

  private final Store store;
  private final AccessStore rows = new AccessStore();
  private final Principals principals;
  private final boolean strangers;
  private final InstantSource clock;
  private volatile Picture picture = picture(List.of(), List.of());

  /**
   * Roles in this store.
   *
   * @param strangers whether roles may be given to principals that the directory does not know,
   *     since an outside issuer vouches for them
   */
  public Access(Store store, Principals principals, boolean strangers, InstantSource clock) {
    this.store = store;
    this.principals = principals;
    this.strangers = strangers;
    this.clock = clock;
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return AccessStore.MIGRATIONS;
  }

  /** Reads what is stored; before the first request. */
  public synchronized void load() {
    picture =
        store.read(tx -> picture(rows.roles(tx, ROLES_MAX), rows.assignments(tx, ASSIGNMENTS_MAX)));
  }

  private static Picture picture(List<Role> custom, List<Assignment> assignments) {
    var roles =
        Stream.concat(BuiltInRoles.ALL.stream(), custom.stream())
            .collect(Collectors.toMap(Role::id, Function.identity(), (first, _) -> first));
    return new Picture(
        roles,
        assignments.stream().collect(Collectors.groupingBy(Assignment::principalId)),
        List.copyOf(assignments));
  }

  @Override
  public boolean may(Caller.Principal caller, String action, ArmId scope) {
    return isOperator(caller) || any(caller, scope, role -> role.allows(action));
  }

  @Override
  public boolean sees(Caller.Principal caller, ArmId scope) {
    return isOperator(caller)
        || !caller.badge().roles().isEmpty()
        || picture.byPrincipal().getOrDefault(caller.id(), List.of()).stream()
            .anyMatch(one -> one.scope().within(scope) || scope.within(one.scope()));
  }

  /** Whether the principal owns all there is: it may do everything, and give rights, everywhere. */
  boolean owns(Caller.Principal caller) {
    return any(caller, ArmId.ROOT, BuiltInRoles.OWNER::equals);
  }

  /** Whether the principal may do this on the data plane of a resource. */
  boolean mayUse(Caller.Principal caller, String dataAction, ArmId resource) {
    return any(caller, resource, role -> role.allowsData(dataAction));
  }

  private boolean any(Caller.Principal caller, ArmId scope, Predicate<Role> allows) {
    var now = picture;
    for (var name : caller.badge().roles()) {
      // What an outside issuer's token gives counts everywhere.
      if (now.named(name).filter(allows).isPresent()) {
        return true;
      }
    }
    for (var assignment : now.byPrincipal().getOrDefault(caller.id(), List.of())) {
      var role = now.roles().get(assignment.roleId());
      if (role != null && scope.within(assignment.scope()) && allows.test(role)) {
        return true;
      }
    }
    return false;
  }

  /** The local operator, who holds the server's own token. */
  private static boolean isOperator(Caller.Principal caller) {
    return caller.operator() && caller.id().equals(OPERATOR);
  }

  List<Role> roles() {
    return picture.roles().values().stream()
        .sorted(java.util.Comparator.comparing(Role::name))
        .toList();
  }

  List<Assignment> assignments() {
    return picture.all();
  }

  /** By id or by name. */
  Role role(String idOrName) {
    var now = picture;
    return Optional.ofNullable(now.roles().get(idOrName.toLowerCase(Locale.ROOT)))
        .or(() -> now.named(idOrName))
        .orElseThrow(() -> AccessProblems.noRole(idOrName));
  }

  /** What was made, and whether it is new. */
  record Made(Assignment assignment, boolean isNew) {}

  /**
   * Gives a role at a scope.
   *
   * @throws Refusal 400 for a bad id or an unknown principal, 404 for an unknown role, 409 when it
   *     is given already or the id is taken
   */
  Made assign(
      String id,
      ArmId scope,
      String role,
      String principal,
      String description,
      Caller.Principal caller) {
    var key = guid(id, "RoleAssignment");
    var known = principals.find(principal);
    if (known.isEmpty() && !(strangers && GUID.matcher(principal).matches())) {
      throw AccessProblems.noPrincipal(principal);
    }
    if (description.length() > TEXT_MAX) {
      throw AccessProblems.badRole("A description has at most " + TEXT_MAX + " characters.");
    }
    var application = known.map(Principals.Known::application).orElse(false);
    var wanted =
        new Assignment(
            key,
            scope,
            role(role).id(),
            known.map(Principals.Known::id).orElse(principal),
            application ? "ServicePrincipal" : "User",
            description,
            SystemData.made(caller, clock.instant()));
    return change(
        caller.origin(),
        tx -> {
          var all = rows.assignments(tx, ASSIGNMENTS_MAX);
          for (var other : all) {
            if (other.id().equals(key)) {
              if (other.gives(wanted)) {
                return new Made(other, false);
              }
              throw AccessProblems.noUpdate();
            }
            if (other.gives(wanted)) {
              throw AccessProblems.exists(other.id());
            }
          }
          if (all.size() >= ASSIGNMENTS_MAX) {
            throw AccessProblems.full();
          }
          rows.add(tx, wanted);
          return new Made(wanted, true);
        });
  }

  /** Gives a role unless it is given already, by another process a moment ago for instance. */
  public void ensure(ArmId scope, String role, String principal) {
    var origin = Origin.service("access");
    var service = new Caller.Principal(ResourceId.HOUSE, OPERATOR, true, origin);
    var wanted =
        new Assignment(
            UUID.randomUUID().toString(),
            scope,
            role(role).id(),
            principal,
            "ServicePrincipal",
            "",
            SystemData.made(service, clock.instant()));
    if (picture.all().stream().noneMatch(wanted::gives)) {
      change(
          origin,
          tx -> {
            if (rows.assignments(tx, ASSIGNMENTS_MAX).stream().noneMatch(wanted::gives)) {
              rows.add(tx, wanted);
            }
            return true;
          });
    }
  }

  Optional<Assignment> assignment(ArmId scope, String id) {
    return picture.all().stream()
        .filter(one -> one.id().equalsIgnoreCase(id) && one.scope().equals(scope))
        .findFirst();
  }

  /** Takes a role away; empty when it was not given. */
  Optional<Assignment> unassign(ArmId scope, String id, Caller.Principal caller) {
    var there = assignment(scope, id);
    there.ifPresent(one ->
        change(
            caller.origin(),
            tx -> {
              rows.delete(tx, one.id());
              return true;
            }));
    return there;
  }

  /** Forgets the assignments at or below something that is gone. */
  public void forget(ArmId scope, Origin origin) {
    forget(one -> one.scope().within(scope), origin);
  }

  private void forget(Predicate<Assignment> which, Origin origin) {
    var gone = picture.all().stream().filter(which).toList();
    if (!gone.isEmpty()) {
      change(
          origin,
          tx -> {
            gone.forEach(one -> rows.delete(tx, one.id()));
            return true;
          });
    }
  }

  /** Forgets what a principal was given who is gone; durable, since nobody else would do it. */
  void hearPrincipals(JournalRow row) {
    if (row.event() instanceof AdminEvent.PrincipalChanged changed
        && principals.find(changed.principalId()).isEmpty()) {
      forget(one -> one.principalId().equals(changed.principalId()), row.origin());
    }
  }

  /** Makes or changes a role of the operator's own. */
  Role putRole(Role role, Caller.Principal caller) {
    guid(role.id(), "RoleDefinition");
    checkRole(role);
    return change(
        caller.origin(),
        tx -> {
          var all = rows.roles(tx, ROLES_MAX);
          if (BuiltInRoles.ALL.stream().anyMatch(one -> one.id().equals(role.id()))) {
            throw AccessProblems.builtIn();
          }
          if (Stream.concat(BuiltInRoles.ALL.stream(), all.stream())
              .anyMatch(
                  one -> one.name().equalsIgnoreCase(role.name()) && !one.id().equals(role.id()))) {
            throw AccessProblems.roleNameTaken(role.name());
          }
          if (all.size() >= ROLES_MAX) {
            throw AccessProblems.badRole("There are too many roles.");
          }
          rows.putRole(tx, role);
          return role;
        });
  }

  Role deleteRole(String id, Caller.Principal caller) {
    var role = role(id);
    if (role.builtIn()) {
      throw AccessProblems.builtIn();
    }
    return change(
        caller.origin(),
        tx -> {
          if (rows.assignments(tx, ASSIGNMENTS_MAX).stream()
              .anyMatch(one -> one.roleId().equals(role.id()))) {
            throw AccessProblems.roleInUse();
          }
          rows.deleteRole(tx, role.id());
          return role;
        });
  }

  private static void checkRole(Role role) {
    var patterns = new ArrayList<>(role.actions());
    patterns.addAll(role.notActions());
    patterns.addAll(role.dataActions());
    patterns.addAll(role.notDataActions());
    if (role.name().isBlank() || role.name().length() > 512) {
      throw AccessProblems.badRole("A role's name has 1 to 512 characters.");
    }
    if (role.description().length() > TEXT_MAX) {
      throw AccessProblems.badRole("A description has at most " + TEXT_MAX + " characters.");
    }
    if (patterns.size() > PATTERNS_MAX
        || patterns.stream().anyMatch(one -> one.isBlank() || one.length() > 256)) {
      throw AccessProblems.badRole(
          "A role has at most " + PATTERNS_MAX + " actions of 1 to 256 characters.");
    }
  }

  private interface Change<T> {
    T make(Tx tx);
  }

  private <T> T change(Origin origin, Change<T> change) {
    var result =
        store.write(
            AccessStore.PARTITION,
            tx -> {
              var made = change.make(tx);
              tx.publish(new AdminEvent.RolesChanged(), origin);
              return made;
            });
    load();
    return result;
  }

  /** Reads again what another process changed. */
  void hear(JournalRow row) {
    if (row.event() instanceof AdminEvent.RolesChanged) {
      load();
    }
  }

  private static String guid(String id, String kind) {
    var lower = id.toLowerCase(Locale.ROOT);
    if (!GUID.matcher(lower).matches()) {
      throw AccessProblems.badId(kind);
    }
    return lower;
  }
}
