package dev.parley.media;

import dev.parley.protocol.rtp.Sequences;

/**
 * The packets of one incoming stream that have not come, and when to ask for them again. Makes no
 * object; the order is that of sequence numbers.
 */
final class MissingPackets {
  private static final int MAX = 256;
  private static final int TRIES_MAX = 10;

  /** Reordering is no loss. */
  private static final long FIRST_NANOS = 10_000_000L;

  private static final long AGAIN_NANOS_MIN = 30_000_000L;

  private final int[] sequences = new int[MAX];
  private final long[] askNanos = new long[MAX];
  private final int[] tries = new int[MAX];
  private int size;

  /** Notes a gap; false when there are too many, so that only a key frame helps. */
  boolean add(int sequence, long nowNanos) {
    if (size == MAX) {
      size = 0;
      return false;
    }
    sequences[size] = sequence;
    askNanos[size] = nowNanos + FIRST_NANOS;
    tries[size] = 0;
    size++;
    return true;
  }

  /** It has come after all; true when it was asked for. */
  boolean remove(int sequence) {
    for (var i = 0; i < size; i++) {
      if (sequences[i] == sequence) {
        var asked = tries[i] > 0;
        removeAt(i);
        return asked;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  /**
   * Writes the numbers that are due to be asked for into an array; returns how many.
   *
   * @param roundTripNanos as far as it is known, 0 otherwise
   * @param hasGivenUp set to true in its first place when a packet was asked for too often
   */
  int due(long nowNanos, long roundTripNanos, int[] into, boolean[] hasGivenUp) {
    var count = 0;
    for (var i = 0; i < size && count < into.length; ) {
      if (askNanos[i] > nowNanos) {
        i++;
      } else if (tries[i] >= TRIES_MAX) {
        hasGivenUp[0] = true;
        removeAt(i);
      } else {
        tries[i]++;
        askNanos[i] = nowNanos + Math.max(AGAIN_NANOS_MIN, roundTripNanos * 3 / 2);
        into[count++] = sequences[i];
        i++;
      }
    }
    return count;
  }

  /** Forgets what is older than a key frame: nobody needs it any more. */
  void forgetBefore(int sequence) {
    for (var i = 0; i < size; ) {
      if (Sequences.isNewer(sequence, sequences[i])) {
        removeAt(i);
      } else {
        i++;
      }
    }
  }

  private void removeAt(int index) {
    size--;
    System.arraycopy(sequences, index + 1, sequences, index, size - index);
    System.arraycopy(askNanos, index + 1, askNanos, index, size - index);
    System.arraycopy(tries, index + 1, tries, index, size - index);
  }
}
