package dev.parley.protocol.sms;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A text cut into what fits one short message each: 160 septets or 70 UTF-16 units alone, 153 or 67
 * in company. No cut goes through an escaped character or a surrogate pair, so an emoji at the
 * border moves to the next segment whole.
 *
 * @param pieces the text of each segment, in order; one empty piece for an empty text
 */
public record SegmentedText(Alphabet alphabet, List<String> pieces) {
  public SegmentedText {
    pieces = List.copyOf(pieces);
  }

  /** The fewest segments: GSM 7-bit when all characters are in it, else UCS-2. */
  public static SegmentedText of(String text) {
    var alphabet = Gsm7.fits(text) ? Alphabet.GSM_7 : Alphabet.UCS_2;
    return new SegmentedText(alphabet, pieces(text, alphabet));
  }

  /** How many segments the text takes. */
  public int segments() {
    return pieces.size();
  }

  /** Units used of the last segment, for a preview. */
  public int unitsOfLast() {
    return units(pieces.getLast(), alphabet);
  }

  /** The bytes of one piece: septets one a byte, or UTF-16 big endian. */
  public byte[] bytes(int index) {
    return switch (alphabet) {
      case GSM_7 -> Gsm7.encode(pieces.get(index));
      case UCS_2 -> pieces.get(index).getBytes(StandardCharsets.UTF_16BE);
    };
  }

  private static List<String> pieces(String text, Alphabet alphabet) {
    if (units(text, alphabet) <= alphabet.single()) {
      return List.of(text);
    }
    var pieces = new ArrayList<String>();
    var start = 0;
    var used = 0;
    var at = 0;
    while (at < text.length()) {
      var length = Character.charCount(text.codePointAt(at));
      var cost = alphabet == Alphabet.GSM_7 ? Gsm7.cost(text.charAt(at)) : length;
      if (used + cost > alphabet.part()) {
        pieces.add(text.substring(start, at));
        start = at;
        used = 0;
      }
      used += cost;
      at += length;
    }
    pieces.add(text.substring(start));
    return pieces;
  }

  private static int units(String text, Alphabet alphabet) {
    return switch (alphabet) {
      case GSM_7 -> text.chars().map(character -> Gsm7.cost((char) character)).sum();
      case UCS_2 -> text.length();
    };
  }
}
