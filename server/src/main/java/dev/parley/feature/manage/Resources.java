package dev.parley.feature.manage;

import dev.parley.base.arm.ArmId;
import dev.parley.base.arm.SystemData;
import dev.parley.base.blob.Blobs;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Secret;
import dev.parley.base.store.Erasable;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.ResourceCopy;
import dev.parley.base.store.Store;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door of the resources: what each operation does, and the directory by which the edge
 * finds them.
 *
 * <p>The directory answers from memory. A change of this process shows at once; one of another
 * process when its event is heard.
 */
public final class Resources implements ResourceDirectory {
  private static final Logger log = LoggerFactory.getLogger(Resources.class);
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int KEY_BYTES = 64;
  private static final String DATA_LOCATION = "United States";

  private final ManageConfig config;
  private final Store store;
  private final Places places;
  private final ResourceStore rows;
  private final ResourceCopy copy;
  private final Blobs blobs;
  private final InstantSource clock;
  private final SecureRandom random;
  private final ReentrantLock changes = new ReentrantLock();
  private Listeners listeners = NO_LISTENERS;
  private List<Erasable> holders = List.of();
  private Consumer<ArmId> aftermath = _ -> {};
  private volatile ResourceTable table;
  private volatile Map<KeySlot, AccessKey> houseKeys = Map.of();

  private static final Listeners NO_LISTENERS =
      new Listeners() {
        @Override
        public int open(ResourceId resource, int port) {
          return 0;
        }

        @Override
        public void close(ResourceId resource) {}
      };

  public Resources(
      ManageConfig config,
      Store store,
      Sealer sealer,
      ResourceCopy copy,
      Blobs blobs,
      InstantSource clock,
      SecureRandom random) {
    this.config = config;
    this.store = store;
    this.places = new Places(config, store, clock);
    this.rows = new ResourceStore(sealer, this::settingsOfOld);
    this.copy = copy;
    this.blobs = blobs;
    this.clock = clock;
    this.random = random;
    this.table = new ResourceTable(config, URI.create("https://localhost"), List.of());
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return ManageSchema.MIGRATIONS;
  }

  /** Tables that a copy of a resource leaves alone. */
  public static List<String> tablesNotCopied() {
    return ManageSchema.NOT_COPIED;
  }

  /** Subscriptions, groups and locks. */
  Places places() {
    return places;
  }

  /**
   * Loads the resources, makes the default one when there is none, and opens the others' listeners.
   * Called once, when the main listener's port is known.
   *
   * @return the default resource; empty where nobody has made it yet
   */
  public Optional<Created> start(int mainPort, Listeners listeners, List<Erasable> holders) {
    this.listeners = listeners;
    this.holders = List.copyOf(holders);
    var endpoint =
        config.publicUrl().isEmpty()
            ? URI.create("https://localhost" + (mainPort == 443 ? "" : ":" + mainPort))
            : URI.create(config.publicUrl().replaceAll("/+$", ""));
    places.start();
    var fresh = Secret.random(random, KEY_BYTES);
    houseKeys =
        store.write(
            ResourceStore.partition(ResourceId.HOUSE),
            tx -> Map.of(KeySlot.PRINCIPAL, rows.houseKey(tx, fresh)));
    var stored =
        store.read(tx -> rows.all(tx).stream().flatMap(id -> rows.find(tx, id).stream()).toList());
    table = new ResourceTable(config, endpoint, stored);
    for (var entry : table.all()) {
      if (config.ownPorts() && ResourceTable.isActive(entry) && !table.isDefault(entry.stored())) {
        listen(entry.stored());
      }
    }
    var there = table.byName(config.defaultName()).map(Resources::created);
    return there.isPresent() || !config.makeDefault()
        ? there
        : Optional.of(create(config.defaultName(), Origin.service("manage")));
  }

  /** Says what else goes with a resource that is erased; before the start. */
  void whenGone(Consumer<ArmId> aftermath) {
    this.aftermath = aftermath;
  }

  /** A resource with a connection string: its primary key's, where nothing else is said. */
  public record Created(Resource resource, String connectionString) {}

  /**
   * Makes an empty resource with two new keys.
   *
   * @throws Refusal 400 for a bad name, 409 for one in use
   */
  public Created create(String name, Origin origin) {
    return make(name, atHome(name), origin, Optional.empty());
  }

