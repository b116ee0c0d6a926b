package dev.parley.feature.manage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.arm.ArmId;
import dev.parley.base.blob.FileBlobs;
import dev.parley.base.event.ResourceEvent;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.ResourceCopy;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the room of resources promises through its front door, on every store. */
abstract class ResourcesContract {
  private static final Origin TEST = Origin.service("test");
  private static final Map<String, String> UNDO = Map.of("manage.undo-time", "7d");

  @TempDir private Path files;
  private final SecureRandom random = new SecureRandom();
  private Instant now = Instant.parse("2026-11-26T10:00:00Z");
  private final InstantSource clock = () -> now;
  private final List<ResourceId> erased = new ArrayList<>();
  private final List<ResourceId> closed = new ArrayList<>();
  private final List<ArmId> gone = new ArrayList<>();
  private boolean erasureFails;
  private Store store;

  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(Resources.migrations());
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** The room as a process has it, after its start. */
  private Resources room(Map<String, String> settings) {
    var all = new HashMap<>(Map.of("resource.ports", "false"));
    all.putAll(settings);
    var room =
        new Resources(
            ManageConfig.of(new Settings(all), true),
            store,
            new Sealer(LocalMasterKeys.of("", files.resolve("master.key"), random), random),
            new ResourceCopy(List.of(), Set.of()),
            new FileBlobs(files.resolve("blobs")),
            clock,
            random);
    room.deletions().whenGone(gone::add);
    room.start(8443, listeners(), List.of(this::erase));
    return room;
  }

  private void erase(ResourceId id) {
    if (erasureFails) {
      throw new IllegalStateException("the machine stops here");
    }
    erased.add(id);
  }

  private Listeners listeners() {
    return new Listeners() {
      @Override
      public int open(ResourceId resource, int port) {
        return 0;
      }

      @Override
      public void close(ResourceId resource) {
        closed.add(resource);
      }
    };
  }

  @Test
  void theFirstStartMakesASubscriptionAGroupAndTheDefaultResource() {
    var room = room(Map.of());
    var home = room.places().home();
    assertEquals("parley", home.group().orElseThrow());
    var id = home.provider("Microsoft.Communication", "communicationServices", "parley");
    assertTrue(room.register().find(id).isPresent());
    assertEquals(home, room(Map.of()).places().home());
    var wanted = "00000000-0000-0000-0000-000000000001";
    var moved = room(Map.of("manage.subscription", wanted, "manage.group", "other"));
    assertEquals(ArmId.ofSubscription(wanted).inGroup("other"), moved.places().home());
    assertEquals(2, moved.places().subscriptions().size());
  }

  @Test
  void theHouseHasOneKeyForItsLinks() {
    var key = room(Map.of()).register().key(ResourceId.HOUSE, KeySlot.PRINCIPAL);
    assertTrue(key.isPresent());
    assertEquals(key, room(Map.of()).register().key(ResourceId.HOUSE, KeySlot.PRINCIPAL));
    assertEquals(
        Optional.empty(), room(Map.of()).register().key(ResourceId.HOUSE, KeySlot.PRIMARY));
  }

  @Test
  void aDeletedResourceIsGoneAndItsNameFreeAtOnce() {
    var room = room(Map.of());
    var id = room.create("one", TEST).resource().id();
    room.deletions().delete("one", TEST);
    assertEquals(List.of(id), erased);
    assertEquals("one", gone.getFirst().name());
    assertTrue(closed.contains(id));
    assertEquals(Optional.empty(), room.register().byId(id));
    assertEquals(Optional.empty(), room.register().byHost("one.communication.localhost"));
    assertEquals(Optional.empty(), room.register().key(id, KeySlot.PRIMARY));
    assertNotEquals(id, room.create("one", TEST).resource().id());
    refused(404, "ResourceNotFound", () -> room.deletions().restore("one", TEST));
  }

  @Test
  void aDeletionIsUndoneInTime() {
    var room = room(UNDO);
    var before = room.create("one", TEST);
    var id = before.resource().id();
    room.deletions().delete("one", TEST);
    assertEquals(Optional.empty(), room.register().byId(id));
    assertEquals(Optional.empty(), room.register().key(id, KeySlot.PRIMARY));
    assertEquals(List.of(), erased);
    refused(409, "NameUnavailable", () -> room.create("one", TEST));
    refused(404, "ResourceNotFound", () -> room.get("one"));
    refused(404, "ResourceNotFound", () -> room.deletions().delete("one", TEST));
    refused(404, "ResourceNotFound", () -> room.regenerateKey("one", KeySlot.PRIMARY, TEST));
    assertEquals(List.of("one"), room.deleted().stream().map(e -> e.resource().name()).toList());

    now = now.plus(Duration.ofDays(6));
    room.deletions().finishErasures();
    room.deletions().restore("one", TEST);
    assertEquals(before, room.get("one"));
    assertTrue(room.register().byHost("one.communication.localhost").isPresent());
    now = now.plus(Duration.ofDays(30));
    room.deletions().finishErasures();
    assertEquals(before, room.get("one"));
    assertEquals(List.of(), erased);
  }

