package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import dev.parley.base.event.AdminEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Store;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Subscriptions, resource groups and locks: from memory, kept true to the store. All lie in one
 * partition of the house, since there are few and they change seldom.
 */
public final class Places {
  private static final PartitionKey PARTITION = new PartitionKey(ResourceId.HOUSE, "places");
  private static final String HOUSE = ResourceId.HOUSE.value();
  private static final int SUBSCRIPTIONS_MAX = 100;
  private static final int GROUPS_MAX = 10_000;
  private static final int LOCKS_MAX = 5_000;

  /** A subscription. */
  record Subscription(String id, String name, Instant made) {}

  /**
   * A resource group.
   *
   * @param deleting whether it is going, with all that is in it
   */
  record Group(
      ArmId id,
      String location,
      Map<String, String> tags,
      String managedBy,
      boolean deleting,
      long version,
      SystemData made) {
    String etag() {
      return "\"" + version + "\"";
    }
  }

  /**
   * A lock.
   *
   * @param level {@code CanNotDelete} or {@code ReadOnly}
   */
  record Lock(ArmId scope, String name, String level, String notes, SystemData made) {
    ArmId id() {
      return scope.provider("Microsoft.Authorization", "locks", name);
    }
  }

  /** A group or lock as text. */
  private record StoredGroup(
      String id,
      String location,
      Map<String, String> tags,
      String managedBy,
      boolean deleting,
      long version,
      SystemData made) {
    static StoredGroup of(Group group) {
      return new StoredGroup(
          group.id().toString(),
          group.location(),
          group.tags(),
          group.managedBy(),
          group.deleting(),
          group.version(),
          group.made());
    }

    Group group() {
      return new Group(read(id), location, tags, managedBy, deleting, version, made);
    }
  }

  private record StoredLock(
      String scope, String name, String level, String notes, SystemData made) {
    static StoredLock of(Lock lock) {
      return new StoredLock(
          lock.scope().toString(), lock.name(), lock.level(), lock.notes(), lock.made());
    }

    Lock lock() {
      return new Lock(read(scope), name, level, notes, made);
    }
  }

  private static ArmId read(String id) {
    return ArmId.parse(id)
        .orElseThrow(() -> new IllegalStateException("A stored id cannot be read: " + id));
  }

  private record Picture(
      List<Subscription> subscriptions, Map<String, Group> groups, Map<String, Lock> locks) {}

  private final ManageConfig config;
  private final Store store;
  private final InstantSource clock;
  private volatile Picture picture = new Picture(List.of(), Map.of(), Map.of());

  public Places(ManageConfig config, Store store, InstantSource clock) {
    this.config = config;
    this.store = store;
    this.clock = clock;
  }

  /** Reads what is stored, and makes the first subscription and group where there are none. */
  public void start() {
    load();
    var wanted = config.subscription();
    if (wanted.isEmpty() ? picture.subscriptions().isEmpty() : subscription(wanted).isEmpty()) {
      var id = wanted.isEmpty() ? UUID.randomUUID().toString() : wanted;
      change(
          Origin.service("manage"),
          tx -> {
            // Another process may have started a moment earlier.
            if (wanted.isEmpty()
                ? subscriptions(tx).isEmpty()
                : subscriptions(tx).stream().noneMatch(one -> one.id().equals(id))) {
              addSubscription(tx, new Subscription(id, "Parley", clock.instant()));
            }
            return true;
          });
    }
    var group = home();
    if (group(group).isEmpty()) {
      var caller = operator();
      change(
          caller.origin(),
          tx -> {
            put(tx, fresh(group, "global", Map.of(), "", caller));
            return true;
          });
    }
  }

  /** The group of resources that nobody said a group for. */
  ArmId home() {
    var id =
        config.subscription().isEmpty()
            ? picture.subscriptions().getFirst().id()
            : config.subscription();
    return ArmId.ofSubscription(id).inGroup(config.group());
  }

  static Caller.Principal operator() {
    return new Caller.Principal(ResourceId.HOUSE, "operator", true, Origin.service("manage"));
  }

  Group fresh(
      ArmId id, String location, Map<String, String> tags, String managedBy, Caller.Principal by) {
    return new Group(id, location, tags, managedBy, false, 1, SystemData.made(by, clock.instant()));
  }

  /** The same group after a change. */
  Group changed(Group old, Map<String, String> tags, String managedBy, Caller.Principal by) {
    return new Group(
        old.id(),
        old.location(),
        tags,
        managedBy,
        old.deleting(),
        old.version() + 1,
        old.made().changed(by, clock.instant()));
  }

  /** The same group, going or staying. */
  Group deleting(Group old, boolean deleting) {
    return new Group(
        old.id(),
        old.location(),
        old.tags(),
        old.managedBy(),
        deleting,
        old.version() + 1,
        old.made());
  }

  List<Subscription> subscriptions() {
    return picture.subscriptions();
  }

  Optional<Subscription> subscription(String id) {
    return picture.subscriptions().stream()
        .filter(one -> one.id().equalsIgnoreCase(id))
        .findFirst();
  }

  Optional<Group> group(ArmId id) {
    return Optional.ofNullable(picture.groups().get(id.key()));
  }

