package dev.parley.feature.numbers;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Settings of numbers.
 *
 * @param seeded whether an empty inventory gets fictional numbers, and every resource one of them
 * @param countries where numbers may be bought; empty for wherever the inventory has some
 * @param resellAgreement countries in which a buyer must agree not to resell
 * @param searchHold how long a search holds what it found; ACS says less than 15 minutes
 * @param reservationHold how long a reservation holds its numbers after its last change
 * @param ownedMax numbers that one resource may own
 * @param quarantine how long a number that was given back stays out of the shop: its last owner's
 *     correspondents still write to it
 * @param operationRetention how long operations, searches and reservations can be asked for
 * @param carriers file with the prefixes of carriers, or empty text
 */
public record NumbersConfig(
    boolean seeded,
    Set<String> countries,
    Set<String> resellAgreement,
    Duration searchHold,
    Duration reservationHold,
    int ownedMax,
    Duration quarantine,
    Duration operationRetention,
    String carriers) {
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");

  /** The developer profile's settings. */
  public static final NumbersConfig DEVELOPER =
      new NumbersConfig(
          true,
          Set.of(),
          Set.of("FR", "IT"),
          Duration.ofMinutes(15),
          Duration.ofMinutes(15),
          10_000,
          Duration.ZERO,
          Duration.ofDays(30),
          "");

  /** Reads the settings. */
  public static NumbersConfig of(Settings settings, boolean developer) {
    return new NumbersConfig(
        settings.flag(
            "numbers.seeded",
            developer,
            "Whether an empty inventory is filled with fictional numbers, and every resource is"
                + " given one that sends and receives SMS."),
        countries(
            settings,
            "numbers.countries",
            "",
            "Countries whose numbers may be bought, such as US,GB; empty for all that the inventory"
                + " has."),
        countries(
            settings,
            "numbers.resell-agreement",
            "FR,IT",
            "Countries in which a buyer must agree not to resell the numbers."),
        settings.duration(
            "numbers.search-hold",
            DEVELOPER.searchHold(),
            "How long a search holds the numbers that it found."),
        settings.duration(
            "numbers.reservation-hold",
            DEVELOPER.reservationHold(),
            "How long a reservation holds its numbers after its last change."),
        settings.number(
            "numbers.owned-max",
            DEVELOPER.ownedMax(),
            1,
            100_000,
            "Numbers that one resource may own, at most."),
        settings.duration(
            "numbers.quarantine",
            developer ? DEVELOPER.quarantine() : Duration.ofDays(30),
            "How long a number that was given back cannot be had again; 0s gives it free at once."),
        settings.duration(
            "numbers.operation-retention",
            DEVELOPER.operationRetention(),
            "How long operations, searches and reservations can be asked for."),
        settings.text(
            "numbers.carriers",
            "",
            "CSV file of carriers for number lookup:"
                + " prefix,name,mobileCountryCode,mobileNetworkCode."));
  }

  private static Set<String> countries(
      Settings settings, String key, String fallback, String sentence) {
    var text = settings.text(key, fallback, sentence).toUpperCase(Locale.ROOT);
    var countries =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(country -> !country.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    for (var country : countries) {
      if (!COUNTRY.matcher(country).matches()) {
        throw new SettingsProblem(
            "%s must be country codes of two letters, not \"%s\".".formatted(key, country));
      }
    }
    return countries;
  }

  boolean allows(String country) {
    return countries.isEmpty() || countries.contains(country);
  }

  boolean needsAgreement(String country) {
    return resellAgreement.contains(country);
  }
}
