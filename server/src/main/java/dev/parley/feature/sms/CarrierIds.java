package dev.parley.feature.sms;

import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Carriers' ids in one form: lower case, without leading zeros. Some carriers answer a submit with
 * a hexadecimal id and write the decimal one into the receipt, or the other way round.
 */
final class CarrierIds {
  private static final int LENGTH_MAX = 65;
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,20}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,16}");

  private CarrierIds() {}

  static String stored(String id) {
    var text = id.strip().toLowerCase(Locale.ROOT);
    var start = 0;
    while (start < text.length() - 1 && text.charAt(start) == '0') {
      start++;
    }
    return text.substring(start, Math.min(text.length(), start + LENGTH_MAX));
  }

  /** What the id may be stored as, the most likely first. */
  static List<String> candidates(String id) {
    var plain = stored(id);
    var all = new LinkedHashSet<String>();
    all.add(plain);
    if (DECIMAL.matcher(plain).matches()) {
      all.add(new BigInteger(plain).toString(16));
    }
    if (HEX.matcher(plain).matches()) {
      all.add(new BigInteger(plain, 16).toString());
    }
    return List.copyOf(all);
  }
}
