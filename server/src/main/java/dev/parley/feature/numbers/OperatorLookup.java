package dev.parley.feature.numbers;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.parley.base.event.UsageEvent;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.ServiceClock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known about any number: its forms and its country from the numbering plans in
 * libphonenumber, its operator from the table that this server's operator supplies.
 */
final class OperatorLookup {
  /** Usage: numbers that were looked up with their operator, which the service charges for. */
  static final String METER = "numbers.lookups";

  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{3,14}");

  private final Store store;
  private final ServiceClock clock;
  private final Carriers carriers;

  OperatorLookup(Store store, ServiceClock clock, Carriers carriers) {
    this.store = store;
    this.clock = clock;
    this.carriers = carriers;
  }

  /**
   * One answer.
   *
   * @param country empty when it is not known, or was not asked for
   * @param type {@code geographic}, {@code mobile}, {@code other} or {@code unknown}
   */
  record Found(
      String number,
      String nationalFormat,
      String internationalFormat,
      Optional<String> country,
      Optional<String> type,
      Optional<Carriers.Carrier> carrier) {}

  /**
   * Looks numbers up, each for itself.
   *
   * @param details whether operator, type and country are wanted; these lookups are counted
   */
  List<Found> search(Caller caller, List<String> numbers, boolean details) {
    var found = numbers.stream().map(number -> found(number, details)).toList();
    if (details && !numbers.isEmpty()) {
      var now = clock.now(caller.resource());
      store.write(
          NumberStore.partition(caller.resource()),
          tx -> {
            tx.publish(new UsageEvent.Recorded(METER, numbers.size(), "", now), caller.origin());
            return true;
          });
    }
    return found;
  }

  private Found found(String number, boolean details) {
    if (!NUMBER.matcher(number).matches()) {
      throw NumbersProblems.badNumber("of %d characters".formatted(number.length()));
    }
    var plans = PhoneNumberUtil.getInstance();
    var parsed = parsed(plans, number);
    var carrier = carriers.of(number);
    return new Found(
        number,
        parsed.map(it -> plans.format(it, PhoneNumberFormat.NATIONAL)).orElse(number),
        parsed.map(it -> plans.format(it, PhoneNumberFormat.INTERNATIONAL)).orElse(number),
        details ? parsed.flatMap(it -> country(plans, it)) : Optional.empty(),
        details
            ? Optional.of(parsed.map(it -> type(plans, it, carrier)).orElse("unknown"))
            : Optional.empty(),
        details ? carrier : Optional.empty());
  }

  private static Optional<PhoneNumber> parsed(PhoneNumberUtil plans, String number) {
    try {
      return Optional.of(plans.parse(number, null));
    } catch (NumberParseException _) {
      return Optional.empty();
    }
  }

  /** By the number itself where the plan has it; else by its calling code alone. */
  private static Optional<String> country(PhoneNumberUtil plans, PhoneNumber number) {
    return Optional.ofNullable(plans.getRegionCodeForNumber(number))
        .or(() -> Optional.of(plans.getRegionCodeForCountryCode(number.getCountryCode())))
        .filter(region -> region.length() == 2 && !region.equals("ZZ"));
  }

  /** Where the plan cannot tell fixed from mobile, as in North America, the operator can. */
  private static String type(
      PhoneNumberUtil plans, PhoneNumber number, Optional<Carriers.Carrier> carrier) {
    var type = plans.getNumberType(number);
    if (type == PhoneNumberType.FIXED_LINE_OR_MOBILE || type == PhoneNumberType.UNKNOWN) {
      var mobile = carrier.map(Carriers.Carrier::mobile);
      if (mobile.isPresent()) {
        return mobile.get() ? "mobile" : "geographic";
      }
    }
    return switch (type) {
      case FIXED_LINE, FIXED_LINE_OR_MOBILE -> "geographic";
      case MOBILE -> "mobile";
      case UNKNOWN -> "unknown";
      case TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP, PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL ->
          "other";
    };
  }
}