  /**
   * Makes a resource with everything the source holds: users keep the second part of their ids,
   * threads and messages theirs; keys are new.
   */
  public Created clone(String source, String name, Origin origin) {
    return make(name, atHome(name), origin, Optional.of(entry(source).resource().id()));
  }

  /** Makes a resource in a group. */
  ResourceTable.Entry create(ServiceSettings settings, Origin origin) {
    make(settings.name(), settings, origin, Optional.empty());
    return entry(settings.name());
  }

  /** Settings of a resource that the operator makes by its name alone. */
  ServiceSettings atHome(String name) {
    return settings(places.home(), name, DATA_LOCATION, Places.operator());
  }

  /** Settings as they are when nobody says anything. */
  ServiceSettings settings(ArmId group, String name, String dataLocation, Caller.Principal maker) {
    return new ServiceSettings(
        group.subscription(),
        group.name(),
        name,
        dataLocation,
        Map.of(),
        false,
        ServiceSettings.ENABLED,
        List.of(),
        null,
        1,
        SystemData.made(maker, clock.instant()));
  }

  private ServiceSettings settingsOfOld(ResourceStore.StoredName old) {
    var maker = Places.operator();
    var settings = settings(places.home(), old.name(), DATA_LOCATION, maker);
    return new ServiceSettings(
        settings.subscription(),
        settings.group(),
        settings.name(),
        settings.dataLocation(),
        settings.tags(),
        settings.disableLocalAuth(),
        settings.publicNetwork(),
        settings.linkedDomains(),
        null,
        1,
        SystemData.made(maker, old.createdOn()));
  }

  /** All resources in use, the default one first. */
  public List<Created> list() {
    return entries().stream().map(Resources::created).toList();
  }

  /** All in use with everything that is known of them. */
  List<ResourceTable.Entry> entries() {
    return table.all().stream().filter(ResourceTable::isActive).toList();
  }

  /** All that may be brought back. */
  List<ResourceTable.Entry> deleted() {
    return table.all().stream()
        .filter(entry -> entry.stored().state() instanceof ResourceState.Deleted)
        .toList();
  }

  /** One resource by name. */
  public Created get(String name) {
    return created(entry(name));
  }

  /** One in use by its id on the management plane. */
  Optional<ResourceTable.Entry> find(ArmId id) {
    return table.byArmId(id).filter(ResourceTable::isActive);
  }

