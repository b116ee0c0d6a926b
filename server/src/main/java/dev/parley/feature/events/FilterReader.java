package dev.parley.feature.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.feature.events.AdvancedFilter.BoolEquals;
import dev.parley.feature.events.AdvancedFilter.Comparison;
import dev.parley.feature.events.AdvancedFilter.IsNull;
import dev.parley.feature.events.AdvancedFilter.NumberCompares;
import dev.parley.feature.events.AdvancedFilter.NumberRanges;
import dev.parley.feature.events.AdvancedFilter.Part;
import dev.parley.feature.events.AdvancedFilter.Range;
import dev.parley.feature.events.AdvancedFilter.StringMatches;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Filters as requests write them, with the service's bounds. */
final class FilterReader {
  private static final int CONDITIONS_MAX = 25;
  private static final int VALUES_MAX = 25;
  private static final int VALUE_CHARACTERS_MAX = 512;
  private static final int SUBJECT_CHARACTERS_MAX = 1_024;
  private static final int KEY_PARTS_MAX = 10;
  private static final int TYPES_MAX = 200;

  private static final Map<String, Comparison> COMPARISONS =
      Map.of(
          "NumberIn", Comparison.EQUAL,
          "NumberNotIn", Comparison.NOT_EQUAL,
          "NumberLessThan", Comparison.LESS,
          "NumberLessThanOrEquals", Comparison.LESS_OR_EQUAL,
          "NumberGreaterThan", Comparison.GREATER,
          "NumberGreaterThanOrEquals", Comparison.GREATER_OR_EQUAL);

  private record TextOperator(boolean negated, Part part) {}

  private static final Map<String, TextOperator> TEXTS =
      Map.of(
          "StringIn", new TextOperator(false, Part.WHOLE),
          "StringNotIn", new TextOperator(true, Part.WHOLE),
          "StringBeginsWith", new TextOperator(false, Part.BEGIN),
          "StringNotBeginsWith", new TextOperator(true, Part.BEGIN),
          "StringEndsWith", new TextOperator(false, Part.END),
          "StringNotEndsWith", new TextOperator(true, Part.END),
          "StringContains", new TextOperator(false, Part.ANY),
          "StringNotContains", new TextOperator(true, Part.ANY));

  private int values;

  private FilterReader() {}

  /**
   * The filter; everything when the request has none.
   *
   * @throws dev.parley.base.words.Refusal 400 for what is unknown, malformed or beyond a bound
   */
  static EventFilter read(SubscriptionModel.@Nullable Filter filter) {
    if (filter == null) {
      return EventFilter.ALL;
    }
    return new EventFilter(
        types(filter.includedEventTypes()),
        subject("filter.subjectBeginsWith", filter.subjectBeginsWith()),
        subject("filter.subjectEndsWith", filter.subjectEndsWith()),
        Boolean.TRUE.equals(filter.isSubjectCaseSensitive()),
        Boolean.TRUE.equals(filter.enableAdvancedFilteringOnArrays()),
        new FilterReader().conditions(filter.advancedFilters()));
  }

  private static Set<String> types(@Nullable List<@Nullable String> given) {
    var types = new LinkedHashSet<String>();
    if (given == null) {
      return types;
    }
    if (given.size() > TYPES_MAX) {
      throw EventsProblems.tooMany("filter.includedEventTypes", TYPES_MAX);
    }
    for (var type : given) {
      // The word that older clients send for no restriction.
      if (type != null && type.equalsIgnoreCase("All")) {
        return Set.of();
      }
      if (type == null || !EventTypes.isKnown(type)) {
        throw EventsProblems.badEventType(type == null ? "" : type);
      }
      types.add(EventTypes.spelled(type));
    }
    return types;
  }

  private static String subject(String member, @Nullable String text) {
    if (text != null && text.length() > SUBJECT_CHARACTERS_MAX) {
      throw EventsProblems.tooLong(member, SUBJECT_CHARACTERS_MAX);
    }
    return text == null ? "" : text;
  }

