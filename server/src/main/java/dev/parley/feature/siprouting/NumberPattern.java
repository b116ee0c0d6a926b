package dev.parley.feature.siprouting;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A route's regular expression. Callers write them in the dialect of .NET, which is close enough
 * for patterns of digits; and they may be hostile, so a match has a bound on its steps.
 */
final class NumberPattern {
  /** Steps after which a match is given up: a sane pattern needs some dozens for a number. */
  private static final int STEPS_MAX = 20_000;

  private final Pattern pattern;

  private NumberPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** The number's characters, counted as the matcher reads them. */
  private static final class Counted implements CharSequence {
    private final String text;
    private int steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS_MAX) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Ends a match; no trace, since it is thrown for a caller's fault. */
  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super(null, null, false, false);
    }
  }

  /** The pattern; empty when it is none. */
  static Optional<NumberPattern> of(String text) {
    try {
      return Optional.of(new NumberPattern(Pattern.compile(literalPlus(text))));
    } catch (PatternSyntaxException | StackOverflowError _) {
      return Optional.empty();
    }
  }

  /**
   * The official tests and quickstarts write {@code ^+[1-9]...} and mean a number with its plus;
   * read as a repeated anchor it would match no such number.
   */
  private static String literalPlus(String text) {
    return text.startsWith("^+") ? "^\\+" + text.substring(2) : text;
  }

  /** Whether the pattern is found in the number; false when finding out takes too long. */
  boolean matches(String number) {
    try {
      return pattern.matcher(new Counted(number)).find();
    } catch (TooManySteps | StackOverflowError _) {
      return false;
    }
  }
}
