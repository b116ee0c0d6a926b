package dev.parley.feature.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.event.NumberEvent;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.Migration;
import dev.parley.base.store.SideBySide;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.function.Executable;

/** What numbers promise through their front doors, on every store. */
abstract class NumbersContract {
  private static final String STOCK =
      """
      first,count,country,type,assignment,calling,sms,cost,currency,areaCode,locality,division,divisionCode
      +18005550100,12,US,tollFree,application,inbound+outbound,inbound+outbound,2.00,USD,800,,,
      +12065550100,10,US,geographic,any,inbound+outbound,outbound,1.00,USD,206,Seattle,Washington,WA
      +12535550100,5,US,geographic,any,inbound+outbound,outbound,1.00,USD,253,Tacoma,Washington,WA
      +15035550100,5,US,geographic,any,inbound+outbound,outbound,1.00,USD,503,Portland,Oregon,OR
      +33199000000,4,FR,geographic,any,inbound+outbound,none,1.20,EUR,1,Paris,,
      """;
  private static final Capabilities NOTHING = new Capabilities(Capability.NONE, Capability.NONE);
  private static final Capabilities SMS = new Capabilities(Capability.NONE, Capability.BOTH);
  private static final Caller CONTOSO = caller("11111111-aaaa-4000-8000-000000000001");
  private static final Caller FABRIKAM = caller("22222222-bbbb-4000-8000-000000000002");

  private final SecureRandom random = new SecureRandom();
  private volatile Instant now = Instant.parse("2026-01-31T10:00:00Z");
  private Store store;
  private LocalBus bus;
  private DueJobRows dueJobs;
  private NumbersFeature room;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open(TestInfo test) {
    store = open(NumbersFeature.migrations());
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    dueJobs = new DueJobRows(store, _ -> now);
    var quarantine = test.getTags().contains("quarantine") ? Duration.ofDays(7) : Duration.ZERO;
    room =
        new NumbersFeature(
            config(false, 10_000, quarantine), store, bus, dueJobs, _ -> now, random);
    room.start();
    room.inventory().add(NumberFile.csv(STOCK));
  }

  @AfterEach
  void close() {
    room.close();
    bus.close();
    store.close();
  }

  private static NumbersConfig config(boolean seeded, int ownedMax) {
    return config(seeded, ownedMax, Duration.ZERO);
  }

  private static NumbersConfig config(boolean seeded, int ownedMax, Duration quarantine) {
    var standard = NumbersConfig.DEVELOPER;
    return new NumbersConfig(
        seeded,
        Set.of(),
        standard.resellAgreement(),
        standard.searchHold(),
        standard.reservationHold(),
        ownedMax,
        quarantine,
        standard.operationRetention(),
        "");
  }

  /** A released number is tried by others only when nobody expects its last owner behind it. */
  @Test
  @Tag("quarantine")
  void aReleasedNumberIsInQuarantine() {
    var number = buy(CONTOSO, 1).getFirst();
    room.operations().release(CONTOSO, number);
    var counts = room.inventory().counts();
    assertEquals(1, counts.stream().mapToLong(Inventory.Stock::quarantined).sum());
    assertFalse(free(11).contains(number));
    now = now.plus(Duration.ofDays(6));
    due();
    assertFalse(free(11).contains(number));
    now = now.plus(Duration.ofDays(2));
    due();
    assertEquals(
        0, room.inventory().counts().stream().mapToLong(Inventory.Stock::quarantined).sum());
    assertTrue(free(12).contains(number));
  }

  @Test
  @Tag("quarantine")
  void theNumbersOfAnErasedResourceAreInQuarantineToo() {
    var number = buy(CONTOSO, 1).getFirst();
    room.eraseAll(CONTOSO.resource());
    assertFalse(free(11).contains(number));
    assertEquals(
        1,
        room.inventory()
            .remove(NumberFile.csv("first,country,type\n" + number + ",US,tollFree\n")));
    now = now.plus(Duration.ofDays(8));
    due();
    assertFalse(free(12).contains(number));
  }

  /** What somebody else finds, who gives it back at once. */
  private List<String> free(int quantity) {
    var search = result(FABRIKAM, search(FABRIKAM, quantity));
    room.inventory().endHold(FABRIKAM.resource(), search.id());
    return numbers(search);
  }

  // The lists before a search.

