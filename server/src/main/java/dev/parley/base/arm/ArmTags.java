package dev.parley.base.arm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks tags by the resource manager's own limits. Names are unique in any case. */
public final class ArmTags {
  private static final int TAGS_MAX = 50;
  private static final int NAME_CHARACTERS_MAX = 512;
  private static final int VALUE_CHARACTERS_MAX = 256;
  private static final String FORBIDDEN = "<>%&\\?/";

  private ArmTags() {}

  /**
   * The tags as they are kept; a null value becomes empty text.
   *
   * @throws dev.parley.base.words.Refusal 400 for too many, too long, or a forbidden character
   */
  public static Map<String, String> checked(@Nullable Map<String, @Nullable String> given) {
    var tags = new LinkedHashMap<String, String>();
    if (given == null) {
      return tags;
    }
    if (given.size() > TAGS_MAX) {
      throw ArmProblems.badTag("A resource has at most " + TAGS_MAX + " tags.");
    }
    var names = new java.util.HashSet<String>();
    for (var tag : given.entrySet()) {
      var name = tag.getKey();
      var value = tag.getValue() == null ? "" : tag.getValue();
      if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX) {
        throw ArmProblems.badTag(
            "The name of a tag has 1 to " + NAME_CHARACTERS_MAX + " characters.");
      }
      if (name.chars().anyMatch(c -> FORBIDDEN.indexOf(c) >= 0 || c < ' ')) {
        throw ArmProblems.badTag("The name of a tag has none of " + FORBIDDEN + ".");
      }
      if (value.length() > VALUE_CHARACTERS_MAX) {
        throw ArmProblems.badTag(
            "The value of a tag has at most " + VALUE_CHARACTERS_MAX + " characters.");
      }
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw ArmProblems.badTag("Two tags have the same name.");
      }
      tags.put(name, value);
    }
    return tags;
  }
}
