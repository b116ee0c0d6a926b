package dev.parley.feature.numbers;

import dev.parley.base.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** What can be bought, and where: the lists before a search. */
final class Catalogue {
  /** Numbers that one look at the shelves shows, at most. */
  static final int BROWSE_MAX = 100;

  private final NumbersConfig config;
  private final Store store;
  private final RandomGenerator random;
  private final OfferStore offers = new OfferStore();
  private final InventoryStore inventory = new InventoryStore();

  Catalogue(NumbersConfig config, Store store, RandomGenerator random) {
    this.config = config;
    this.store = store;
    this.random = random;
  }

  /** A town, with the province that it lies in; parts that it has not are empty text. */
  record Locality(String name, String division, String divisionCode) {}

  /** One number on the shelf, and what kind it is. */
  record Shown(String number, Offer offer) {}

  /** Countries that have numbers, by code. */
  List<String> countries() {
    return store.read(offers::all).stream()
        .map(Offer::country)
        .filter(config::allows)
        .distinct()
        .sorted()
        .toList();
  }

  /** What a country has, one kind after the other. */
  List<Offer> offerings(
      String country, Optional<NumberType> type, Optional<AssignmentType> assignment) {
    return of(country).stream()
        .filter(offer -> type.map(offer.type()::equals).orElse(true))
        .filter(offer -> assignment.map(offer.assignments()::contains).orElse(true))
        .toList();
  }

  /** Towns that numbers of the country belong to, by province and name. */
  List<Locality> localities(String country, Optional<NumberType> type, Optional<String> division) {
    return areas(country, type).stream()
        .filter(area -> !area.locality().isEmpty())
        .filter(isIn(division))
        .map(area -> new Locality(area.locality(), area.division(), area.divisionCode()))
        .distinct()
        .sorted(Comparator.comparing(Locality::division).thenComparing(Locality::name))
        .toList();
  }

  /**
   * Area codes of numbers of one type.
   *
   * @throws dev.parley.base.words.Refusal 400 without a locality for geographic ones, 404 when
   *     there are none
   */
  List<String> areaCodes(
      String country,
      NumberType type,
      Optional<AssignmentType> assignment,
      Optional<String> locality,
      Optional<String> division) {
    var kinds = offerings(country, Optional.of(type), assignment);
    if (type == NumberType.GEOGRAPHIC && locality.isEmpty()) {
      throw NumbersProblems.localityMissing();
    }
    var codes =
        areas(country, Optional.of(type)).stream()
            .filter(area -> locality.map(area.locality()::equalsIgnoreCase).orElse(true))
            .filter(isIn(division))
            .map(OfferStore.Area::areaCode)
            .filter(code -> !code.isEmpty())
            .distinct()
            .sorted()
            .toList();
    if (codes.isEmpty() || kinds.isEmpty()) {
      throw NumbersProblems.noAreaCodes();
    }
    return codes;
  }

  private static Predicate<OfferStore.Area> isIn(Optional<String> division) {
    return area ->
        division
            .map(name ->
                name.equalsIgnoreCase(area.division())
                    || name.equalsIgnoreCase(area.divisionCode()))
            .orElse(true);
  }

  /**
   * Checks that some kind of numbers is what a search asks for.
   *
   * @throws dev.parley.base.words.Refusal in the service's words when none is
   */
  void check(SearchWish wish) {
    var fitting =
        of(wish.country()).stream()
            .anyMatch(offer -> offer.fits(wish.type(), wish.assignment(), wish.capabilities()));
    if (!fitting) {
      throw NumbersProblems.noPlan();
    }
  }

  /**
   * Numbers that could be reserved now; another look shows others.
   *
   * @param prefixes digits that the numbers begin with after the plus; any when empty
   */
  List<Shown> browse(
      String country,
      NumberType type,
      Optional<AssignmentType> assignment,
      Capabilities capabilities,
      List<String> prefixes) {
    var kinds =
        offerings(country, Optional.of(type), assignment).stream()
            .filter(offer -> offer.capabilities().include(capabilities))
            .toList();
    var starts = prefixes.isEmpty() ? List.of(CallingCodes.prefix(country).substring(1)) : prefixes;
    var digits = "%07d".formatted(random.nextInt(10_000_000));
    return store.read(all -> {
      var shown = new ArrayList<Shown>();
      for (var offer : kinds) {
        for (var start : starts) {
          var from = "+" + start;
          var left = BROWSE_MAX - shown.size();
          var numbers =
              new ArrayList<>(inventory.free(all, offer, from + digits, from + ":", left));
          numbers.addAll(inventory.free(all, offer, from, from + digits, left - numbers.size()));
          numbers.stream().sorted().forEach(number -> shown.add(new Shown(number, offer)));
        }
      }
      return shown.stream().distinct().toList();
    });
  }

  private List<OfferStore.Area> areas(String country, Optional<NumberType> type) {
    of(country);
    return store.read(all -> offers.areas(all, country)).stream()
        .filter(area -> type.map(area.type()::equals).orElse(true))
        .toList();
  }

  private List<Offer> of(String country) {
    var all =
        store.read(offers::all).stream().filter(offer -> offer.country().equals(country)).toList();
    if (all.isEmpty() || !config.allows(country)) {
      throw NumbersProblems.countryNotFound(country);
    }
    return all;
  }
}