  @Test
  void listsShowWhatWasImported() {
    var catalogue = room.catalogue();
    assertEquals(List.of("FR", "US"), catalogue.countries());
    assertEquals(
        List.of("Portland", "Seattle", "Tacoma"),
        localities("US", Optional.empty()).stream().sorted().toList());
    assertEquals(List.of("Seattle", "Tacoma"), localities("US", Optional.of("wa")));
    assertEquals(List.of("Portland"), localities("US", Optional.of("Oregon")));
    assertEquals(
        List.of("206"),
        catalogue.areaCodes(
            "US",
            NumberType.GEOGRAPHIC,
            Optional.empty(),
            Optional.of("seattle"),
            Optional.of("WA")));
    assertEquals(
        List.of("800"),
        catalogue.areaCodes(
            "US",
            NumberType.TOLL_FREE,
            Optional.of(AssignmentType.APPLICATION),
            Optional.empty(),
            Optional.empty()));
    assertEquals(2, catalogue.offerings("US", Optional.empty(), Optional.empty()).size());
  }

  private List<String> localities(String country, Optional<String> division) {
    return room.catalogue().localities(country, Optional.empty(), division).stream()
        .map(Catalogue.Locality::name)
        .toList();
  }

  @Test
  void unknownPlacesAreRefused() {
    var catalogue = room.catalogue();
    refused(404, "NotFound", () -> catalogue.localities("XX", Optional.empty(), Optional.empty()));
    refused(404, "NotFound", () -> catalogue.offerings("DE", Optional.empty(), Optional.empty()));
    refused(400, "BadRequest", () -> areaCodes(Optional.empty()));
    var refusal = refused(404, "NotFound", () -> areaCodes(Optional.of("Springfield")));
    assertEquals("No area codes were found for the given parameters", refusal.message());
  }

  private List<String> areaCodes(Optional<String> locality) {
    return room.catalogue()
        .areaCodes("US", NumberType.GEOGRAPHIC, Optional.empty(), locality, Optional.empty());
  }

  @Test
  void anImportAddsOnlyWhatIsNew() {
    assertEquals(0, room.inventory().add(NumberFile.csv(STOCK)));
    var bought = buy(CONTOSO, 1).getFirst();
    assertEquals(1, room.inventory().add(NumberFile.csv(STOCK.replace(",12,US", ",13,US"))));
    assertEquals(Optional.of(CONTOSO.resource()), owner(bought));
    assertEquals(11, room.inventory().remove(NumberFile.csv(tollFree(12))));
    assertEquals(Optional.of(CONTOSO.resource()), owner(bought));
  }

  @Test
  void aCountryWithoutNumbersIsNoLongerListed() {
    var french = "first,count,country,type\n+33199000000,4,FR,geographic\n";
    assertEquals(4, room.inventory().remove(NumberFile.csv(french)));
    assertEquals(List.of("US"), room.catalogue().countries());
    refused(404, "NotFound", () -> localities("FR", Optional.empty()));
    room.inventory().add(NumberFile.csv(STOCK));
    assertEquals(List.of("Paris"), localities("FR", Optional.empty()));
  }

  private static String tollFree(int count) {
    return "first,count,country,type\n+18005550100," + count + ",US,tollFree\n";
  }

  // Searching.

  @Test
  void aSearchHoldsWhatItFinds() {
    var operation = search(CONTOSO, 3);
    assertEquals(Operation.Status.SUCCEEDED, operation.status());
    var search = result(CONTOSO, operation);
    assertEquals(3, numbers(search).size());
    assertEquals(now.plus(Duration.ofMinutes(15)), search.expiresOn());
    assertEquals("2.00", search.found().orElseThrow().cost().orElseThrow().amount().toString());
    var others = numbers(result(FABRIKAM, search(FABRIKAM, 100)));
    assertEquals(9, others.size());
    others.retainAll(numbers(search));
    assertEquals(List.of(), others);
  }

  @Test
  void aSearchByAreaCodeFindsOnlyThose() {
    var wish = wish(NumberType.GEOGRAPHIC, AssignmentType.PERSON, NOTHING, "253", 10);
    var found = numbers(result(CONTOSO, room.operations().search(CONTOSO, wish)));
    assertEquals(5, found.size());
    assertTrue(found.stream().allMatch(number -> number.startsWith("+1253")), found::toString);
  }