  /** All groups of a subscription, by name. */
  List<Group> groups(String subscription) {
    return picture.groups().values().stream()
        .filter(one -> one.id().subscription().equalsIgnoreCase(subscription))
        .sorted(Comparator.comparing(one -> one.id().name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  List<Lock> locks() {
    return picture.locks().values().stream()
        .sorted(Comparator.comparing(one -> one.id().key()))
        .toList();
  }

  Optional<Lock> lock(ArmId id) {
    return Optional.ofNullable(picture.locks().get(id.key()));
  }

  /** One more subscription, for the operator. */
  Subscription addSubscription(String name, Origin origin) {
    var fresh = new Subscription(UUID.randomUUID().toString(), name, clock.instant());
    return change(
        origin,
        tx -> {
          if (subscriptions(tx).size() >= SUBSCRIPTIONS_MAX) {
            throw ManageProblems.tooMany("subscriptions");
          }
          addSubscription(tx, fresh);
          return fresh;
        });
  }

  /** Changes a group on the basis of what is there; empty when there is nothing. */
  Group putGroup(ArmId id, Function<Optional<Group>, Group> next, Origin origin) {
    return change(
        origin,
        tx -> {
          var there = storedGroup(tx, id);
          if (there.isEmpty() && picture.groups().size() >= GROUPS_MAX) {
            throw ManageProblems.tooMany("resource groups");
          }
          var group = next.apply(there);
          put(tx, group);
          return group;
        });
  }

  void deleteGroup(ArmId id, Origin origin) {
    change(
        origin,
        tx -> {
          tx.run(
              "DELETE FROM place_group WHERE resource_id = ? AND group_key = ?", HOUSE, id.key());
          return true;
        });
  }

  /** Puts a lock; whether it is new. */
  boolean putLock(Lock lock, Origin origin) {
    return change(
        origin,
        tx -> {
          if (picture.locks().size() >= LOCKS_MAX) {
            throw ManageProblems.tooMany("locks");
          }
          var gone = removeLock(tx, lock.id());
          tx.add(
              "INSERT INTO place_lock (resource_id, lock_key, detail) VALUES (?, ?, ?)",
              HOUSE,
              lock.id().key(),
              Json.text(StoredLock.of(lock)));
          return !gone;
        });
  }

  boolean deleteLock(ArmId id, Origin origin) {
    return change(origin, tx -> removeLock(tx, id));
  }

  /** Forgets the locks at or below something that is gone. */
  void forgetLocks(ArmId scope, Origin origin) {
    var gone = locks().stream().filter(lock -> lock.scope().within(scope)).toList();
    if (!gone.isEmpty()) {
      change(
          origin,
          tx -> {
            gone.forEach(lock -> removeLock(tx, lock.id()));
            return true;
          });
    }
  }

  private static boolean removeLock(Tx tx, ArmId id) {
    return tx.run("DELETE FROM place_lock WHERE resource_id = ? AND lock_key = ?", HOUSE, id.key())
        > 0;
  }

  private static void put(Tx tx, Group group) {
    tx.run(
        "DELETE FROM place_group WHERE resource_id = ? AND group_key = ?", HOUSE, group.id().key());
    tx.add(
        "INSERT INTO place_group (resource_id, group_key, detail) VALUES (?, ?, ?)",
        HOUSE,
        group.id().key(),
        Json.text(StoredGroup.of(group)));
  }

  private static Optional<Group> storedGroup(Rows rows, ArmId id) {
    return rows.one(
        "SELECT detail FROM place_group WHERE resource_id = ? AND group_key = ?",
        row -> Json.read(row.text(1), StoredGroup.class).group(),
        HOUSE,
        id.key());
  }

  private static List<Subscription> subscriptions(Rows rows) {
    return rows.all(
        "SELECT subscription_id, name, made_on FROM place_subscription WHERE resource_id = ? ORDER BY made_on, subscription_id LIMIT ?",
        row -> new Subscription(row.text(1), row.text(2), row.time(3)),
        HOUSE,
        (long) SUBSCRIPTIONS_MAX);
  }

  private static void addSubscription(Tx tx, Subscription subscription) {
    tx.add(
        "INSERT INTO place_subscription (resource_id, subscription_id, name, made_on) VALUES (?, ?, ?, ?)",
        HOUSE,
        subscription.id(),
        subscription.name(),
        subscription.made().toEpochMilli());
  }

  private interface Change<T> {
    T make(Tx tx);
  }

  private <T> T change(Origin origin, Change<T> change) {
    var result =
        store.write(
            PARTITION,
            tx -> {
              var made = change.make(tx);
              tx.publish(new AdminEvent.PlacesChanged(), origin);
              return made;
            });
    load();
    return result;
  }

  /** Reads again what another process changed. */
  void hear(JournalRow row) {
    if (row.event() instanceof AdminEvent.PlacesChanged) {
      load();
    }
  }

  private synchronized void load() {
    picture =
        store.read(rows -> {
          var groups =
              rows.all(
                  "SELECT detail FROM place_group WHERE resource_id = ? ORDER BY group_key LIMIT ?",
                  row -> Json.read(row.text(1), StoredGroup.class).group(),
                  HOUSE,
                  (long) GROUPS_MAX);
          var locks =
              rows.all(
                  "SELECT detail FROM place_lock WHERE resource_id = ? ORDER BY lock_key LIMIT ?",
                  row -> Json.read(row.text(1), StoredLock.class).lock(),
                  HOUSE,
                  (long) LOCKS_MAX);
          return new Picture(
              subscriptions(rows),
              groups.stream().collect(Collectors.toMap(one -> one.id().key(), one -> one)),
              locks.stream().collect(Collectors.toMap(one -> one.id().key(), one -> one)));
        });
  }
}
