package dev.parley;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * What was asked on the command line.
 *
 * @param command {@code up}, or {@code restore}
 * @param printConfig whether to print the settings and stop
 * @param words what follows the command
 */
record CommandLine(String command, boolean printConfig, List<String> words, Settings settings) {
  /** Options that are short for a setting. */
  private static final Map<String, String> OPTIONS =
      Map.of("--data", "data", "--port", "https.port", "--profile", "profile");

  /**
   * Reads the arguments: command, options, {@code --set key=value}. Later ones win; the command
   * line wins over the file, and the file over environment variables.
   *
   * @throws SettingsProblem one sentence on what cannot be understood
   */
  static CommandLine parse(List<String> arguments, Map<String, String> environment) {
    var set = new LinkedHashMap<String, String>();
    var file = new LinkedHashMap<String, String>();
    var words = new java.util.ArrayList<String>();
    var printConfig = false;
    for (var i = 0; i < arguments.size(); i++) {
      var argument = arguments.get(i);
      if (argument.equals("--print-config")) {
        printConfig = true;
      } else if (!argument.startsWith("--")) {
        words.add(argument);
      } else {
        var equals = argument.indexOf('=');
        var separate = equals < 0 || argument.equals("--set");
        var option = separate ? argument : argument.substring(0, equals);
        if (separate && i + 1 == arguments.size()) {
          throw new SettingsProblem(option + " needs a value.");
        }
        apply(option, separate ? arguments.get(++i) : argument.substring(equals + 1), set, file);
      }
    }
    file.putAll(set);
    var command = words.isEmpty() ? "up" : words.removeFirst();
    return new CommandLine(
        command, printConfig, List.copyOf(words), new Settings(file, environment));
  }

  private static void apply(
      String option, String value, Map<String, String> set, Map<String, String> file) {
    if (option.equals("--config")) {
      file.putAll(read(Path.of(value)));
    } else if (option.equals("--set")) {
      var equals = value.indexOf('=');
      if (equals < 1) {
        throw new SettingsProblem("--set needs key=value, not \"" + value + "\".");
      }
      set.put(value.substring(0, equals).strip(), value.substring(equals + 1).strip());
    } else if (OPTIONS.containsKey(option)) {
      set.put(OPTIONS.getOrDefault(option, option), value);
    } else {
      throw new SettingsProblem(
          "Unknown option \""
              + option
              + "\". Known: --data, --port, --profile, --config, --set, --print-config.");
    }
  }

  /**
   * A settings file: lines of {@code key=value}, comments after {@code #}; the form that {@code
   * --print-config} prints.
   */
  private static Map<String, String> read(Path file) {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsProblem("The settings file " + file + " cannot be read: " + e.getMessage());
    }
    var values = new LinkedHashMap<String, String>();
    for (var key : properties.stringPropertyNames()) {
      values.put(key, properties.getProperty(key).strip());
    }
    return values;
  }
}
