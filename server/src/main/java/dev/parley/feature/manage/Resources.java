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
import dev.parley.base.words.ResourceId;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The front door of the resources: what each operation does. The edge finds them in the {@link
 * Register}; how they end is in {@link Deletions}.
 */
public final class Resources {
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
  private final Register register;
  private final Deletions deletions;

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
    this.register = new Register(config, store, rows);
    this.deletions = new Deletions(config, store, rows, register, places, clock);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return ManageSchema.MIGRATIONS;
  }

  /** Tables that a copy of a resource leaves alone. */
  public static List<String> tablesNotCopied() {
    return ManageSchema.NOT_COPIED;
  }

  /** Where the edge finds them. */
  public Register register() {
    return register;
  }

  /** How they end. */
  Deletions deletions() {
    return deletions;
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
    deletions.start(holders);
    var endpoint =
        config.publicUrl().isEmpty()
            ? URI.create("https://localhost" + (mainPort == 443 ? "" : ":" + mainPort))
            : URI.create(config.publicUrl().replaceAll("/+$", ""));
    places.start();
    var fresh = Secret.random(random, KEY_BYTES);
    var houseKeys =
        store.write(
            ResourceStore.partition(ResourceId.HOUSE),
            tx -> Map.of(KeySlot.PRINCIPAL, rows.houseKey(tx, fresh)));
    register.start(endpoint, houseKeys, listeners);
    var there = register.byName(config.defaultName()).map(Resources::created);
    return there.isPresent() || !config.makeDefault()
        ? there
        : Optional.of(create(config.defaultName(), Origin.service("manage")));
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
    return make(name, atHome(name), origin, Optional.of(register.named(source).resource().id()));
  }

  /** Makes a resource in a group. */
  ResourceTable.Entry create(ServiceSettings settings, Origin origin) {
    make(settings.name(), settings, origin, Optional.empty());
    return register.named(settings.name());
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
    return register.all().stream().filter(ResourceTable::isActive).toList();
  }

  /** All that may be brought back. */
  List<ResourceTable.Entry> deleted() {
    return register.all().stream()
        .filter(entry -> entry.stored().state() instanceof ResourceState.Deleted)
        .toList();
  }

  /** One resource by name. */
  public Created get(String name) {
    return created(register.named(name));
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
    var holder = register.byName(name);
    if (holder.isPresent() && !ResourceTable.isActive(holder.get())) {
      register.reload(holder.get().resource().id());
      holder = register.byName(name);
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
    register.reload(id);
    return register.known(id);
  }

  /**
   * Puts a new secret into the slot; tokens and connections made with the old one end at once.
   *
   * @return with the connection string of the new key
   */
  public Created regenerateKey(String name, KeySlot slot, Origin origin) {
    var id = register.named(name).resource().id();
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
    register.reload(id);
    var entry = register.named(name);
    return new Created(entry.resource(), connectionString(entry, slot));
  }

  /** Keeps everything true to what other processes commit; the start reads what was before. */
  public void hear(JournalRow row) {
    if (register.isLoaded()) {
      places.hear(row);
      register.hear(row);
    }
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
    register.reload(id);
    register.listen(stored);
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
