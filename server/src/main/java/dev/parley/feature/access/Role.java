package dev.parley.feature.access;

import java.util.List;
import java.util.Locale;

/**
 * A role: patterns of what it allows, {@code *} for anything.
 *
 * @param id a GUID in lower case
 * @param dataActions what it allows on the data plane; {@link DataActions} names those
 */
record Role(
    String id,
    String name,
    String description,
    boolean builtIn,
    List<String> actions,
    List<String> notActions,
    List<String> dataActions,
    List<String> notDataActions) {
  Role {
    actions = List.copyOf(actions);
    notActions = List.copyOf(notActions);
    dataActions = List.copyOf(dataActions);
    notDataActions = List.copyOf(notDataActions);
  }

  boolean allows(String action) {
    return matches(actions, action) && !matches(notActions, action);
  }

  boolean allowsData(String action) {
    return matches(dataActions, action) && !matches(notDataActions, action);
  }

  private static boolean matches(List<String> patterns, String action) {
    var lower = action.toLowerCase(Locale.ROOT);
    return patterns.stream().anyMatch(pattern -> glob(pattern.toLowerCase(Locale.ROOT), lower));
  }

  /**
   * Whether the text is of the pattern. Goes back to the last star only, so that no pattern takes
   * longer than the product of both lengths.
   */
  static boolean glob(String pattern, String text) {
    var p = 0;
    var t = 0;
    var star = -1;
    var mark = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