  @Test
  void nothingLeftFailsTheOperation() {
    search(CONTOSO, 12);
    var operation = search(FABRIKAM, 1);
    assertEquals(Operation.Status.FAILED, operation.status());
    assertEquals("OutOfStock", operation.fault().orElseThrow().code());
    assertEquals(List.of(), numbers(result(FABRIKAM, operation)));
    refused(400, "ReservationExpired", () -> purchase(FABRIKAM, operation));
  }

  @Test
  void whatNoNumberCanDoIsRefusedInTheServicesWords() {
    for (var wish :
        List.of(
            wish(NumberType.TOLL_FREE, AssignmentType.PERSON, SMS, "", 1),
            wish(NumberType.MOBILE, AssignmentType.APPLICATION, SMS, "", 1),
            wish(NumberType.GEOGRAPHIC, AssignmentType.PERSON, SMS, "", 1))) {
      var refusal = refused(400, "InternalError", () -> room.operations().search(CONTOSO, wish));
      assertEquals(
          "We are unable to find phone plans to match your requested capabilities.",
          refusal.inner().orElseThrow().message());
    }
  }

  @Test
  void aHoldEndsAfterFifteenMinutes() {
    var operation = search(CONTOSO, 12);
    now = now.plus(Duration.ofMinutes(15)).minusMillis(1);
    due();
    assertEquals(Operation.Status.FAILED, search(FABRIKAM, 1).status());
    now = now.plusMillis(1);
    refused(400, "ReservationExpired", () -> purchase(CONTOSO, operation));
    due();
    refused(400, "ReservationExpired", () -> purchase(CONTOSO, operation));
    assertEquals(12, numbers(result(FABRIKAM, search(FABRIKAM, 12))).size());
  }

  // Buying.

  @Test
  void aPurchaseGivesTheNumbersAsTheyWereLookedFor() {
    var numbers = buy(CONTOSO, 2);
    var owned = room.numbers().list(CONTOSO, 0, 100, Optional.empty()).items();
    assertEquals(numbers, owned.stream().map(PurchasedNumber::number).toList());
    var first = room.numbers().get(CONTOSO, numbers.getFirst());
    assertEquals(SMS, first.owned().capabilities());
    assertEquals(AssignmentType.APPLICATION, first.assignment());
    assertEquals(now, first.purchasedOn());
    assertEquals(
        Optional.of(CONTOSO.resource()),
        room.numbers().find(numbers.getFirst()).map(OwnedNumber::resource));
    assertEquals(2, events(NumberEvent.Purchased.class).size());
  }

  @Test
  void foreignNumbersDoNotExist() {
    var number = buy(CONTOSO, 1).getFirst();
    var refusal = refused(404, "NotFound", () -> room.numbers().get(FABRIKAM, number));
    assertEquals("Input phoneNumber %s cannot be found.".formatted(number), refusal.message());
    assertEquals(Optional.empty(), room.numbers().find(FABRIKAM.resource(), number));
    refused(404, "NotFound", () -> room.operations().release(FABRIKAM, number));
    refused(
        404,
        "NotFound",
        () ->
            room.operations()
                .update(FABRIKAM, number, Optional.of(Capability.NONE), Optional.empty()));
    assertEquals(List.of(), room.numbers().list(FABRIKAM, 0, 100, Optional.empty()).items());
  }

  @Test
  void foreignSearchesDoNotExist() {
    var operation = search(CONTOSO, 1);
    refused(404, "NotFound", () -> result(FABRIKAM, operation));
    refused(404, "NotFound", () -> purchase(FABRIKAM, operation));
    refused(404, "NotFound", () -> room.operations().get(FABRIKAM, operation.id()));
    refused(404, "NotFound", () -> room.operations().cancel(FABRIKAM, operation.id()));
  }

  @Test
  void ofTwoPurchasesOfOneSearchOneWins() {
    var operation = search(CONTOSO, 4);
    var won = new AtomicInteger();
    var lost = new AtomicInteger();
    SideBySide.each(
        IntStream.range(0, 8).boxed().toList(),
        _ -> {
          try {
            purchase(CONTOSO, operation);
            won.incrementAndGet();
          } catch (Refusal refusal) {
            assertEquals(409, refusal.status());
            lost.incrementAndGet();
          }
        });
    assertEquals(List.of(1, 7), List.of(won.get(), lost.get()));
    assertEquals(4, months().size());
  }

