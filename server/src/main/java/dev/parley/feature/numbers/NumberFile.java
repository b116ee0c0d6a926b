package dev.parley.feature.numbers;

import dev.parley.base.words.Refusal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An inventory as a file: CSV with a header line, or JSON with an array of objects; the columns of
 * one are the members of the other. {@code docs/numbers.md} describes them.
 */
final class NumberFile {
  /** Numbers in one file, at most. */
  static final int NUMBERS_MAX = 10_000_000;

  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{5,14}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern AREA_CODE = Pattern.compile("[0-9]{0,8}");
  private static final int WORDS_MAX = 200;

  private NumberFile() {}

  /**
   * Reads CSV: values between commas, in quotes where they hold one; {@code #} begins a comment
   * line.
   *
   * @throws dev.parley.base.words.Refusal 400 naming the line that is wrong
   */
  static List<NumberRange> csv(String text) {
    var header = List.<String>of();
    var rows = new ArrayList<Map<String, String>>();
    var lines = text.lines().toList();
    var places = new ArrayList<Integer>();
    for (var i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      var cells = cells(line, i + 1);
      if (header.isEmpty()) {
        header = cells;
        if (!header.contains("first")) {
          throw NumbersProblems.badLine(i + 1, "it is no header: it names no column first");
        }
        continue;
      }
      if (cells.size() > header.size()) {
        throw NumbersProblems.badLine(i + 1, "it has more values than the header has names");
      }
      var row = new LinkedHashMap<String, String>();
      for (var column = 0; column < cells.size(); column++) {
        row.put(header.get(column), cells.get(column));
      }
      rows.add(row);
      places.add(i + 1);
    }
    return ranges(rows, places);
  }

  /** Reads rows as JSON gives them; a line is then an item, counted from 1. */
  static List<NumberRange> items(List<Map<String, String>> rows) {
    var places = new ArrayList<Integer>();
    for (var i = 0; i < rows.size(); i++) {
      places.add(i + 1);
    }
    return ranges(rows, places);
  }

  private static List<NumberRange> ranges(List<Map<String, String>> rows, List<Integer> places) {
    var ranges = new ArrayList<NumberRange>();
    var total = 0L;
    for (var i = 0; i < rows.size(); i++) {
      var range = range(rows.get(i), places.get(i));
      total += range.count();
      if (total > NUMBERS_MAX) {
        throw NumbersProblems.badLine(places.get(i), "a file holds at most " + NUMBERS_MAX);
      }
      ranges.add(range);
    }
    return ranges;
  }

  private static List<String> cells(String line, int place) {
    var cells = new ArrayList<String>();
    var cell = new StringBuilder();
    var quoted = false;
    for (var i = 0; i < line.length(); i++) {
      var c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (quoted) {
      throw NumbersProblems.badLine(place, "a quote is not closed");
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private static NumberRange range(Map<String, String> row, int place) {
    var offer =
        new Offer(
            matching(row, "country", "", COUNTRY, place),
            NumberType.ofWord(row.getOrDefault("type", ""))
                .orElseThrow(() -> bad(place, "type must be geographic, tollFree or mobile")),
            assignment(row, place),
            new Capabilities(capability(row, "calling", place), capability(row, "sms", place)),
            new Cost(amount(row, place), matching(row, "currency", "USD", CURRENCY, place)));
    var first = matching(row, "first", "", NUMBER, place);
    var count = count(row, place);
    if (Long.toString(Long.parseLong(first.substring(1)) + count - 1).length()
        != first.length() - 1) {
      throw bad(place, "the range runs over its last digit");
    }
    return new NumberRange(
        first,
        count,
        offer,
        matching(row, "areaCode", "", AREA_CODE, place),
        words(row, "locality", place),
        words(row, "division", place),
        words(row, "divisionCode", place));
  }

  private static Optional<AssignmentType> assignment(Map<String, String> row, int place) {
    var word = row.getOrDefault("assignment", "");
    if (word.isEmpty() || word.equals("any")) {
      return Optional.empty();
    }
    return Optional.of(
        AssignmentType.ofWord(word)
            .orElseThrow(() -> bad(place, "assignment must be person, application or any")));
  }

  private static Capability capability(Map<String, String> row, String name, int place) {
    return Capability.ofWord(row.getOrDefault(name, "none"))
        .orElseThrow(
            () -> bad(place, name + " must be none, inbound, outbound or inbound+outbound"));
  }

  private static BigDecimal amount(Map<String, String> row, int place) {
    try {
      var amount = new BigDecimal(row.getOrDefault("cost", "0"));
      if (amount.signum() >= 0 && amount.precision() <= 12 && Math.abs(amount.scale()) <= 4) {
        return amount;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw bad(place, "cost must be a number such as 1.50");
  }

  private static int count(Map<String, String> row, int place) {
    try {
      var count = Integer.parseInt(row.getOrDefault("count", "1"));
      if (count > 0 && count <= NUMBERS_MAX) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw bad(place, "count must be a whole number from 1 to " + NUMBERS_MAX);
  }

  private static String matching(
      Map<String, String> row, String name, String fallback, Pattern pattern, int place) {
    var value = row.getOrDefault(name, fallback);
    if (name.equals("country")) {
      value = value.toUpperCase(Locale.ROOT);
    }
    if (!pattern.matcher(value).matches()) {
      throw bad(place, name + " is missing or malformed");
    }
    return value;
  }

  private static String words(Map<String, String> row, String name, int place) {
    var value = row.getOrDefault(name, "");
    if (value.length() > WORDS_MAX) {
      throw bad(place, name + " is too long");
    }
    return value;
  }

  private static Refusal bad(int place, String what) {
    return NumbersProblems.badLine(place, what);
  }
}
