package dev.parley.protocol.sms;

import java.util.Arrays;
import java.util.Optional;

/**
 * The user data header's element that numbers the segments of one message (3GPP TS 23.040 sections
 * 9.2.3.24.1 and 9.2.3.24.8).
 *
 * @param reference the same in all segments; 8 or 16 bits
 * @param sequence from 1 to {@code total}
 */
public record Concatenation(int reference, int total, int sequence) {
  private static final int EIGHT_BIT = 0x00;
  private static final int SIXTEEN_BIT = 0x08;

  /** A segment's place and what follows its header. */
  public record Segment(Optional<Concatenation> place, byte[] text) {}

  /** Whether it can be true: a place within at least two. */
  public boolean plausible() {
    return total >= 1 && sequence >= 1 && sequence <= total;
  }

  /** Header and text of one segment; the reference takes its lowest eight bits. */
  public byte[] with(byte[] text) {
    var all = new byte[6 + text.length];
    all[0] = 5;
    all[1] = EIGHT_BIT;
    all[2] = 3;
    all[3] = (byte) reference;
    all[4] = (byte) total;
    all[5] = (byte) sequence;
    System.arraycopy(text, 0, all, 6, text.length);
    return all;
  }

  /**
   * Takes the header off. A header that lies about its length, or places that cannot be, leave no
   * place; the text is then what remains.
   */
  public static Segment read(byte[] data) {
    if (data.length == 0) {
      return new Segment(Optional.empty(), data);
    }
    var end = 1 + (data[0] & 0xFF);
    if (end > data.length) {
      return new Segment(Optional.empty(), data);
    }
    return new Segment(place(data, end), Arrays.copyOfRange(data, end, data.length));
  }

  private static Optional<Concatenation> place(byte[] data, int end) {
    var at = 1;
    while (at + 2 <= end) {
      var length = data[at + 1] & 0xFF;
      var value = at + 2;
      if (value + length > end) {
        return Optional.empty();
      }
      if (data[at] == EIGHT_BIT && length == 3) {
        return checked(data[value] & 0xFF, data[value + 1], data[value + 2]);
      }
      if (data[at] == SIXTEEN_BIT && length == 4) {
        var reference = ((data[value] & 0xFF) << 8) | (data[value + 1] & 0xFF);
        return checked(reference, data[value + 2], data[value + 3]);
      }
      at = value + length;
    }
    return Optional.empty();
  }

  private static Optional<Concatenation> checked(int reference, byte total, byte sequence) {
    return Optional.of(new Concatenation(reference, total & 0xFF, sequence & 0xFF))
        .filter(Concatenation::plausible);
  }
}