  @Test
  void manyWhoWantTheSameNumbersGetDifferentOnes() {
    var got = java.util.Collections.synchronizedList(new ArrayList<String>());
    SideBySide.each(
        IntStream.range(0, 20).boxed().toList(),
        i -> {
          var caller = i % 2 == 0 ? CONTOSO : FABRIKAM;
          var found = search(caller, 1);
          if (found.status() == Operation.Status.SUCCEEDED) {
            purchase(caller, found);
            got.addAll(numbers(result(caller, found)));
          }
        });
    assertEquals(12, got.size());
    assertEquals(12, new HashSet<>(got).size());
    assertEquals(12, owned(CONTOSO).size() + owned(FABRIKAM).size());
  }

  @Test
  void aFrenchNumberNeedsTheAgreement() {
    var wish = new SearchWish("FR", NumberType.GEOGRAPHIC, AssignmentType.PERSON, NOTHING, "", 1);
    var operation = room.operations().search(CONTOSO, wish);
    refused(400, "BadRequest", () -> purchase(CONTOSO, operation));
    var searchId = operation.guid();
    assertEquals(
        Operation.Status.SUCCEEDED, room.operations().purchase(CONTOSO, searchId, true).status());
  }

  @Test
  void aResourceOwnsNoMoreThanItMay() {
    var small = new NumbersFeature(config(false, 3), store, bus, dueJobs, _ -> now, random);
    buy(CONTOSO, 2);
    var operation = search(CONTOSO, 2);
    refused(
        403, "QuotaExceeded", () -> small.operations().purchase(CONTOSO, operation.guid(), false));
    assertEquals(Operation.Status.SUCCEEDED, purchase(CONTOSO, operation).status());
  }

  // Changing and releasing.

  @Test
  void capabilitiesChangeWithinWhatTheNumberCanDo() {
    var number = buy(CONTOSO, 1).getFirst();
    var operation =
        room.operations()
            .update(CONTOSO, number, Optional.of(Capability.INBOUND), Optional.empty());
    assertEquals(Operation.Status.SUCCEEDED, operation.status());
    assertEquals(Optional.of("/phoneNumbers/%2B" + number.substring(1)), operation.resultPath());
    assertEquals(
        new Capabilities(Capability.INBOUND, Capability.BOTH),
        room.numbers().find(number).orElseThrow().capabilities());
    var wish = wish(NumberType.GEOGRAPHIC, AssignmentType.PERSON, NOTHING, "", 1);
    var geographic = numbers(buyOf(CONTOSO, wish)).getFirst();
    refused(
        400,
        "BadRequest",
        () ->
            room.operations()
                .update(CONTOSO, geographic, Optional.empty(), Optional.of(Capability.INBOUND)));
  }

  @Test
  void aReleasedNumberMayBeBoughtByOthers() {
    var number = buy(CONTOSO, 12).getFirst();
    assertEquals(Operation.Status.SUCCEEDED, room.operations().release(CONTOSO, number).status());
    refused(404, "NotFound", () -> room.operations().release(CONTOSO, number));
    assertEquals(List.of(number), buy(FABRIKAM, 1));
    assertEquals(Optional.of(FABRIKAM.resource()), owner(number));
    // What is late for the first owner does nothing to the second.
    room.settlement().settle(CONTOSO.resource(), lastOperation(CONTOSO));
    assertEquals(Optional.of(FABRIKAM.resource()), owner(number));
  }

  @Test
  void pagesCoverEverythingOnce() {
    var bought = buy(CONTOSO, 11);
    var seen = new ArrayList<String>();
    var after = Optional.<String>empty();
    do {
      var page = room.numbers().list(CONTOSO, 0, 4, after);
      page.items().forEach(number -> seen.add(number.number()));
      after = page.next();
    } while (after.isPresent());
    assertEquals(bought, seen);
    assertEquals(
        bought.subList(9, 11),
        room.numbers().list(CONTOSO, 9, 4, Optional.empty()).items().stream()
            .map(PurchasedNumber::number)
            .toList());
  }

  // Operations that a crash left unfinished.

