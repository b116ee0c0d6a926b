package dev.parley.base.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * What JSON from outside must be before it is parsed: UTF-8, without NUL and without halves of
 * surrogate pairs.
 */
final class JsonText {
  private static final int PIECE = 8 << 10;

  private JsonText() {}

  /**
   * Checks a body.
   *
   * @throws dev.parley.base.words.Refusal 400
   */
  static void check(byte[] body) {
    if (!isUtf8(body)) {
      throw WireProblems.badJson("the body is not UTF-8");
    }
    checkEscapes(body);
  }

  /** Decodes piece by piece: a large body must not be in memory twice. */
  private static boolean isUtf8(byte[] body) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(body);
    var piece = CharBuffer.allocate(Math.min(PIECE, body.length + 1));
    CoderResult result;
    do {
      result = decoder.decode(in, piece.clear(), true);
    } while (result.isOverflow());
    return !result.isError();
  }

  private static void checkEscapes(byte[] body) {
    var highPending = false;
    for (var i = 0; i < body.length; i++) {
      if (body[i] == '\\' && i + 1 < body.length) {
        if (body[i + 1] != 'u') {
          i++;
        } else {
          var unit = unit(body, i + 2);
          if (unit == 0 || highPending != Character.isLowSurrogate((char) unit)) {
            throw WireProblems.badJson("a string holds NUL or half of a surrogate pair");
          }
          highPending = Character.isHighSurrogate((char) unit);
          i += 5;
          if (highPending && !(i + 1 < body.length && body[i + 1] == '\\')) {
            throw WireProblems.badJson("a string holds half of a surrogate pair");
          }
          continue;
        }
      }
      if (highPending) {
        throw WireProblems.badJson("a string holds half of a surrogate pair");
      }
    }
    if (highPending) {
      throw WireProblems.badJson("a string ends in half of a surrogate pair");
    }
  }

  private static int unit(byte[] body, int start) {
    var unit = 0;
    for (var i = start; i < start + 4; i++) {
      var digit = i < body.length ? Character.digit(body[i], 16) : -1;
      if (digit < 0) {
        throw WireProblems.badJson("a broken escape");
      }
      unit = (unit << 4) | digit;
    }
    return unit;
  }
}