  @Test
  void aDeletionThatNobodyUndoesBecomesFinal() {
    var room = room(UNDO);
    var id = room.create("one", TEST).resource().id();
    room.deletions().delete("one", TEST);
    now = now.plus(Duration.ofDays(7));
    // After a restart as well.
    var later = room(UNDO);
    later.deletions().finishErasures();
    assertEquals(List.of(id), erased);
    refused(404, "ResourceNotFound", () -> later.deletions().restore("one", TEST));
    later.create("one", TEST);
  }

  @Test
  void aDeletionIsMadeFinalBeforeItsTime() {
    var room = room(UNDO);
    var id = room.create("one", TEST).resource().id();
    refused(404, "ResourceNotFound", () -> room.deletions().purge("one", TEST));
    room.deletions().delete("one", TEST);
    room.deletions().purge("one", TEST);
    assertEquals(List.of(id), erased);
    room.create("one", TEST);
  }

  @Test
  void anErasureThatWasCutOffIsFinishedAndNobodyInheritsTheData() {
    var room = room(Map.of());
    var id = room.create("one", TEST).resource().id();
    erasureFails = true;
    assertThrows(IllegalStateException.class, () -> room.deletions().delete("one", TEST));
    assertEquals(Optional.empty(), room.register().byId(id));
    refused(409, "NameUnavailable", () -> room.create("one", TEST));
    erasureFails = false;
    var restarted = room(Map.of());
    restarted.deletions().finishErasures();
    assertEquals(List.of(id), erased);
    assertNotEquals(id, restarted.create("one", TEST).resource().id());
  }

  @Test
  void aCreationThatWasCutOffIsTakenOver() {
    room(Map.of());
    var half = new ResourceId("00000000-0000-0000-0000-00000000000a");
    store.write(
        ResourceStore.NAMES,
        tx -> {
          tx.add(
              "INSERT INTO resource_name (resource_id, name, target_id) VALUES (?, ?, ?)",
              ResourceId.HOUSE.value(),
              "half",
              half.value());
          return true;
        });
    assertEquals(half, room(Map.of()).create("half", TEST).resource().id());
  }

  @Test
  void anotherProcessFollows() {
    var room = room(UNDO);
    var other = room(UNDO);
    var id = room.create("one", TEST).resource().id();
    hear(other);
    assertTrue(other.register().byId(id).isPresent());
    update(room, id, settings -> with(settings, true, "Disabled"));
    assertTrue(other.register().takesKeys(id));
    hear(other);
    assertFalse(other.register().takesKeys(id));
    room.deletions().delete("one", TEST);
    hear(other);
    assertEquals(Optional.empty(), other.register().byId(id));
    room.deletions().restore("one", TEST);
    hear(other);
    assertTrue(other.register().byId(id).isPresent());
    room.deletions().delete("one", TEST);
    room.deletions().purge("one", TEST);
    hear(other);
    other.create("one", TEST);
  }

  @Test
  void settingsAct() throws Exception {
    var room = room(Map.of("manage.private-networks", "10.1.0.0/16"));
    var id = room.create("one", TEST).resource().id();
    var inside = InetAddress.ofLiteral("10.1.2.3");
    var outside = InetAddress.ofLiteral("127.0.0.1");
    assertTrue(room.register().takesKeys(id));
    assertTrue(room.register().admits(id, outside));
    update(room, id, settings -> with(settings, true, "Disabled"));
    assertFalse(room.register().takesKeys(id));
    assertFalse(room.register().admits(id, outside));
    assertTrue(room.register().admits(id, inside));
    update(room, id, settings -> with(settings, true, "SecuredByPerimeter"));
    assertFalse(room.register().admits(id, outside));
    update(room, id, settings -> with(settings, false, "Enabled"));
    assertTrue(room.register().takesKeys(id));
    assertTrue(room.register().admits(id, outside));
    assertEquals(
        List.of(
            new ResourceEvent.Updated(true, true),
            new ResourceEvent.Updated(false, false),
            new ResourceEvent.Updated(false, false)),
        journal().stream()
            .map(JournalRow::event)
            .filter(ResourceEvent.Updated.class::isInstance)
            .toList());
    assertEquals("\"4\"", room.register().named("one").stored().settings().etag());
  }

  @Test
  void aResourceOfBeforeItHadSettingsHasTheUsualOnes() {
    var room = room(Map.of());
    var id = room.create("old", TEST).resource().id();
    store.write(
        ResourceStore.partition(id),
        tx -> tx.run("DELETE FROM resource_setting WHERE resource_id = ?", id.value()));
    var later = room(Map.of());
    var settings = later.register().named("old").stored().settings();
    assertEquals(later.places().home(), settings.id().parent());
    assertTrue(settings.isPublic());
    update(later, id, one -> with(one, true, "Enabled"));
    assertFalse(room(Map.of()).register().takesKeys(id));
  }

