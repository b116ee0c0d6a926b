package dev.parley.base.kit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Times as RFC 3339 writes them; that has years of four digits, which every store can count. */
public final class Rfc3339 {
  private static final int YEAR_MAX = 9999;

  private Rfc3339() {}

  /**
   * Reads a time with its offset.
   *
   * @throws DateTimeException when the text is none, or its year has not four digits
   */
  public static Instant parse(String text) {
    var time = OffsetDateTime.parse(text);
    if (time.getYear() < 0 || time.getYear() > YEAR_MAX) {
      throw new DateTimeException("A year has four digits.");
    }
    return time.toInstant();
  }
}
