package dev.parley.feature.numbers;

import dev.parley.base.kit.SettingsProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who operates a number, by its longest prefix in the operator's table. Ported numbers are not
 * known; an operator who needs them imports longer prefixes, up to whole numbers.
 */
final class Carriers {
  private static final int LINES_MAX = 1_000_000;
  private static final int PREFIX_MAX = 16;
  private static final Pattern PREFIX = Pattern.compile("\\+[0-9]{1,15}");
  private static final Pattern CODE = Pattern.compile("[0-9]{0,3}");

  /**
   * An operator.
   *
   * @param countryCode mobile country code, or empty text for one without a mobile network
   * @param networkCode mobile network code, or empty text
   */
  record Carrier(String name, String countryCode, String networkCode) {
    boolean mobile() {
      return !networkCode.isEmpty();
    }
  }

  private final Map<String, Carrier> byPrefix;

  private Carriers(Map<String, Carrier> byPrefix) {
    this.byPrefix = Map.copyOf(byPrefix);
  }

  /**
   * Reads the table.
   *
   * @throws SettingsProblem when the file cannot be read, or a line of it
   */
  static Carriers ofFile(Path file) {
    try {
      return ofText(Files.readString(file));
    } catch (IOException e) {
      throw new SettingsProblem("numbers.carriers: " + file + " cannot be read.");
    }
  }

  /** Lines of prefix, name, mobile country code and mobile network code, after a header line. */
  static Carriers ofText(String text) {
    var all = new HashMap<String, Carrier>();
    var lines = text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    if (lines.size() > LINES_MAX) {
      throw new SettingsProblem("numbers.carriers: more than " + LINES_MAX + " lines.");
    }
    for (var line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      var cells = line.split(",", -1);
      if (cells.length != 4
          || !PREFIX.matcher(cells[0].strip()).matches()
          || !CODE.matcher(cells[2].strip()).matches()
          || !CODE.matcher(cells[3].strip()).matches()) {
        throw new SettingsProblem(
            "numbers.carriers: a line must be prefix,name,mobileCountryCode,mobileNetworkCode, not \""
                + line
                + "\".");
      }
      all.put(cells[0].strip(), new Carrier(cells[1].strip(), cells[2].strip(), cells[3].strip()));
    }
    return new Carriers(all);
  }

  /** The table that is part of the program, for the fictional numbers of the developer profile. */
  static Carriers developer() {
    return ofText(ProgramFile.text("developer-carriers.csv"));
  }

  static Carriers none() {
    return new Carriers(Map.of());
  }

  /** The operator of a number with its plus. */
  Optional<Carrier> of(String number) {
    for (var length = Math.min(PREFIX_MAX, number.length()); length > 1; length--) {
      var carrier = byPrefix.get(number.substring(0, length));
      if (carrier != null) {
        return Optional.of(carrier);
      }
    }
    return Optional.empty();
  }
}
