package dev.parley.feature.usage;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Stores;
import dev.parley.base.store.Tx;
import dev.parley.base.words.ResourceId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A durable hearer: adds what was counted to the sums of its resource, meter and day.
 *
 * <p>It keeps up with thousands of counts a second because it looks ahead: the first count of a
 * stretch reads what the journal holds behind it, the whole stretch becomes one unit per resource,
 * and the counts that it contained are passed by when they are heard themselves.
 */
final class UsageSums implements Hearer {
  static final String HEARER = "usage.sums";

  /** Journal rows that one look ahead takes, at most. */
  private static final int AHEAD = 1_000;

  private record Day(String meter, LocalDate day) {}

  private final Stores stores;
  private final UsageStore rows = new UsageStore();

  /** The last position of each shard that is in the sums; only the hearer's thread uses it. */
  private final Map<Shard, Long> done = new HashMap<>();

  UsageSums(Stores stores) {
    this.stores = stores;
  }

  @Override
  public void hear(JournalRow row) {
    if (!(row.event() instanceof UsageEvent)
        || row.position() <= done.getOrDefault(row.shard(), 0L)) {
      return;
    }
    var ahead =
        stores
            .of(row.partition().resource())
            .journal(row.shard(), row.position(), AHEAD - 1)
            .stream();
    var stretch = Stream.concat(Stream.of(row), ahead).toList();
    stretch.stream()
        .filter(one -> one.event() instanceof UsageEvent)
        .collect(
            Collectors.groupingBy(
                one -> one.partition().resource(), LinkedHashMap::new, Collectors.toList()))
        .forEach((resource, counts) -> add(resource, row.shard(), counts));
    done.put(row.shard(), stretch.getLast().position());
  }

  private void add(ResourceId resource, Shard shard, List<JournalRow> counts) {
    stores
        .of(resource)
        .write(
            UsageStore.partition(resource),
            tx -> {
              var before = rows.position(tx, resource, shard);
              var fresh = counts.stream().filter(count -> count.position() > before).toList();
              if (!fresh.isEmpty()) {
                add(tx, resource, fresh);
                rows.setPosition(tx, resource, shard, fresh.getLast().position());
              }
              return true;
            });
  }

  private void add(Tx tx, ResourceId resource, List<JournalRow> fresh) {
    var sums = new LinkedHashMap<Day, UsageDay>();
    for (var row : fresh) {
      if (row.event() instanceof UsageEvent.Recorded count) {
        var day = count.at().atOffset(ZoneOffset.UTC).toLocalDate();
        sums.merge(
            new Day(count.meter(), day),
            new UsageDay(resource, count.meter(), day, count.quantity(), 1),
            UsageSums::sum);
      }
    }
    sums.values().forEach(sum -> rows.add(tx, sum));
  }

  private static UsageDay sum(UsageDay one, UsageDay other) {
    return new UsageDay(
        one.resource(),
        one.meter(),
        one.day(),
        one.quantity() + other.quantity(),
        one.records() + other.records());
  }
}
