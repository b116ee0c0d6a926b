package dev.parley.feature.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.SideBySide;
import dev.parley.base.store.Store;
import dev.parley.base.words.AccessKey;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the sums promise, on every store. */
abstract class UsageContract {
  private static final ResourceId CONTOSO = new ResourceId("11111111-aaaa-4000-8000-000000000001");
  private static final ResourceId FABRIKAM = new ResourceId("22222222-bbbb-4000-8000-000000000002");
  private static final Instant LATE = Instant.parse("2026-11-30T23:59:59.999Z");
  private static final Instant EARLY = Instant.parse("2026-12-01T00:00:00Z");
  private static final String SEGMENTS = "sms.segments";

  private Store store;
  private LocalBus bus;
  private Usage usage;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(Usage.migrations());
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    usage = new Usage(store, bus, NOBODY, ResourceId::new);
    usage.start();
  }

  @AfterEach
  void close() {
    bus.close();
    store.close();
  }

  @Test
  void aDayIsSummedByMeter() {
    count(CONTOSO, SEGMENTS, 3, LATE);
    count(CONTOSO, SEGMENTS, 4, LATE);
    count(CONTOSO, "email.messages", 1, LATE);
    assertEquals(
        List.of("email.messages 2026-11-30 1 in 1", "sms.segments 2026-11-30 7 in 2"),
        shown(all(CONTOSO)));
  }

  @Test
  void midnightBeginsANewDay() {
    count(CONTOSO, SEGMENTS, 1, LATE);
    count(CONTOSO, SEGMENTS, 2, EARLY);
    assertEquals(
        List.of("sms.segments 2026-11-30 1 in 1", "sms.segments 2026-12-01 2 in 1"),
        shown(all(CONTOSO)));
    var november =
        new UsageQuery(
            Optional.of(CONTOSO), Optional.empty(), day("2026-11-01"), day("2026-11-30"));
    assertEquals(List.of("sms.segments 2026-11-30 1 in 1"), shown(november));
  }

  @Test
  void resourcesDoNotMix() {
    count(CONTOSO, SEGMENTS, 1, LATE);
    count(FABRIKAM, SEGMENTS, 10, LATE);
    assertEquals(List.of("sms.segments 2026-11-30 10 in 1"), shown(all(FABRIKAM)));
    assertEquals(2, read(everything(), 10).size());
  }

  @Test
  void aMeterIsFoundByItsWholeName() {
    count(CONTOSO, "sms", 1, LATE);
    count(CONTOSO, SEGMENTS, 2, LATE);
    count(CONTOSO, "sms.segments.long", 3, LATE);
    var query =
        new UsageQuery(
            Optional.of(CONTOSO), Optional.of(SEGMENTS), LocalDate.EPOCH, day("9999-12-31"));
    assertEquals(List.of("sms.segments 2026-11-30 2 in 1"), shown(query));
  }

  @Test
  void pagesCoverEverythingOnce() {
    for (var i = 0; i < 25; i++) {
      count(i % 2 == 0 ? CONTOSO : FABRIKAM, "meter." + i / 5, 1, LATE.minusSeconds(86_400L * i));
    }
    assertEquals(25, read(everything(), 4).stream().mapToLong(UsageDay::quantity).sum());
    assertEquals(25, read(everything(), 4).stream().distinct().count());
  }

  @Test
  void whatManyCountAtOnceIsAllThere() {
    SideBySide.each(
        IntStream.range(0, 200).boxed().toList(),
        i -> count(i % 2 == 0 ? CONTOSO : FABRIKAM, "meter", 1, LATE, "part" + i % 17));
    assertEquals(List.of("meter 2026-11-30 100 in 100"), shown(all(CONTOSO)));
    assertEquals(List.of("meter 2026-11-30 100 in 100"), shown(all(FABRIKAM)));
  }

  @Test
  void whatIsHeardTwiceCountsOnce() {
    for (var i = 0; i < 20; i++) {
      count(CONTOSO, SEGMENTS, 1, LATE, "part" + i);
    }
    assertEquals(List.of("sms.segments 2026-11-30 20 in 20"), shown(all(CONTOSO)));
    // As after a crash: a hearer without memory gets everything once more, row by row.
    var again = new UsageSums(_ -> store);
    journal().forEach(again::hear);
    assertEquals(List.of("sms.segments 2026-11-30 20 in 20"), shown(all(CONTOSO)));
  }

  @Test
  void anErasedResourceHasNoSums() {
    count(CONTOSO, SEGMENTS, 1, LATE);
    count(FABRIKAM, SEGMENTS, 1, LATE);
    usage.eraseAll(CONTOSO);
    usage.eraseAll(CONTOSO);
    assertEquals(List.of(), shown(all(CONTOSO)));
    assertEquals(1, shown(all(FABRIKAM)).size());
  }

  @Test
  void aPositionIsReadStrictly() {
    for (var text : List.of("", "a", "a~b", "a~b~c", "a~b~1~2", "a~b~99999999999999999999")) {
      assertTrue(UsagePosition.parse(text).isEmpty(), text);
    }
    var position = new UsagePosition("r", "m", -3);
    assertEquals(Optional.of(position), UsagePosition.parse(position.text()));
  }

  private void count(ResourceId resource, String meter, long quantity, Instant at) {
    count(resource, meter, quantity, at, "part");
  }

  private void count(ResourceId resource, String meter, long quantity, Instant at, String part) {
    store.write(
        new PartitionKey(resource, part),
        tx -> {
          tx.publish(new UsageEvent.Recorded(meter, quantity, "", at), Origin.service("test"));
          return true;
        });
  }

  private List<JournalRow> journal() {
    var rows = new ArrayList<JournalRow>();
    store.heads().keySet().forEach(shard -> rows.addAll(store.journal(shard, 0, 1_000)));
    return rows;
  }

  private static UsageQuery everything() {
    return new UsageQuery(Optional.empty(), Optional.empty(), LocalDate.EPOCH, day("9999-12-31"));
  }

  private static UsageQuery all(ResourceId resource) {
    return new UsageQuery(
        Optional.of(resource), Optional.empty(), LocalDate.EPOCH, day("9999-12-31"));
  }

  private static LocalDate day(String text) {
    return LocalDate.parse(text);
  }

  private List<String> shown(UsageQuery query) {
    return read(query, 100).stream()
        .map(day ->
            "%s %s %d in %d".formatted(day.meter(), day.day(), day.quantity(), day.records()))
        .toList();
  }

  private List<UsageDay> read(UsageQuery query, int size) {
    var found = new ArrayList<UsageDay>();
    var after = Optional.of(UsagePosition.START);
    while (after.isPresent()) {
      var page = usage.days(query, after.get(), size);
      found.addAll(page.items());
      after = page.next().flatMap(UsagePosition::parse);
    }
    return found;
  }

  private static final ResourceDirectory NOBODY =
      new ResourceDirectory() {
        @Override
        public Optional<Resource> byHost(String host) {
          return Optional.empty();
        }

        @Override
        public Optional<Resource> byPort(int port) {
          return Optional.empty();
        }

        @Override
        public Optional<Resource> byId(ResourceId id) {
          return Optional.empty();
        }

        @Override
        public Optional<AccessKey> key(ResourceId id, KeySlot slot) {
          return Optional.empty();
        }
      };
}