  @Test
  void placementGoesByTheDataLocation() {
    var room = room(Map.of());
    var home = room.places().home();
    var europe =
        room.create(room.settings(home, "eu", "Europe", Places.operator()), TEST).resource().id();
    var states = room.create("us", TEST).resource().id();
    try (var abroad = new Elsewhere(store)) {
      var placement = new Placement(room.register()::dataLocation, Map.of("europe", abroad), store);
      assertEquals(abroad, placement.of(europe));
      assertEquals(store, placement.of(states));
      assertEquals(store, placement.of(ResourceId.HOUSE));
    }
  }

  @Test
  void aGroupChangesOnTheBasisOfWhatIsThere() {
    var places = room(Map.of()).places();
    var id = ArmId.ofSubscription(places.home().subscription()).inGroup("Group");
    var caller = Places.operator();
    places.putGroup(id, _ -> places.fresh(id, "west", Map.of("a", "b"), "", caller), TEST);
    var shouted = ArmId.parse(id.toString().toUpperCase(java.util.Locale.ROOT)).orElseThrow();
    assertEquals("Group", places.group(shouted).orElseThrow().id().name());
    places.putGroup(
        shouted, there -> places.changed(there.orElseThrow(), Map.of(), "", caller), TEST);
    assertEquals("\"2\"", places.group(id).orElseThrow().etag());
    places.deleteGroup(shouted, TEST);
    assertEquals(Optional.empty(), places.group(id));
  }

  @Test
  void theStrictestLockAboveCounts() {
    var room = room(Map.of());
    var places = room.places();
    var view = new ManagePlaces(room);
    var home = places.home();
    var service = room.register().idOf(room.create("one", TEST).resource().id()).orElseThrow();
    lock(places, home, "keep", "CanNotDelete");
    assertFalse(view.lock(service).orElseThrow().readOnly());
    lock(places, service, "freeze", "ReadOnly");
    assertTrue(view.lock(service).orElseThrow().readOnly());
    assertFalse(view.lock(home).orElseThrow().readOnly());
    assertTrue(view.lockOnDelete(home).orElseThrow().readOnly());
    assertEquals(Optional.empty(), view.lock(home.subscriptionId()));
    assertTrue(view.lockOnDelete(home.subscriptionId()).isPresent());
    assertTrue(places.deleteLock(home.provider("Microsoft.Authorization", "locks", "KEEP"), TEST));
    assertEquals(Optional.empty(), view.lock(home));
    room.deletions().delete("one", TEST);
    assertEquals(List.of(), places.locks());
  }

  @Test
  void statusesAreKeptForADay() {
    var statuses = new StatusRows(store, clock);
    var target = ArmId.ofSubscription("s").inGroup("g");
    var id = statuses.begin(target);
    assertTrue(statuses.find(id).orElseThrow().isRunning());
    statuses.end(id, Optional.empty());
    assertEquals("Succeeded", statuses.find(id).orElseThrow().state());
    var failed = statuses.begin(target);
    statuses.end(failed, Optional.of(new dev.parley.base.arm.ArmStatuses.Failure("Code", "words")));
    assertEquals("Code", statuses.find(failed).orElseThrow().code());
    statuses.end("unknown", Optional.empty());
    now = now.plus(Duration.ofHours(25));
    statuses.begin(target);
    assertEquals(Optional.empty(), statuses.find(id));
  }

  private static void lock(Places places, ArmId scope, String name, String level) {
    var made = dev.parley.base.arm.SystemData.made(Places.operator(), Instant.EPOCH);
    places.putLock(new Places.Lock(scope, name, level, "", made), TEST);
  }

  private static void update(Resources room, ResourceId id, UnaryOperator<ServiceSettings> next) {
    room.update(id, next, Places.operator());
  }

  private static ServiceSettings with(ServiceSettings old, boolean noKeys, String network) {
    return new ServiceSettings(
        old.subscription(),
        old.group(),
        old.name(),
        old.dataLocation(),
        old.tags(),
        noKeys,
        network,
        old.linkedDomains(),
        old.identity(),
        old.version(),
        old.made());
  }

  private void hear(Resources room) {
    journal().forEach(room::hear);
  }

  private List<JournalRow> journal() {
    var rows = new ArrayList<JournalRow>();
    for (Shard shard : store.heads().keySet()) {
      rows.addAll(store.journal(shard, 0, 500));
    }
    return rows;
  }

  private static void refused(int status, String code, Executable work) {
    var refusal = assertThrows(Refusal.class, work);
    assertEquals(status + " " + code, refusal.status() + " " + refusal.code());
  }

  /** A second store; nothing is stored in it here. */
  private record Elsewhere(Store other) implements Store {
    @Override
    public <T> T write(PartitionKey partition, dev.parley.base.store.Unit<T> unit) {
      return other.write(partition, unit);
    }

    @Override
    public <T> T read(dev.parley.base.store.Query<T> query) {
      return other.read(query);
    }

    @Override
    public List<JournalRow> journal(Shard shard, long after, int limit) {
      return other.journal(shard, after, limit);
    }

    @Override
    public Map<Shard, Long> heads() {
      return other.heads();
    }

    @Override
    public void onCommit(java.util.function.Consumer<List<JournalRow>> listener) {}

    @Override
    public void backup(Path target) {}

    @Override
    public List<String> check() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