  @Test
  void whatACrashLeftUnfinishedIsFinishedByTheHearer() {
    // The caller's unit alone, as when the process dies right after it.
    var searchId = UUID.randomUUID().toString();
    var wish = wish(NumberType.TOLL_FREE, AssignmentType.APPLICATION, SMS, "", 2);
    var intent = new Intent.Search(searchId, wish, "+1", "+15");
    var operation =
        new Operation(
            OperationType.SEARCH.id(searchId),
            OperationType.SEARCH,
            Operation.Status.RUNNING,
            intent,
            now,
            now,
            Optional.empty());
    var rows = new NumberStore();
    store.write(
        NumberStore.partition(CONTOSO.resource()),
        tx -> {
          rows.put(
              tx,
              CONTOSO.resource(),
              new Search(
                  searchId,
                  Search.State.RUNNING,
                  wish,
                  Optional.empty(),
                  now.plus(Duration.ofMinutes(15))));
          rows.insert(tx, CONTOSO.resource(), operation);
          tx.publish(new NumberEvent.OperationStarted(operation.id()), CONTOSO.origin());
          return true;
        });
    assertTrue(bus.caughtUp(Settlement.HEARER));
    var after = room.operations().get(CONTOSO, operation.id());
    assertEquals(Operation.Status.SUCCEEDED, after.status());
    assertEquals(2, numbers(result(CONTOSO, after)).size());
  }

  @Test
  void theInventoryDoesEachThingOnce() {
    var searchId = UUID.randomUUID().toString();
    var wish = wish(NumberType.TOLL_FREE, AssignmentType.APPLICATION, SMS, "", 2);
    var resource = CONTOSO.resource();
    var search = operation(new Intent.Search(searchId, wish, "+1", "+15"));
    var inventory = room.inventory();
    var first = inventory.apply(resource, search, now);
    assertEquals(first, inventory.apply(resource, search, now));
    var purchase = operation(new Intent.PurchaseSearch(searchId));
    var bought = inventory.apply(resource, purchase, now);
    assertEquals(bought, inventory.apply(resource, purchase, now.plusSeconds(1)));
    assertEquals(2, owned(CONTOSO).size());
    var number = owned(CONTOSO).getFirst();
    var release = operation(new Intent.Release(number, purchase.id()));
    inventory.apply(resource, release, now);
    inventory.apply(resource, release, now);
    assertEquals(1, owned(CONTOSO).size());
    inventory.undo(resource, purchase);
    assertEquals(0, owned(CONTOSO).size());
  }

  private Operation operation(Intent intent) {
    var type = OperationType.of(intent);
    return new Operation(
        type.id(UUID.randomUUID().toString()),
        type,
        Operation.Status.RUNNING,
        intent,
        now,
        now,
        Optional.empty());
  }

  @Test
  void cancellingWhatIsOverChangesNothing() {
    var operation = search(CONTOSO, 2);
    room.operations().cancel(CONTOSO, operation.id());
    assertEquals(
        Operation.Status.SUCCEEDED, room.operations().get(CONTOSO, operation.id()).status());
    assertEquals(Operation.Status.SUCCEEDED, purchase(CONTOSO, operation).status());
  }

  @Test
  void operationsAreForgotten() {
    var operation = search(CONTOSO, 1);
    now = now.plus(Duration.ofDays(31));
    due();
    refused(404, "NotFound", () -> room.operations().get(CONTOSO, operation.id()));
    refused(404, "NotFound", () -> result(CONTOSO, operation));
  }

  // Reservations.

  @Test
  void aReservationHoldsWhatItsNumbersSay() {
    var id = UUID.randomUUID().toString();
    var changed = reserve(CONTOSO, id, "+18005550103", "+12065550104");
    assertTrue(changed.created());
    assertEquals(
        List.of(Reservation.ItemState.RESERVED, Reservation.ItemState.RESERVED),
        states(changed.reservation()));
    var again = room.reservations().change(CONTOSO, id, List.of(), List.of("+18005550103"));
    assertFalse(again.created());
    assertEquals(1, again.reservation().items().size());
    var theirs = reserve(FABRIKAM, id, "+18005550103", "+12065550104", "+19999999999");
    assertEquals(
        List.of(
            Reservation.ItemState.RESERVED,
            Reservation.ItemState.ERROR,
            Reservation.ItemState.ERROR),
        states(theirs.reservation()));
  }

  @Test
  void ofManyWhoReserveOneNumberOneGetsIt() {
    var held = new AtomicInteger();
    SideBySide.each(
        IntStream.range(0, 10).boxed().toList(),
        i -> {
          var caller = i % 2 == 0 ? CONTOSO : FABRIKAM;
          var changed = reserve(caller, UUID.randomUUID().toString(), "+18005550105");
          if (states(changed.reservation()).contains(Reservation.ItemState.RESERVED)) {
            held.incrementAndGet();
          }
        });
    assertEquals(1, held.get());
  }

