package dev.parley.feature.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/**
 * One condition on a member of an event. Comparisons of texts ignore case; there are no patterns,
 * so the time of a check is bounded by its values.
 */
sealed interface AdvancedFilter {
  /** What the condition looks at: {@code subject}, {@code data.version} and so on. */
  String key();

  /** The contract's word for the kind of condition. */
  String operatorType();

  /**
   * Whether the value fulfils the condition.
   *
   * @param value missing node where the event has no such member
   */
  boolean holds(JsonNode value);

  /**
   * Whether an array holds when none of its values violates the condition, or when one fulfils it.
   */
  default boolean negated() {
    return false;
  }

  /** A number against others, of which one is enough. */
  record NumberCompares(String key, String operatorType, Comparison comparison, List<Double> values)
      implements AdvancedFilter {
    public NumberCompares {
      values = List.copyOf(values);
    }

    @Override
    public boolean negated() {
      return comparison == Comparison.NOT_EQUAL;
    }

    @Override
    public boolean holds(JsonNode value) {
      if (!value.isNumber()) {
        return negated();
      }
      var number = value.doubleValue();
      return negated()
          ? values.stream().noneMatch(other -> other == number)
          : values.stream().anyMatch(other -> comparison.holds(number, other));
    }
  }

  /** How a number stands to another. */
  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    boolean holds(double one, double other) {
      return switch (this) {
        case EQUAL -> one == other;
        case NOT_EQUAL -> one != other;
        case LESS -> one < other;
        case LESS_OR_EQUAL -> one <= other;
        case GREATER -> one > other;
        case GREATER_OR_EQUAL -> one >= other;
      };
    }
  }

  /** From and to, both included. */
  record Range(double from, double to) {
    boolean holds(double number) {
      return number >= from && number <= to;
    }
  }

  /** A number in one of several ranges, or in none. */
  record NumberRanges(String key, String operatorType, boolean negated, List<Range> ranges)
      implements AdvancedFilter {
    public NumberRanges {
      ranges = List.copyOf(ranges);
    }

    @Override
    public boolean holds(JsonNode value) {
      if (!value.isNumber()) {
        return negated;
      }
      return ranges.stream().anyMatch(range -> range.holds(value.doubleValue())) != negated;
    }
  }

  /** A truth value. */
  record BoolEquals(String key, boolean value) implements AdvancedFilter {
    @Override
    public String operatorType() {
      return "BoolEquals";
    }

    @Override
    public boolean holds(JsonNode other) {
      return other.isBoolean() && other.booleanValue() == value;
    }
  }

  /** A text against others, of which one is enough, or of which none may match. */
  record StringMatches(
      String key, String operatorType, boolean negated, Part part, List<String> values)
      implements AdvancedFilter {
    public StringMatches {
      values = values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public boolean holds(JsonNode value) {
      if (!value.isTextual()) {
        return negated;
      }
      var text = value.textValue().toLowerCase(Locale.ROOT);
      return values.stream().anyMatch(other -> part.holds(text, other)) != negated;
    }
  }

  /** Which part of a text is compared. */
  enum Part {
    WHOLE,
    BEGIN,
    END,
    ANY;

    boolean holds(String text, String other) {
      return switch (this) {
        case WHOLE -> text.equals(other);
        case BEGIN -> text.startsWith(other);
        case END -> text.endsWith(other);
        case ANY -> text.contains(other);
      };
    }
  }

  /** Nothing there, or something there. */
  record IsNull(String key, String operatorType, boolean negated) implements AdvancedFilter {
    @Override
    public boolean holds(JsonNode value) {
      return (value.isMissingNode() || value.isNull()) != negated;
    }
  }
}
