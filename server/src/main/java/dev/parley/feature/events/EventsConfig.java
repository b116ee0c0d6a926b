package dev.parley.feature.events;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Settings of events.
 *
 * @param retention how long the journal and the attempts are kept
 * @param attemptsMax attempts that are kept for one subscription
 * @param retriesMax events of one subscription that wait for another attempt, before its others
 *     wait in the journal
 * @param subscriptionsMax in one resource
 * @param deliveryDeadline for one request
 * @param deadLetters folder of dead letters
 * @param deadLettersRetention how long they are kept
 * @param functions address of each Azure function, by its resource id in lower case
 */
public record EventsConfig(
    Duration retention,
    int attemptsMax,
    int retriesMax,
    int subscriptionsMax,
    Duration deliveryDeadline,
    Path deadLetters,
    Duration deadLettersRetention,
    Map<String, URI> functions) {
  /** What a subscription's events live at most, with time to spare. */
  private static final Duration RETENTION_MIN = Duration.ofDays(2);

  public EventsConfig {
    functions = Map.copyOf(functions);
  }

  /** The defaults, with dead letters in that folder. */
  public static EventsConfig standard(Path deadLetters) {
    return of(new Settings(Map.of()), deadLetters);
  }

  /**
   * Reads the settings.
   *
   * @param deadLetters default folder of dead letters
   */
  public static EventsConfig of(Settings settings, Path deadLetters) {
    var folder =
        settings.text(
            "events.dead-letters",
            "",
            "Folder of events that could not be delivered; empty for dead-letters in the data"
                + " folder.");
    return new EventsConfig(
        retention(settings),
        settings.number(
            "events.attempts-max",
            100_000,
            0,
            100_000_000,
            "Attempts that are kept for one subscription; the oldest go first."),
        settings.number(
            "events.retries-max",
            10_000,
            1,
            1_000_000,
            "Failed events of one subscription that wait for their next attempt; beyond these its"
                + " events wait in the journal."),
        settings.number(
            "events.subscriptions-max",
            500,
            1,
            100_000,
            "Event subscriptions of one resource, at most; Azure stops at 500."),
        settings.duration(
            "events.delivery-deadline",
            Duration.ofSeconds(30),
            "How long an endpoint may take for its answer."),
        folder.isEmpty() ? deadLetters : Path.of(folder),
        settings.duration(
            "events.dead-letters-retention",
            Duration.ofDays(30),
            "How long dead letters are kept; they hold content."),
        functions(settings));
  }

  private static Duration retention(Settings settings) {
    var retention =
        settings.duration(
            "events.retention",
            Duration.ofDays(7),
            "How long the journal keeps events, and attempts to deliver them are shown; at least"
                + " 48h.");
    if (retention.compareTo(RETENTION_MIN) < 0) {
      throw new SettingsProblem("events.retention must be at least 48h.");
    }
    return retention;
  }

  private static Map<String, URI> functions(Settings settings) {
    var functions = new HashMap<String, URI>();
    for (var name : settings.names("events.functions")) {
      var id =
          settings.text(
              "events.functions." + name + ".id", "", "Resource id of an Azure function.");
      var url =
          settings.secret(
              "events.functions." + name + ".url",
              "Address of that function, key included; its subscriptions deliver there.");
      try {
        functions.put(id.toLowerCase(Locale.ROOT), new URI(url));
      } catch (java.net.URISyntaxException _) {
        throw new SettingsProblem("events.functions." + name + ".url must be an address.");
      }
    }
    return functions;
  }
}
