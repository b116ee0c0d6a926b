package dev.parley.feature.sms.carrier;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Settings of one carrier. */
public sealed interface CarrierConfig permits SmppConfig, HttpConfig {
  String name();

  Reach reach();

  /** Messages that the carrier works on at the same time, at most. */
  int window();

  /** Messages or segments a second, at most; 0 for no bound. */
  int perSecond();

  /** Whether it tells what became of a message. */
  boolean receipts();

  /**
   * What a carrier is used for.
   *
   * @param costs by prefix of the destination; the longest prefix counts
   * @param senders that it takes; all when empty
   */
  record Reach(Map<String, Double> costs, List<String> senders) {
    /** Every destination of every sender, for nothing. */
    public static final Reach ALL = new Reach(Map.of("+", 0.0), List.of());

    static Reach of(Settings settings, String key) {
      var costs = new LinkedHashMap<String, Double>();
      var text =
          settings.text(
              key + ".prefixes",
              "+:0",
              "Destinations of the carrier as prefix:cost with commas between; the cheapest carrier"
                  + " goes first.");
      for (var item : text.split(",", -1)) {
        var parts = item.strip().split(":", -1);
        try {
          costs.put(parts[0], parts.length > 1 ? Double.parseDouble(parts[1]) : 0.0);
        } catch (NumberFormatException _) {
          throw new SettingsProblem(key + ".prefixes has no cost in \"" + item + "\".");
        }
      }
      var senders =
          settings.text(
              key + ".senders",
              "",
              "Senders that the carrier takes, with commas between; empty for all.");
      return new Reach(
          costs,
          List.of(senders.split(",")).stream()
              .map(String::strip)
              .filter(sender -> !sender.isEmpty())
              .toList());
    }
  }

  /** All carriers of {@code sms.carriers.<name>.*}. */
  static List<CarrierConfig> all(Settings settings) {
    var all = new ArrayList<CarrierConfig>();
    for (var name : settings.names("sms.carriers")) {
      var key = "sms.carriers." + name;
      var kind =
          settings.text(key + ".kind", "smpp", "smpp, or http for a provider with an HTTP API.");
      all.add(
          switch (kind) {
            case "smpp" -> SmppConfig.of(settings, name, key);
            case "http" -> HttpConfig.of(settings, name, key);
            default -> throw new SettingsProblem(key + ".kind must be smpp or http.");
          });
    }
    return all;
  }
}
