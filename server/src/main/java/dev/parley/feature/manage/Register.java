package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Store;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory by which the edge finds the resources, with their listeners. It answers from
 * memory: a change of this process shows at once, one of another process when its event is heard.
 */
public final class Register implements ResourceDirectory {
  private static final Logger log = LoggerFactory.getLogger(Register.class);

  private static final Listeners NO_LISTENERS =
      new Listeners() {
        @Override
        public int open(ResourceId resource, int port) {
          return 0;
        }

        @Override
        public void close(ResourceId resource) {}
      };

  private final ManageConfig config;
  private final Store store;
  private final ResourceStore rows;
  private final ReentrantLock changes = new ReentrantLock();
  private Listeners listeners = NO_LISTENERS;
  private volatile ResourceTable table;
  private volatile Map<KeySlot, AccessKey> houseKeys = Map.of();

  Register(ManageConfig config, Store store, ResourceStore rows) {
    this.config = config;
    this.store = store;
    this.rows = rows;
    this.table = new ResourceTable(config, URI.create("https://localhost"), List.of());
  }

  /** Reads all resources and opens the listeners of those that have one of their own. */
  void start(URI endpoint, Map<KeySlot, AccessKey> houseKeys, Listeners listeners) {
    this.listeners = listeners;
    this.houseKeys = houseKeys;
    var stored =
        store.read(tx -> rows.all(tx).stream().flatMap(id -> rows.find(tx, id).stream()).toList());
    table = new ResourceTable(config, endpoint, stored);
    table.all().stream().filter(ResourceTable::isActive).forEach(entry -> listen(entry.stored()));
  }

  /** All, the default resource first, then by name; deleted ones too. */
  List<ResourceTable.Entry> all() {
    return table.all();
  }

  /** By its name in small letters; a deleted one too. */
  Optional<ResourceTable.Entry> byName(String name) {
    return table.byName(name);
  }

  /** One in use, by name in any case. */
  ResourceTable.Entry named(String name) {
    return table
        .byName(name.toLowerCase(Locale.ROOT))
        .filter(ResourceTable::isActive)
        .orElseThrow(() -> ManageProblems.notFound(name));
  }

  /** One that may be brought back, by name in any case. */
  ResourceTable.Entry deleted(String name) {
    return table
        .byName(name.toLowerCase(Locale.ROOT))
        .filter(entry -> entry.stored().state() instanceof ResourceState.Deleted)
        .orElseThrow(() -> ManageProblems.notDeleted(name));
  }

  /**
   * One by id, deleted or not.
   *
   * @throws Refusal 404 when there is none
   */
  ResourceTable.Entry known(ResourceId id) {
    return table.byId(id).orElseThrow(() -> ManageProblems.notFound(id.value()));
  }

  /** One in use by its id on the management plane. */
  Optional<ResourceTable.Entry> find(ArmId id) {
    return table.byArmId(id).filter(ResourceTable::isActive);
  }

  boolean isDefault(StoredResource stored) {
    return table.isDefault(stored);
  }

  /** Reads under the lock, so that an older reading never replaces a newer one. */
  void reload(ResourceId id) {
    Optional<StoredResource> stored;
    changes.lock();
    try {
      stored = store.read(tx -> rows.find(tx, id));
      table = stored.map(table::with).orElseGet(() -> table.without(id));
    } finally {
      changes.unlock();
    }
    if (stored.isEmpty()) {
      listeners.close(id);
    }
  }

  /**
   * Listens where resources have ports of their own: on the port of last time; on another, kept
   * from now on, when that one is taken.
   */
  void listen(StoredResource stored) {
    if (!config.ownPorts() || table.isDefault(stored)) {
      return;
    }
    var port = listeners.open(stored.id(), stored.port());
    if (port != stored.port()) {
      store.write(
          ResourceStore.partition(stored.id()),
          tx -> {
            rows.setPort(tx, stored.id(), port);
            return true;
          });
      reload(stored.id());
    }
    log.info("resource {} listens on port {}", stored.name(), port);
  }

  /** Closes the resource's own listener. */
  void silence(ResourceId id) {
    listeners.close(id);
  }

  /** Whether there has been a start. */
  boolean isLoaded() {
    return !houseKeys.isEmpty();
  }

  /** Keeps it true to what other processes commit. */
  void hear(JournalRow row) {
    if (row.event() instanceof ResourceEvent event) {
      switch (event) {
        case ResourceEvent.Created _,
            ResourceEvent.KeyRegenerated _,
            ResourceEvent.Updated _,
            ResourceEvent.Restored _ ->
            reload(row.partition().resource());
        case ResourceEvent.Deleted _ -> {
          reload(row.partition().resource());
          if (byId(row.partition().resource()).isEmpty()) {
            silence(row.partition().resource());
          }
        }
        case ResourceEvent.Reset _ -> {}
      }
    }
  }

  @Override
  public Optional<Resource> byHost(String host) {
    return table.byHost(host).filter(ResourceTable::isActive).map(ResourceTable.Entry::resource);
  }

  @Override
  public Optional<Resource> byPort(int port) {
    return table.byPort(port).map(ResourceTable.Entry::resource);
  }

  @Override
  public Optional<Resource> byId(ResourceId id) {
    return active(id).map(ResourceTable.Entry::resource);
  }

  @Override
  public Optional<AccessKey> key(ResourceId id, KeySlot slot) {
    return id.equals(ResourceId.HOUSE)
        ? Optional.ofNullable(houseKeys.get(slot))
        : active(id).map(entry -> entry.stored().keys().get(slot));
  }

  @Override
  public Resource house() {
    return new Resource(ResourceId.HOUSE, "house", table.mainEndpoint());
  }

  @Override
  public boolean takesKeys(ResourceId id) {
    return active(id).filter(entry -> entry.stored().settings().disableLocalAuth()).isEmpty();
  }

  @Override
  public boolean admits(ResourceId id, InetAddress from) {
    return active(id).filter(entry -> !entry.stored().settings().isPublic()).isEmpty()
        || config.privateNetworks().hold(from);
  }

  /** The id of a resource on the management plane. */
  public Optional<ArmId> idOf(ResourceId id) {
    return active(id).map(entry -> entry.stored().settings().id());
  }

  /** Where a resource's data are to lie; placement chooses its store by that. */
  public Optional<String> dataLocation(ResourceId id) {
    return table.byId(id).map(entry -> entry.stored().settings().dataLocation());
  }

  private Optional<ResourceTable.Entry> active(ResourceId id) {
    return table.byId(id).filter(ResourceTable::isActive);
  }
}
