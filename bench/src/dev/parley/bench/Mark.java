package dev.parley.bench;

import java.nio.charset.StandardCharsets;

/** The part of a message by which its receiver knows which sender's turn it was and when it was due: 24 hexadecimal digits. */
final class Mark {
  static final int CHARACTERS = 24;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte BEFORE = '~';

  /** A body as chats have it: short. */
  static final String BODY = (char) BEFORE + "0".repeat(CHARACTERS) + "x".repeat(100);

  private Mark() {}

  /** Where the mark of the body within these bytes begins. */
  static int find(byte[] bytes, int from, int to) {
    for (var i = from; i < to; i++) {
      if (bytes[i] == BEFORE) {
        return i + 1;
      }
    }
    return -1;
  }

  static void put(byte[] bytes, int at, int slot, long nanos) {
    hex(bytes, at, 8, slot & 0xFFFFFFFFL);
    hex(bytes, at + 8, 16, nanos);
  }

  static int slot(byte[] bytes, int at) {
    return (int) number(bytes, at, 8);
  }

  static long nanos(byte[] bytes, int at) {
    return number(bytes, at + 8, 16);
  }

  private static void hex(byte[] bytes, int at, int digits, long value) {
    for (var i = 0; i < digits; i++) {
      bytes[at + i] = DIGITS[(int) (value >>> 4 * (digits - 1 - i)) & 15];
    }
  }

  private static long number(byte[] bytes, int at, int digits) {
    var value = 0L;
    for (var i = at; i < at + digits; i++) {
      value = value << 4 | Character.digit(bytes[i], 16);
    }
    return value;
  }
}
