package dev.parley.base.kit;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one start: what was given, read by each room's config record with its default and
 * one sentence of explanation. What no room asked for stops the start with a hint. Not for use
 * after the start.
 */
public final class Settings {
  private record Entry(String value, String fallback, String sentence, boolean secret) {}

  private final Map<String, String> given;
  private final Map<String, String> environment;
  private final Map<String, Entry> read = new TreeMap<>();

  /** Settings by key, e.g. {@code http.port}; keys are lower case with dots and hyphens. */
  public Settings(Map<String, String> given) {
    this(given, Map.of());
  }

  /**
   * The same, with environment variables behind what is given: {@code PARLEY_HTTP_PORT} stands for
   * {@code http.port}.
   *
   * @param environment all variables of the process; those of other names are not looked at
   */
  public Settings(Map<String, String> given, Map<String, String> environment) {
    this.given = new TreeMap<>(given);
    this.environment = Map.copyOf(environment);
  }

  /** Text as given, or the default. */
  public String text(String key, String fallback, String sentence) {
    return value(key, fallback, sentence, false);
  }

  /** The same, never printed. */
  public String secret(String key, String sentence) {
    return value(key, "", sentence, true);
  }

  /** A whole number within bounds. */
  public int number(String key, int fallback, int min, int max, String sentence) {
    var text = value(key, Integer.toString(fallback), sentence, false);
    try {
      var number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, together with the bounds.
    }
    throw new SettingsProblem(
        "%s must be a whole number from %d to %d, not \"%s\".".formatted(key, min, max, text));
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key, boolean fallback, String sentence) {
    var text = value(key, Boolean.toString(fallback), sentence, false);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new SettingsProblem("%s must be true or false, not \"%s\".".formatted(key, text));
    };
  }

  /** A span such as {@code 90s}, {@code 15m}, {@code 24h} or {@code 30d}. */
  public Duration duration(String key, Duration fallback, String sentence) {
    var text = value(key, written(fallback), sentence, false);
    try {
      return text.endsWith("d")
          ? Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)))
          : Duration.parse("PT" + text);
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException _) {
      throw new SettingsProblem(
          "%s must be a span such as 90s, 15m, 24h or 30d, not \"%s\".".formatted(key, text));
    }
  }

  /**
   * The names given below a prefix: for {@code issuers.contoso.audience} and prefix {@code
   * issuers}, {@code contoso}.
   */
  public List<String> names(String prefix) {
    var names = new TreeSet<String>();
    for (var key : given.keySet()) {
      if (key.startsWith(prefix + ".")) {
        var rest = key.substring(prefix.length() + 1);
        names.add(rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest);
      }
    }
    return List.copyOf(names);
  }

  /**
   * Stops the start when a given key was read by no room.
   *
   * @throws SettingsProblem naming the key, and the nearest known one
   */
  public void refuseUnknown() {
    for (var key : given.keySet()) {
      if (!read.containsKey(key)) {
        var nearest =
            read.keySet().stream().min(Comparator.comparingInt(known -> distance(key, known)));
        throw new SettingsProblem(
            "Unknown setting \"%s\".%s"
                .formatted(key, nearest.map(name -> " Did you mean \"" + name + "\"?").orElse("")));
      }
    }
  }

  /** Every setting with its value, default and sentence, one paragraph each; secrets hidden. */
  public String print() {
    var text = new StringBuilder();
    read.forEach((key, entry) -> {
      var shown = entry.secret() && !entry.value().isEmpty() ? "(hidden)" : entry.value();
      text.append("# ").append(entry.sentence());
      if (!entry.value().equals(entry.fallback())) {
        text.append(" Default: ").append(entry.fallback().isEmpty() ? "(empty)" : entry.fallback());
      }
      text.append('\n').append(key).append('=').append(shown).append("\n\n");
    });
    return text.toString();
  }

  private String value(String key, String fallback, String sentence, boolean secret) {
    var variable = "PARLEY_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    @Nullable String value = given.getOrDefault(key, environment.get(variable));
    var chosen = value == null ? fallback : value;
    read.put(key, new Entry(chosen, fallback, sentence, secret));
    return chosen;
  }

  private static String written(Duration span) {
    return span.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /** Levenshtein distance, for the hint. */
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        var cost = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + change);
        diagonal = row[j];
        row[j] = cost;
      }
    }
    return row[b.length()];
  }
}
