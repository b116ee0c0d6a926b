package dev.parley.feature.realtime;

/** Whole numbers that are not negative, as digits in bytes. */
final class Decimal {
  private static final int DIGITS_MAX = 18;

  private Decimal() {}

  static int digits(long number) {
    var digits = 1;
    for (var rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  static void put(byte[] out, int at, int digits, long number) {
    var rest = number;
    for (var i = at + digits - 1; i >= at; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * Where the digits that begin at a place end; the place itself when there are none or too many.
   */
  static int end(byte[] text, int from, int to) {
    var end = from;
    while (end < to && text[end] >= '0' && text[end] <= '9') {
      end++;
    }
    return end - from <= DIGITS_MAX ? end : from;
  }

  static long number(byte[] text, int from, int to) {
    var number = 0L;
    for (var i = from; i < to; i++) {
      number = number * 10 + text[i] - '0';
    }
    return number;
  }
}
