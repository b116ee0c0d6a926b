package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The map of the house says what is so. */
class ArchitectureTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/parley");
  private static final Pattern STEP = Pattern.compile("(?ms)^\\d\\. (.*?)(?=^\\d\\. |^\\S|\\z)");
  private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

  private static List<String> names(String step) {
    return NAME.matcher(step).results().map(match -> match.group(1)).toList();
  }

  /** Whoever follows one message finds in each file the names that lead on from there. */
  @Test
  void oneMessageIsFollowedThroughEightFiles() throws IOException {
    var map = Files.readString(Path.of("../ARCHITECTURE.md"));
    var way = map.substring(map.indexOf("## One message"), map.indexOf("## Rules"));
    var steps = STEP.matcher(way).results().map(MatchResult::group).toList();
    assertEquals(8, steps.size());
    for (var step : steps) {
      var names = names(step);
      var file = SOURCES.resolve(names.getFirst().replace('.', '/') + ".java");
      assertTrue(Files.exists(file), file.toString());
      var text = Files.readString(file);
      for (var name : names.subList(1, names.size())) {
        if (name.startsWith("base.")) {
          assertTrue(exists(name), name);
        } else if (!name.startsWith("Postgres")) {
          var word = Pattern.compile("(?i)\\b" + name + "\\b");
          assertTrue(word.matcher(text).find(), file + " knows no " + name);
        }
      }
    }
  }

  private static boolean exists(String name) {
    var path = name.replace('.', '/');
    return Files.exists(SOURCES.resolve(path + ".java"))
        || Files.isDirectory(SOURCES.resolve(path));
  }
}
