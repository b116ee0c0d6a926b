package dev.parley.feature.access;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of OData filters that clients of these lists use: comparisons and functions joined by
 * {@code and}.
 *
 * @param terms by name and operator, e.g. {@code eventTimestamp ge}, or by function
 */
record Filter(Map<String, String> terms) {
  private static final int CHARACTERS_MAX = 2_000;
  private static final Pattern AND = Pattern.compile("(?i)\\s+and\\s+");
  private static final Pattern COMPARISON =
      Pattern.compile("([A-Za-z/]{1,60})\\s+(eq|ge|le)\\s+'([^']{0,500})'");
  private static final Pattern FUNCTION =
      Pattern.compile("(atScope|assignedTo)\\s*\\(\\s*(?:'([^']{0,100})')?\\s*\\)");

  /**
   * Reads a filter; none is empty.
   *
   * @throws dev.parley.base.words.Refusal 400 for one that is not understood: a filter passed over
   *     would show more than was asked for
   */
  static Filter of(Optional<String> text, List<String> known) {
    var terms = new LinkedHashMap<String, String>();
    var given = text.orElse("").strip();
    if (given.length() > CHARACTERS_MAX) {
      throw AccessProblems.badFilter();
    }
    for (var part : given.isEmpty() ? new String[0] : AND.split(given)) {
      var comparison = COMPARISON.matcher(part.strip());
      var function = FUNCTION.matcher(part.strip());
      String term;
      String value;
      if (comparison.matches()) {
        term = comparison.group(1) + " " + comparison.group(2);
        value = comparison.group(3);
      } else if (function.matches()) {
        term = function.group(1);
        value = function.group(2) == null ? "" : function.group(2);
      } else {
        throw AccessProblems.badFilter();
      }
      var name = known.stream().filter(term::equalsIgnoreCase).findFirst();
      if (name.isEmpty() || terms.put(name.get(), value) != null) {
        throw AccessProblems.badFilter();
      }
    }
    return new Filter(terms);
  }

  Optional<String> find(String term) {
    return Optional.ofNullable(terms.get(term));
  }

  boolean has(String term) {
    return terms.containsKey(term);
  }
}
