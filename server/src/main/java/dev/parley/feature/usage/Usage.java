package dev.parley.feature.usage;

import dev.parley.base.bus.Bus;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.words.Page;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The front door of the sums: what was used, by resource, meter and day. */
public final class Usage implements Feature {
  private final Store store;
  private final Bus bus;
  private final UsageStore rows = new UsageStore();
  private final UsageHttp http;

  /**
   * The room.
   *
   * @param named the id of a resource by its name; throws the refusal for names that nobody has
   */
  public Usage(
      Store store, Bus bus, ResourceDirectory resources, Function<String, ResourceId> named) {
    this.store = store;
    this.bus = bus;
    this.http = new UsageHttp(this, resources, named);
  }

  /** The schema of this room. */
  public static List<Migration> migrations() {
    return UsageStore.MIGRATIONS;
  }

  /** Tables whose rows a copy of a resource leaves behind. */
  public static List<String> tablesNotCopied() {
    return UsageStore.TABLES;
  }

  @Override
  public List<Route> routes() {
    return http.routes();
  }

  @Override
  public void start() {
    bus.durable(UsageSums.HEARER, List.of(UsageEvent.class), new UsageSums(_ -> store));
  }

  /** Sums by resource, meter and day; what was committed before the call is in them. */
  Page<UsageDay> days(UsageQuery query, UsagePosition after, int size) {
    var _ = bus.caughtUp(UsageSums.HEARER);
    var found = store.read(all -> rows.days(all, query, after, size + 1));
    if (found.size() <= size) {
      return new Page<>(found, Optional.empty());
    }
    var items = found.subList(0, size);
    return new Page<>(items, Optional.of(UsagePosition.of(items.getLast()).text()));
  }

  @Override
  public void eraseAll(ResourceId resource) {
    // What is not yet in the sums must not come back after they are gone.
    var _ = bus.caughtUp(UsageSums.HEARER);
    store.write(
        UsageStore.partition(resource),
        tx -> {
          rows.erase(tx, resource);
          return true;
        });
  }
}
