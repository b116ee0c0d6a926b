package dev.parley.feature.sms;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Lists in constant SQL texts: {@code IN} over as many marks as a request has recipients at most,
 * with the last value repeated in the unused ones.
 */
final class Padded {
  static final int SIZE = 100;
  static final String MARKS = String.join(", ", Collections.nCopies(SIZE, "?"));

  private Padded() {}

  /**
   * The leading values, then the list.
   *
   * @param list 1 to 100 texts
   */
  static Object[] values(List<String> leading, Collection<String> list) {
    var values = new Object[leading.size() + SIZE];
    var at = 0;
    for (var value : leading) {
      values[at++] = value;
    }
    var last = "";
    for (var value : list) {
      values[at++] = value;
      last = value;
    }
    while (at < values.length) {
      values[at++] = last;
    }
    return values;
  }
}
