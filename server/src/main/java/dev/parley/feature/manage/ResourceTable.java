package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An immutable picture of all resources, by everything they are looked up by. */
final class ResourceTable {
  /** A resource with its stored row. */
  record Entry(Resource resource, StoredResource stored) {}

  private final Map<ResourceId, Entry> byId = new HashMap<>();
  private final Map<String, Entry> byName = new HashMap<>();
  private final Map<Integer, Entry> byPort = new HashMap<>();
  private final Map<String, Entry> byArmId = new HashMap<>();
  private final ManageConfig config;
  private final URI mainEndpoint;

  ResourceTable(ManageConfig config, URI mainEndpoint, Collection<StoredResource> resources) {
    this.config = config;
    this.mainEndpoint = mainEndpoint;
    for (var stored : resources) {
      var entry = new Entry(new Resource(stored.id(), stored.name(), endpoint(stored)), stored);
      byId.put(stored.id(), entry);
      byName.put(stored.name(), entry);
      byArmId.put(stored.settings().id().key(), entry);
      if (stored.port() != 0) {
        byPort.put(stored.port(), entry);
      }
    }
  }

  /** The same with one resource replaced or added. */
  ResourceTable with(StoredResource resource) {
    var rows = stored();
    rows.removeIf(row -> row.id().equals(resource.id()));
    rows.add(resource);
    return new ResourceTable(config, mainEndpoint, rows);
  }

  /** The same without one resource. */
  ResourceTable without(ResourceId id) {
    var rows = stored();
    rows.removeIf(row -> row.id().equals(id));
    return new ResourceTable(config, mainEndpoint, rows);
  }

  Optional<Entry> byId(ResourceId id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<Entry> byName(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Optional<Entry> byPort(int port) {
    return Optional.ofNullable(byPort.get(port)).filter(ResourceTable::isActive);
  }

  Optional<Entry> byArmId(ArmId id) {
    return Optional.ofNullable(byArmId.get(id.key()));
  }

  static boolean isActive(Entry entry) {
    return entry.stored().state().isActive();
  }

  /**
   * By {@code <name>.<base domain>}; the default resource by its endpoint's host, and by any host
   * where that is allowed.
   */
  Optional<Entry> byHost(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    var suffix = "." + config.baseDomain();
    if (name.endsWith(suffix)) {
      // A label nobody has is refused, so that a mistyped name never reaches another tenant.
      return byName(name.substring(0, name.length() - suffix.length()))
          .filter(ResourceTable::isActive);
    }
    return config.anyHost() || name.equals(mainEndpoint.getHost())
        ? byName(config.defaultName())
        : Optional.empty();
  }

  /** The public address of the server. */
  URI mainEndpoint() {
    return mainEndpoint;
  }

  /** All, the default resource first, then by name; deleted ones too. */
  List<Entry> all() {
    return byId.values().stream()
        .sorted(
            Comparator.comparing((Entry entry) -> !isDefault(entry.stored()))
                .thenComparing(entry -> entry.resource().name()))
        .toList();
  }

  boolean isDefault(StoredResource stored) {
    return stored.name().equals(config.defaultName());
  }

  /** A list that the caller may change. */
  private List<StoredResource> stored() {
    return new ArrayList<>(byId.values().stream().map(Entry::stored).toList());
  }

  private URI endpoint(StoredResource stored) {
    if (isDefault(stored)) {
      return mainEndpoint;
    }
    var host = stored.name() + "." + config.baseDomain();
    var port = mainEndpoint.getPort();
    if (stored.port() != 0) {
      host = "localhost";
      port = stored.port();
    }
    return URI.create("https://" + host + (port < 0 || port == 443 ? "" : ":" + port));
  }
}