  private List<AdvancedFilter> conditions(
      @Nullable List<SubscriptionModel.@Nullable Condition> given) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > CONDITIONS_MAX) {
      throw EventsProblems.tooMany("filter.advancedFilters", CONDITIONS_MAX);
    }
    var conditions = new ArrayList<AdvancedFilter>();
    for (var condition : given) {
      if (condition == null) {
        throw EventsProblems.badCondition("An advanced filter must be an object.");
      }
      conditions.add(condition(condition));
    }
    return conditions;
  }

  private AdvancedFilter condition(SubscriptionModel.Condition condition) {
    var key = key(condition.key());
    var operator = condition.operatorType() == null ? "" : condition.operatorType();
    if (TEXTS.containsKey(operator)) {
      var kind = TEXTS.get(operator);
      return new StringMatches(key, operator, kind.negated(), kind.part(), texts(condition));
    }
    if (COMPARISONS.containsKey(operator)) {
      return new NumberCompares(key, operator, COMPARISONS.get(operator), numbers(condition));
    }
    return switch (operator) {
      case "NumberInRange" -> new NumberRanges(key, operator, false, ranges(condition));
      case "NumberNotInRange" -> new NumberRanges(key, operator, true, ranges(condition));
      case "BoolEquals" -> new BoolEquals(key, bool(condition));
      case "IsNullOrUndefined" -> new IsNull(key, operator, false);
      case "IsNotNull" -> new IsNull(key, operator, true);
      default ->
          throw EventsProblems.badCondition(
              "The operator type must be one of " + operators() + ".");
    };
  }

  private static String operators() {
    var all = new ArrayList<String>();
    all.addAll(TEXTS.keySet());
    all.addAll(COMPARISONS.keySet());
    all.addAll(
        List.of(
            "NumberInRange", "NumberNotInRange", "BoolEquals", "IsNullOrUndefined", "IsNotNull"));
    return all.stream().sorted().collect(Collectors.joining(", "));
  }

  private static String key(@Nullable String key) {
    if (key == null || key.isBlank() || key.length() > VALUE_CHARACTERS_MAX) {
      throw EventsProblems.badCondition(
          "The key of an advanced filter has 1 to " + VALUE_CHARACTERS_MAX + " characters.");
    }
    if (key.chars().filter(c -> c == '.').count() >= KEY_PARTS_MAX) {
      throw EventsProblems.badCondition(
          "The key of an advanced filter has at most " + KEY_PARTS_MAX + " parts.");
    }
    return key;
  }

  private List<JsonNode> values(SubscriptionModel.Condition condition) {
    var node = condition.values() == null ? condition.value() : condition.values();
    var list = new ArrayList<JsonNode>();
    if (node != null && node.isArray()) {
      node.forEach(list::add);
    } else if (node != null) {
      list.add(node);
    }
    if (list.isEmpty()) {
      throw EventsProblems.badCondition(
          "The advanced filter of '" + condition.key() + "' needs a value.");
    }
    values += list.size();
    if (values > VALUES_MAX) {
      throw EventsProblems.badCondition(
          "All advanced filters together have at most " + VALUES_MAX + " values.");
    }
    return list;
  }

  private List<String> texts(SubscriptionModel.Condition condition) {
    var texts = new ArrayList<String>();
    for (var value : values(condition)) {
      if (!value.isTextual()) {
        throw wrong(condition, "texts");
      }
      if (value.textValue().length() > VALUE_CHARACTERS_MAX) {
        throw EventsProblems.badCondition(
            "A value of an advanced filter has at most " + VALUE_CHARACTERS_MAX + " characters.");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  private List<Double> numbers(SubscriptionModel.Condition condition) {
    var numbers = new ArrayList<Double>();
    for (var value : values(condition)) {
      if (!value.isNumber()) {
        throw wrong(condition, "numbers");
      }
      numbers.add(value.doubleValue());
    }
    return numbers;
  }

  private List<Range> ranges(SubscriptionModel.Condition condition) {
    var ranges = new ArrayList<Range>();
    for (var value : values(condition)) {
      if (!value.isArray()
          || value.size() != 2
          || !value.get(0).isNumber()
          || !value.get(1).isNumber()
          || value.get(0).doubleValue() > value.get(1).doubleValue()) {
        throw wrong(condition, "pairs of numbers, the smaller one first");
      }
      ranges.add(new Range(value.get(0).doubleValue(), value.get(1).doubleValue()));
    }
    return ranges;
  }

  private boolean bool(SubscriptionModel.Condition condition) {
    var value = condition.value() == null ? MissingNode.getInstance() : condition.value();
    if (!value.isBoolean()) {
      throw wrong(condition, "true or false");
    }
    return value.booleanValue();
  }

  private static RuntimeException wrong(SubscriptionModel.Condition condition, String what) {
    return EventsProblems.badCondition(
        "The advanced filter %s of '%s' takes %s."
            .formatted(condition.operatorType(), condition.key(), what.toLowerCase(Locale.ROOT)));
  }
}