  @Test
  void aReservationIsBoughtWhole() {
    var id = UUID.randomUUID().toString();
    reserve(CONTOSO, id, "+18005550103", "+12065550104");
    var operation = room.operations().purchaseReservation(CONTOSO, id, false);
    assertEquals(Operation.Status.SUCCEEDED, operation.status());
    assertEquals("reservationPurchase", operation.type().word());
    assertEquals(List.of("+12065550104", "+18005550103"), owned(CONTOSO));
    var after = room.reservations().get(CONTOSO, id);
    assertEquals(Reservation.State.COMPLETED, after.state());
    assertEquals(Set.of(Reservation.ItemState.PURCHASED), new HashSet<>(states(after)));
    refused(409, "Conflict", () -> room.operations().purchaseReservation(CONTOSO, id, false));
    refused(409, "Conflict", () -> reserve(CONTOSO, id, "+18005550106"));
    room.reservations().delete(CONTOSO, id);
    assertEquals(2, owned(CONTOSO).size());
  }

  @Test
  void aReservationEndsWithItsTimeWhichEveryChangeRenews() {
    var id = UUID.randomUUID().toString();
    reserve(CONTOSO, id, "+18005550103");
    now = now.plus(Duration.ofMinutes(14));
    reserve(CONTOSO, id, "+18005550104");
    now = now.plus(Duration.ofMinutes(14));
    due();
    assertEquals(Reservation.State.ACTIVE, room.reservations().get(CONTOSO, id).state());
    now = now.plus(Duration.ofMinutes(1));
    due();
    var after = room.reservations().get(CONTOSO, id);
    assertEquals(Reservation.State.EXPIRED, after.state());
    assertEquals(Set.of(Reservation.ItemState.EXPIRED), new HashSet<>(states(after)));
    refused(409, "Conflict", () -> room.operations().purchaseReservation(CONTOSO, id, false));
    assertEquals(12, numbers(result(FABRIKAM, search(FABRIKAM, 12))).size());
  }

  @Test
  void aDeletedReservationFreesItsNumbersAndItsId() {
    var id = UUID.randomUUID().toString();
    reserve(CONTOSO, id, "+18005550103");
    room.reservations().delete(CONTOSO, id);
    refused(404, "NotFound", () -> room.reservations().get(CONTOSO, id));
    refused(404, "NotFound", () -> room.reservations().delete(CONTOSO, id));
    var again = reserve(CONTOSO, id, "+18005550103");
    assertTrue(bus.caughtUp(Settlement.HEARER));
    assertEquals(List.of(Reservation.ItemState.RESERVED), states(again.reservation()));
    assertEquals(
        List.of(Reservation.ItemState.ERROR),
        states(reserve(FABRIKAM, id, "+18005550103").reservation()));
  }

  @Test
  void reservationsAreListedInPages() {
    var ids = new ArrayList<String>();
    for (var i = 0; i < 5; i++) {
      ids.add(UUID.randomUUID().toString());
      reserve(CONTOSO, ids.getLast(), "+1800555010" + i);
    }
    var first = room.reservations().list(CONTOSO, 3, Optional.empty());
    var second = room.reservations().list(CONTOSO, 3, first.next());
    var seen = new ArrayList<>(first.items().stream().map(Reservation::id).toList());
    second.items().forEach(one -> seen.add(one.id()));
    assertEquals(ids.stream().sorted().toList(), seen);
    assertEquals(Optional.empty(), second.next());
    assertEquals(List.of(), room.reservations().list(FABRIKAM, 3, Optional.empty()).items());
  }

  @Test
  void browsingShowsFreeNumbersOnly() {
    buy(CONTOSO, 10);
    var shown =
        room.catalogue().browse("US", NumberType.TOLL_FREE, Optional.empty(), SMS, List.of());
    assertEquals(2, shown.size());
    var seattle =
        room.catalogue()
            .browse(
                "US", NumberType.GEOGRAPHIC, Optional.empty(), NOTHING, List.of("1206", "1503"));
    assertEquals(15, seattle.size());
  }

  // Leases.