  /** Whether the name can be had; the words say why it cannot. */
  Optional<Refusal> whyNot(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(lower).matches()) {
      return Optional.of(ManageProblems.badName(name));
    }
    return holder(lower).map(Resources::taken);
  }

  /** Who has the name now; another process may have erased a deleted one a moment ago. */
  private Optional<ResourceTable.Entry> holder(String name) {
    var holder = table.byName(name);
    if (holder.isPresent() && !ResourceTable.isActive(holder.get())) {
      reload(holder.get().resource().id());
      holder = table.byName(name);
    }
    return holder;
  }

  private static Refusal taken(ResourceTable.Entry entry) {
    return entry.stored().state() instanceof ResourceState.Deleted
        ? ManageProblems.nameDeleted(entry.resource().name())
        : ManageProblems.nameTaken(entry.resource().name());
  }

  /**
   * Changes settings on the basis of those that are there.
   *
   * @throws Refusal 404 when it was deleted meanwhile
   */
  ResourceTable.Entry update(
      ResourceId id, UnaryOperator<ServiceSettings> next, Caller.Principal caller) {
    var now = clock.instant();
    store.write(
        ResourceStore.partition(id),
        tx -> {
          var current =
              rows.find(tx, id)
                  .filter(one -> one.state().isActive())
                  .orElseThrow(() -> ManageProblems.notFound(id.value()));
          var old = current.settings();
          var wanted = next.apply(old);
          var changed =
              new ServiceSettings(
                  old.subscription(),
                  old.group(),
                  old.name(),
                  old.dataLocation(),
                  wanted.tags(),
                  wanted.disableLocalAuth(),
                  wanted.publicNetwork(),
                  wanted.linkedDomains(),
                  wanted.identity(),
                  old.version() + 1,
                  old.made().changed(caller, now));
          rows.put(tx, id, changed, current.state());
          tx.publish(
              new ResourceEvent.Updated(
                  changed.disableLocalAuth() && !old.disableLocalAuth(),
                  !changed.isPublic() && old.isPublic()),
              caller.origin());
          return true;
        });
    reload(id);
    return byIdOrGone(id);
  }

  private ResourceTable.Entry byIdOrGone(ResourceId id) {
    return table.byId(id).orElseThrow(() -> ManageProblems.notFound(id.value()));
  }

  /** Erases everything the resource holds; its name, endpoint and keys stay. */
  public Created reset(String name, Origin origin) {
    var entry = entry(name);
    erase(entry.resource().id());
    store.write(
        ResourceStore.partition(entry.resource().id()),
        tx -> {
          tx.publish(new ResourceEvent.Reset(), origin);
          return true;
        });
    return created(entry);
  }

  /**
   * Ends the resource: its tokens and listener at once, its data before this returns; where
   * deletions can be undone, later.
   */
  public void delete(String name, Origin origin) {
    var id = remove(entry(name), origin);
    if (config.undoTime().isZero()) {
      purge(id);
    }
  }

  /**
   * The first half: tokens, sockets and listener end. What remains is {@link #purge}, at once or
   * when the time to undo is over.
   */
  ResourceId remove(ResourceTable.Entry entry, Origin origin) {
    if (table.isDefault(entry.stored())) {
      throw ManageProblems.defaultStays();
    }
    var id = entry.resource().id();
    var now = clock.instant();
    var state =
        config.undoTime().isZero()
            ? new ResourceState.Erasing()
            : new ResourceState.Deleted(now, now.plus(config.undoTime()));
    store.write(
        ResourceStore.partition(id),
        tx -> {
          var current =
              rows.find(tx, id)
                  .filter(one -> one.state().isActive())
                  .orElseThrow(() -> ManageProblems.notFound(entry.resource().name()));
          rows.put(tx, id, current.settings(), state);
          tx.publish(new ResourceEvent.Deleted(), origin);
          return true;
        });
    reload(id);
    listeners.close(id);
    return id;
  }

  /** Whether deleting leaves time to undo it. */
  boolean undoes() {
    return !config.undoTime().isZero();
  }

  /** Brings a deleted resource back as it was; tokens made before the deletion count again. */
  public Created restore(String name, Origin origin) {
    var id = deletedOf(name).resource().id();
    store.write(
        ResourceStore.partition(id),
        tx -> {
          var current =
              rows.find(tx, id)
                  .filter(one -> one.state() instanceof ResourceState.Deleted)
                  .orElseThrow(() -> ManageProblems.notDeleted(name));
          rows.put(tx, id, current.settings(), new ResourceState.Active());
          tx.publish(new ResourceEvent.Restored(), origin);
          return true;
        });
    reload(id);
    var entry = entry(name);
    if (config.ownPorts() && !table.isDefault(entry.stored())) {
      listen(entry.stored());
    }
    return get(name);
  }

  /** Erases a deleted resource before its time. */
  public void purge(String name, Origin origin) {
    var entry = deletedOf(name);
    log.info("resource {} is erased for {}", name, origin.actor());
    purge(entry.resource().id());
  }

  /** One that may be brought back. */
  ResourceTable.Entry deletedOf(String name) {
    return table
        .byName(name.toLowerCase(Locale.ROOT))
        .filter(entry -> entry.stored().state() instanceof ResourceState.Deleted)
        .orElseThrow(() -> ManageProblems.notDeleted(name));
  }

  /** Erases what has waited long enough; what a crash cut off, again. Called now and then. */
  void finishErasures() {
    var now = clock.instant();
    for (var entry : table.all()) {
      var due =
          switch (entry.stored().state()) {
            case ResourceState.Active _ -> false;
            case ResourceState.Deleted deleted -> !deleted.purgeOn().isAfter(now);
            case ResourceState.Erasing _ -> true;
          };
      if (due) {
        purge(entry.resource().id());
      }
    }
  }

  /** The second half of deleting; done again without harm. */
  void purge(ResourceId id) {
    var stored =
        store.write(
            ResourceStore.partition(id),
            tx -> {
              var current = rows.find(tx, id).filter(one -> !one.state().isActive());
              current.ifPresent(
                  one -> rows.put(tx, id, one.settings(), new ResourceState.Erasing()));
              return current;
            });
    if (stored.isEmpty()) {
      return;
    }
    erase(id);
    store.write(
        ResourceStore.partition(id),
        tx -> {
          rows.delete(tx, id);
          return true;
        });
    store.write(
        ResourceStore.NAMES,
        tx -> {
          rows.release(tx, stored.get().name(), id);
          return true;
        });
    reload(id);
    var gone = stored.get().settings().id();
    places.forgetLocks(gone, Origin.service("manage"));
    aftermath.accept(gone);
  }

  /**
   * Puts a new secret into the slot; tokens and connections made with the old one end at once.
   *
   * @return with the connection string of the new key
   */
  public Created regenerateKey(String name, KeySlot slot, Origin origin) {
    var id = entry(name).resource().id();
    var secret = Secret.random(random, KEY_BYTES);
    store.write(
        ResourceStore.partition(id),
        tx -> {
          var current =
              rows.find(tx, id)
                  .filter(one -> one.state().isActive())
                  .orElseThrow(() -> ManageProblems.notFound(name));
          var old = current.keys().get(slot);
          var generation = old == null ? 1 : old.generation() + 1;
          rows.replaceKey(tx, id, new AccessKey(slot, generation, secret));
          tx.publish(new ResourceEvent.KeyRegenerated(slot, generation), origin);
          return true;
        });
    reload(id);
    var entry = entry(name);
    return new Created(entry.resource(), connectionString(entry, slot));
  }

  /** Keeps the directory true to what other processes commit. */
  public void hear(JournalRow row) {
    if (houseKeys.isEmpty()) {
      // Nothing is loaded yet; the start reads everything.
      return;
    }
    places.hear(row);
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
            listeners.close(row.partition().resource());
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

  private Created make(
      String given, ServiceSettings settings, Origin origin, Optional<ResourceId> source) {
    var name = given.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw ManageProblems.badName(given);
    }
    var holder = holder(name);
    if (holder.isPresent()) {
      throw taken(holder.get());
    }
    var id = reserve(name);
    var fresh =
        new StoredResource(
            id, name, 0, clock.instant(), newKeys(), settings, new ResourceState.Active());
    var stored =
        store.write(
            ResourceStore.partition(id),
            tx -> {
              if (rows.exists(tx, id)) {
                throw ManageProblems.nameTaken(name);
              }
              rows.insert(tx, fresh);
              source.ifPresent(from -> copy.copy(tx, from, id));
              tx.publish(new ResourceEvent.Created(), origin);
              return fresh;
            });
    // After the rows, so that each blob that they name is copied; before anybody can ask for one.
    source.ifPresent(from -> blobs.copyAll(from, id));
    reload(id);
    if (config.ownPorts() && !table.isDefault(stored)) {
      listen(stored);
    }
    return get(name);
  }

  /** The id that goes with the name: a new one, or that of a creation that was cut off. */
  private ResourceId reserve(String name) {
    var fresh = new ResourceId(UUID.randomUUID().toString());
    return store.write(
        ResourceStore.NAMES,
        tx ->
            rows.named(tx, name)
                .orElseGet(() -> {
                  rows.reserve(tx, name, fresh);
                  return fresh;
                }));
  }

  private Map<KeySlot, AccessKey> newKeys() {
    var keys = new EnumMap<KeySlot, AccessKey>(KeySlot.class);
    for (var slot : KeySlot.values()) {
      keys.put(slot, new AccessKey(slot, 1, Secret.random(random, KEY_BYTES)));
    }
    return keys;
  }

  /** Listens on the port of last time; on another, kept from now on, when that one is taken. */
  private void listen(StoredResource stored) {
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

  private void erase(ResourceId id) {
    for (var holder : holders) {
      holder.eraseAll(id);
    }
  }

  /** Reads under the lock, so that an older reading never replaces a newer one. */
  private void reload(ResourceId id) {
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

  /** One in use, by name. */
  ResourceTable.Entry named(String name) {
    return entry(name);
  }

  private ResourceTable.Entry entry(String name) {
    return table
        .byName(name.toLowerCase(Locale.ROOT))
        .filter(ResourceTable::isActive)
        .orElseThrow(() -> ManageProblems.notFound(name));
  }

  private static Created created(ResourceTable.Entry entry) {
    return new Created(entry.resource(), connectionString(entry, KeySlot.PRIMARY));
  }

  static String connectionString(ResourceTable.Entry entry, KeySlot slot) {
    return StoredResource.connectionString(entry.resource(), keyOf(entry, slot));
  }

  static AccessKey keyOf(ResourceTable.Entry entry, KeySlot slot) {
    var key = entry.stored().keys().get(slot);
    if (key == null) {
      throw new IllegalStateException("Resource " + entry.resource().name() + " has no key.");
    }
    return key;
  }
}
