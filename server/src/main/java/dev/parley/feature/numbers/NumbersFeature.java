package dev.parley.feature.numbers;

import dev.parley.base.bus.Bus;
import dev.parley.base.event.NumberEvent;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.ServiceClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The parts of numbers put together. */
public final class NumbersFeature implements Feature {
  private final Store store;
  private final Bus bus;
  private final DueJobs dueJobs;
  private final Inventory inventory;
  private final Leases leases;
  private final Holds holds;
  private final Settlement settlement;
  private final Optional<DeveloperNumbers> developer;
  private final Numbers numbers;
  private final Catalogue catalogue;
  private final Operations operations;
  private final Reservations reservations;
  private final OperatorLookup lookup;

  public NumbersFeature(
      NumbersConfig config,
      Store store,
      Bus bus,
      DueJobs dueJobs,
      ServiceClock clock,
      SecureRandom random) {
    this.store = store;
    this.bus = bus;
    this.dueJobs = dueJobs;
    this.inventory = new Inventory(store, dueJobs, clock, config.quarantine());
    this.leases = new Leases(dueJobs);
    this.holds = new Holds(dueJobs, config.operationRetention());
    this.settlement = new Settlement(store, inventory, leases, clock);
    this.developer =
        config.seeded()
            ? Optional.of(new DeveloperNumbers(store, inventory, clock))
            : Optional.empty();
    this.numbers = new Numbers(store, developer);
    this.catalogue = new Catalogue(config, store, random);
    this.operations = new Operations(config, store, catalogue, settlement, holds, clock, random);
    this.reservations = new Reservations(config, store, inventory, operations, holds, clock);
    this.lookup = new OperatorLookup(store, clock, carriers(config));
  }

  private static Carriers carriers(NumbersConfig config) {
    if (!config.carriers().isEmpty()) {
      return Carriers.ofFile(Path.of(config.carriers()));
    }
    return config.seeded() ? Carriers.developer() : Carriers.none();
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return NumbersSchema.MIGRATIONS;
  }

  /** What other rooms ask. */
  public Numbers numbers() {
    return numbers;
  }

  /** Tables whose rows a copy of a resource leaves behind. */
  public static List<String> tablesNotCopied() {
    return NumbersSchema.TABLES_NOT_COPIED;
  }

  OperatorLookup lookup() {
    return lookup;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Operations operations() {
    return operations;
  }

  Reservations reservations() {
    return reservations;
  }

  Settlement settlement() {
    return settlement;
  }

  Inventory inventory() {
    return inventory;
  }

  @Override
  public List<Route> routes() {
    return Stream.of(
            new CatalogueHttp(catalogue, operations).routes(),
            new NumbersHttp(numbers, operations).routes(),
            new ReservationHttp(reservations, operations).routes(),
            new LookupHttp(lookup).routes(),
            new InventoryHttp(inventory).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public void start() {
    inventory.start();
    holds.start();
    dueJobs.handle(Leases.LEASE, leases::go);
    bus.durable(Settlement.HEARER, List.of(NumberEvent.class), settlement);
    developer.ifPresent(DeveloperNumbers::fill);
  }

  @Override
  public Map<String, String> environment(Resource home) {
    if (developer.isEmpty()) {
      return Map.of();
    }
    developer.get().give(home.id());
    return developer
        .get()
        .given(home.id())
        .map(number -> Map.of("ACS_SMS_FROM", number))
        .orElse(Map.of());
  }

  @Override
  public void eraseAll(ResourceId resource) {
    store.write(
        NumberStore.partition(resource),
        tx -> {
          new NumberStore().erase(tx, resource);
          return true;
        });
    inventory.takeBack(resource);
    developer.ifPresent(one -> one.forget(resource));
  }
}