  @Test
  void everyMonthOfALeaseIsCountedOnItsDay() {
    buy(CONTOSO, 1);
    assertEquals(1, months().size());
    now = Instant.parse("2026-02-28T09:59:59Z");
    due();
    assertEquals(1, months().size());
    now = Instant.parse("2026-02-28T10:00:00Z");
    due();
    assertEquals(2, months().size());
    // A clock that was moved far makes up for what it passed by, each month at its own time.
    now = Instant.parse("2026-06-01T00:00:00Z");
    due();
    assertEquals(
        List.of(
            "2026-01-31T10:00:00Z",
            "2026-02-28T10:00:00Z",
            "2026-03-31T10:00:00Z",
            "2026-04-30T10:00:00Z",
            "2026-05-31T10:00:00Z"),
        months().stream().map(month -> month.at().toString()).toList());
    assertEquals("numbers.months.us.toll-free", months().getFirst().meter());
  }

  @Test
  void aReleasedNumberCostsNoMore() {
    var number = buy(CONTOSO, 12).getFirst();
    room.operations().release(CONTOSO, number);
    buy(FABRIKAM, 1);
    now = now.plus(Duration.ofDays(40));
    due();
    // 12 at first, 11 of contoso go on, and fabrikam's one was counted twice.
    assertEquals(12 + 11 + 2, months().size());
  }

  // Looking up.

  @Test
  void anyNumberIsLookedUp() {
    var seeded = new NumbersFeature(config(true, 10), store, bus, dueJobs, _ -> now, random);
    var found =
        seeded
            .lookup()
            .search(
                CONTOSO,
                List.of(
                    "+14255550123",
                    "+12065550100",
                    "+447700900123",
                    "+442079460123",
                    "+18005550100",
                    "+999123456"),
                true);
    assertEquals(
        List.of("mobile", "geographic", "mobile", "geographic", "other", "unknown"),
        found.stream().map(one -> one.type().orElseThrow()).toList());
    assertEquals(
        List.of("US", "US", "GB", "GB", "US"),
        found.stream().limit(5).map(one -> one.country().orElseThrow()).toList());
    assertEquals(Optional.empty(), found.getLast().country());
    assertEquals("(425) 555-0123", found.getFirst().nationalFormat());
    assertEquals("+1 425-555-0123", found.getFirst().internationalFormat());
    assertEquals("260", found.getFirst().carrier().orElseThrow().networkCode());
    var counted = events(UsageEvent.Recorded.class).getLast();
    assertEquals("numbers.lookups 6", counted.meter() + " " + counted.quantity());
  }

  @Test
  void aPlainLookupSaysNothingOfTheOperatorAndCostsNothing() {
    var found = room.lookup().search(CONTOSO, List.of("+14255550123"), false).getFirst();
    assertEquals(Optional.empty(), found.carrier());
    assertEquals(Optional.empty(), found.type());
    assertEquals(Optional.empty(), found.country());
    assertEquals(List.of(), events(UsageEvent.Recorded.class));
    for (var bad : List.of("14255550123", "+1 425", "", "+0123456", "+1234567890123456")) {
      refused(400, "BadRequest", () -> room.lookup().search(CONTOSO, List.of(bad), false));
    }
  }

