package dev.parley.media.control;

import java.util.Arrays;

/** What was sent under which transport-wide number, until feedback has spoken of it. */
final class SentLog {
  /** Over four seconds at 1,000 packets a second; feedback that is older says nothing useful. */
  private static final int PACKETS_MAX = 4096;

  private static final int MASK = PACKETS_MAX - 1;

  enum Fate {
    UNKNOWN,
    LOST,
    RECEIVED
  }

  private final int[] numbers = new int[PACKETS_MAX];
  private final long[] times = new long[PACKETS_MAX];
  private final int[] sizes = new int[PACKETS_MAX];
  private final int[] probes = new int[PACKETS_MAX];
  private final Fate[] fates = new Fate[PACKETS_MAX];

  SentLog() {
    Arrays.fill(numbers, -1);
    Arrays.fill(fates, Fate.UNKNOWN);
  }

  void sent(int number, int bytes, long nanos, int probe) {
    var slot = number & MASK;
    numbers[slot] = number & 0xffff;
    times[slot] = nanos;
    sizes[slot] = bytes;
    probes[slot] = probe;
    fates[slot] = Fate.UNKNOWN;
  }

  boolean knows(int number) {
    return numbers[number & MASK] == number;
  }

  long time(int number) {
    return times[number & MASK];
  }

  int bytes(int number) {
    return sizes[number & MASK];
  }

  int probe(int number) {
    return probes[number & MASK];
  }

  Fate fate(int number) {
    return fates[number & MASK];
  }

  void fate(int number, Fate fate) {
    fates[number & MASK] = fate;
  }
}
