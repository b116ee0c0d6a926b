package dev.parley.feature.manage;

import dev.parley.base.kit.Json;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Rows;
import dev.parley.base.store.Tx;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Rows of resources, their names, keys and settings.
 *
 * <p>A name is reserved in one partition of the house, which makes it unique; everything else of a
 * resource lies in a partition of the resource's own. A reservation whose resource has no row is
 * the remainder of a creation that was cut off, and is taken over.
 */
final class ResourceStore {
  static final PartitionKey NAMES = new PartitionKey(ResourceId.HOUSE, "resources");

  private static final String HOUSE = ResourceId.HOUSE.value();

  private final Sealer sealer;
  private final Function<StoredName, ServiceSettings> defaults;

  /** A resource of before it had settings. */
  record StoredName(ResourceId id, String name, Instant createdOn) {}

  /**
   * Rows of resources.
   *
   * @param defaults settings of a resource that has none
   */
  ResourceStore(Sealer sealer, Function<StoredName, ServiceSettings> defaults) {
    this.sealer = sealer;
    this.defaults = defaults;
  }

  static PartitionKey partition(ResourceId id) {
    return new PartitionKey(id, "resource");
  }

  Optional<ResourceId> named(Rows rows, String name) {
    return rows.one(
        "SELECT target_id FROM resource_name WHERE resource_id = ? AND name = ?",
        row -> new ResourceId(row.text(1)),
        HOUSE,
        name);
  }

  void reserve(Tx tx, String name, ResourceId id) {
    tx.add(
        "INSERT INTO resource_name (resource_id, name, target_id) VALUES (?, ?, ?)",
        HOUSE,
        name,
        id.value());
  }

  /** Gives the name free, if it still is the resource's. */
  void release(Tx tx, String name, ResourceId id) {
    tx.run(
        "DELETE FROM resource_name WHERE resource_id = ? AND name = ? AND target_id = ?",
        HOUSE,
        name,
        id.value());
  }

  boolean exists(Rows rows, ResourceId id) {
    return rows.one(
            "SELECT name FROM resource WHERE resource_id = ?", row -> row.text(1), id.value())
        .isPresent();
  }

  void insert(Tx tx, StoredResource resource) {
    tx.add(
        "INSERT INTO resource (resource_id, name, port, created_on) VALUES (?, ?, ?, ?)",
        resource.id().value(),
        resource.name(),
        (long) resource.port(),
        resource.createdOn().toEpochMilli());
    for (var key : resource.keys().values()) {
      addKey(tx, resource.id(), key);
    }
    put(tx, resource.id(), resource.settings(), resource.state());
  }

  void addKey(Tx tx, ResourceId id, AccessKey key) {
    tx.add(
        "INSERT INTO resource_key (resource_id, slot, generation, sealed) VALUES (?, ?, ?, ?)",
        id.value(),
        key.slot().name(),
        (long) key.generation(),
        sealed(id, key));
  }

  /** Settings and state as they are from now on. */
  void put(Tx tx, ResourceId id, ServiceSettings settings, ResourceState state) {
    var deletedOn = 0L;
    var purgeOn = 0L;
    var word = "active";
    switch (state) {
      case ResourceState.Active _ -> {}
      case ResourceState.Deleted deleted -> {
        word = "deleted";
        deletedOn = deleted.deletedOn().toEpochMilli();
        purgeOn = deleted.purgeOn().toEpochMilli();
      }
      case ResourceState.Erasing _ -> word = "erasing";
    }
    tx.run("DELETE FROM resource_setting WHERE resource_id = ?", id.value());
    tx.add(
        "INSERT INTO resource_setting (resource_id, detail, state, deleted_on, purge_on) VALUES (?, ?, ?, ?, ?)",
        id.value(),
        Json.text(settings),
        word,
        deletedOn,
        purgeOn);
  }

  void setPort(Tx tx, ResourceId id, int port) {
    tx.run("UPDATE resource SET port = ? WHERE resource_id = ?", (long) port, id.value());
  }

  void replaceKey(Tx tx, ResourceId id, AccessKey key) {
    tx.run(
        "UPDATE resource_key SET generation = ?, sealed = ? WHERE resource_id = ? AND slot = ?",
        (long) key.generation(),
        sealed(id, key),
        id.value(),
        key.slot().name());
  }

  void delete(Tx tx, ResourceId id) {
    tx.run("DELETE FROM resource WHERE resource_id = ?", id.value());
    tx.run("DELETE FROM resource_key WHERE resource_id = ?", id.value());
    tx.run("DELETE FROM resource_setting WHERE resource_id = ?", id.value());
  }

  Optional<StoredResource> find(Rows rows, ResourceId id) {
    var keys = keys(rows, id);
    var setting =
        rows.one(
            "SELECT detail, state, deleted_on, purge_on FROM resource_setting WHERE resource_id = ?",
            row -> {
              var settings = Json.read(row.text(1), ServiceSettings.class);
              var state =
                  switch (row.text(2)) {
                    case "deleted" -> new ResourceState.Deleted(row.time(3), row.time(4));
                    case "erasing" -> new ResourceState.Erasing();
                    default -> new ResourceState.Active();
                  };
              return Map.entry(settings, state);
            },
            id.value());
    return rows.one(
        "SELECT name, port, created_on FROM resource WHERE resource_id = ?",
        row ->
            new StoredResource(
                id,
                row.text(1),
                (int) row.number(2),
                row.time(3),
                keys,
                setting
                    .map(Map.Entry::getKey)
                    .orElseGet(() -> defaults.apply(new StoredName(id, row.text(1), row.time(3)))),
                setting.<ResourceState>map(Map.Entry::getValue).orElse(new ResourceState.Active())),
        id.value());
  }

  List<ResourceId> all(Rows rows) {
    return rows.all(
        "SELECT target_id FROM resource_name WHERE resource_id = ? ORDER BY name",
        row -> new ResourceId(row.text(1)),
        HOUSE);
  }

  /** The keys of a resource, or of the house. */
  Map<KeySlot, AccessKey> keys(Rows rows, ResourceId id) {
    var keys = new EnumMap<KeySlot, AccessKey>(KeySlot.class);
    for (var key :
        rows.all(
            "SELECT slot, generation, sealed FROM resource_key WHERE resource_id = ? ORDER BY slot",
            row -> {
              var slot = KeySlot.valueOf(row.text(1));
              var secret = sealer.unseal(row.text(3), purpose(id, slot));
              return new AccessKey(slot, (int) row.number(2), secret);
            },
            id.value())) {
      keys.put(key.slot(), key);
    }
    return keys;
  }

  /** The house's own key, which signs links of lists; made when it is not there. */
  AccessKey houseKey(Tx tx, Secret fresh) {
    var there = keys(tx, ResourceId.HOUSE).get(KeySlot.PRINCIPAL);
    if (there != null) {
      return there;
    }
    var key = new AccessKey(KeySlot.PRINCIPAL, 1, fresh);
    addKey(tx, ResourceId.HOUSE, key);
    return key;
  }

  private String sealed(ResourceId id, AccessKey key) {
    return sealer.seal(key.secret(), purpose(id, key.slot()));
  }

  private static String purpose(ResourceId id, KeySlot slot) {
    return "access-key/" + id.value() + "/" + slot.name();
  }
}