  @Test
  void theOperatorSeesHowMuchIsLeft() {
    buy(CONTOSO, 2);
    search(FABRIKAM, 3);
    var tollFree =
        room.inventory().counts().stream()
            .filter(stock -> stock.offer().type() == NumberType.TOLL_FREE)
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(7L, 3L, 2L), List.of(tollFree.free(), tollFree.held(), tollFree.owned()));
  }

  // Developers and the end of a resource.

  @Test
  void everyDeveloperResourceHasASenderOfItsOwn() {
    var seeded = new NumbersFeature(config(true, 10), store, bus, dueJobs, _ -> now, random);
    var first = seeded.numbers().list(CONTOSO, 0, 10, Optional.empty()).items();
    var second = seeded.numbers().list(FABRIKAM, 0, 10, Optional.empty()).items();
    assertEquals(List.of(1, 1), List.of(first.size(), second.size()));
    assertNotEquals(first.getFirst().number(), second.getFirst().number());
    assertEquals(
        new Capabilities(Capability.BOTH, Capability.BOTH),
        first.getFirst().owned().capabilities());
    // Given back, it is not replaced; a resource that begins anew gets one again.
    seeded.operations().release(CONTOSO, first.getFirst().number());
    assertEquals(List.of(), seeded.numbers().list(CONTOSO, 0, 10, Optional.empty()).items());
    seeded.eraseAll(CONTOSO.resource());
    assertEquals(1, seeded.numbers().list(CONTOSO, 0, 10, Optional.empty()).items().size());
  }

  @Test
  void theDevelopersStockIsWholeAndBigEnoughToPage() {
    var seeded = new NumbersFeature(config(true, 10), store, bus, dueJobs, _ -> now, random);
    assertEquals(
        2_400, NumberFile.csv(DeveloperNumbers.file()).stream().mapToInt(NumberRange::count).sum());
    assertTrue(seeded.numbers().find(CONTOSO.resource(), "+14255550100").isEmpty());
  }

  @Test
  void anErasedResourceLeavesNothing() {
    buy(CONTOSO, 3);
    search(CONTOSO, 3);
    reserve(CONTOSO, UUID.randomUUID().toString(), "+12065550104");
    var operation = search(CONTOSO, 3);
    room.eraseAll(CONTOSO.resource());
    room.eraseAll(CONTOSO.resource());
    assertEquals(List.of(), owned(CONTOSO));
    refused(404, "NotFound", () -> result(CONTOSO, operation));
    assertEquals(12, numbers(result(FABRIKAM, search(FABRIKAM, 12))).size());
  }

  // What the tests are made of.

  private static Caller caller(String resource) {
    return new Caller.KeyHolder(
        new ResourceId(resource), KeySlot.PRIMARY, new Origin("key:PRIMARY", "PRIMARY", ""));
  }

  private static SearchWish wish(
      NumberType type, AssignmentType assignment, Capabilities can, String areaCode, int count) {
    return new SearchWish("US", type, assignment, can, areaCode, count);
  }

  private Operation search(Caller caller, int quantity) {
    return room.operations()
        .search(caller, wish(NumberType.TOLL_FREE, AssignmentType.APPLICATION, SMS, "", quantity));
  }

  private Search result(Caller caller, Operation operation) {
    return room.operations().result(caller, operation.guid());
  }

  private static List<String> numbers(Search search) {
    return new ArrayList<>(search.found().orElseThrow().numbers());
  }

  private Operation purchase(Caller caller, Operation search) {
    return room.operations().purchase(caller, search.guid(), false);
  }

  private List<String> buy(Caller caller, int quantity) {
    return numbers(
        buyOf(caller, wish(NumberType.TOLL_FREE, AssignmentType.APPLICATION, SMS, "", quantity)));
  }

  private Search buyOf(Caller caller, SearchWish wish) {
    var search = room.operations().search(caller, wish);
    assertEquals(Operation.Status.SUCCEEDED, purchase(caller, search).status());
    return result(caller, search);
  }

  private Reservations.Changed reserve(Caller caller, String id, String... numbers) {
    var wanted =
        List.of(numbers).stream()
            .map(number -> new Wanted(number, AssignmentType.APPLICATION, Optional.empty()))
            .toList();
    return room.reservations().change(caller, id, wanted, List.of());
  }

  private static List<Reservation.ItemState> states(Reservation reservation) {
    return reservation.items().stream().map(Reservation.Item::state).toList();
  }

  private List<String> owned(Caller caller) {
    return room.numbers().list(caller, 0, 100, Optional.empty()).items().stream()
        .map(PurchasedNumber::number)
        .toList();
  }

  private Optional<ResourceId> owner(String number) {
    return room.numbers().find(number).map(OwnedNumber::resource);
  }

  /** Does everything that is due, and what follows from it. */
  private void due() {
    while (dueJobs.runDue() > 0) {
      assertTrue(bus.caughtUp(Settlement.HEARER));
    }
    assertTrue(bus.caughtUp(Settlement.HEARER));
  }

  private List<UsageEvent.Recorded> months() {
    return events(UsageEvent.Recorded.class);
  }

  private String lastOperation(Caller caller) {
    return journal().stream()
        .filter(row -> row.partition().resource().equals(caller.resource()))
        .map(row -> row.event())
        .filter(NumberEvent.OperationStarted.class::isInstance)
        .map(NumberEvent.OperationStarted.class::cast)
        .toList()
        .getLast()
        .operation();
  }

  private <T> List<T> events(Class<T> type) {
    return journal().stream()
        .map(row -> row.event())
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private List<dev.parley.base.store.JournalRow> journal() {
    var all = new ArrayList<dev.parley.base.store.JournalRow>();
    for (var shard : store.heads().keySet()) {
      all.addAll(store.journal(shard, 0, 1_000));
    }
    return all;
  }

  private static Refusal refused(int status, String code, Executable call) {
    var refusal = assertThrows(Refusal.class, call);
    assertEquals(status + " " + code, refusal.status() + " " + refusal.code());
    return refusal;
  }
}
