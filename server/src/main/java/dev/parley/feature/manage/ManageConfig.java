package dev.parley.feature.manage;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import dev.parley.base.wire.Networks;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Settings of the resources.
 *
 * @param publicUrl base URL that clients reach the default resource by, or empty text to build it
 *     from the listener
 * @param baseDomain a resource named {@code x} answers to {@code x.<baseDomain>}
 * @param anyHost whether a host name that nobody knows means the default resource
 * @param defaultName name of the resource made at the first start
 * @param makeDefault whether the first start makes the default resource
 * @param ownPorts whether each further resource gets a listener of its own
 * @param subscription id of the first subscription; empty text for one made at the first start
 * @param group resource group of resources that nobody said a group for
 * @param undoTime how long a deleted resource can be brought back; none at zero
 * @param dataLocations where this server can keep data
 * @param privateNetworks who still reaches a resource whose public network access is disabled
 */
public record ManageConfig(
    String publicUrl,
    String baseDomain,
    boolean anyHost,
    String defaultName,
    boolean makeDefault,
    boolean ownPorts,
    String subscription,
    String group,
    Duration undoTime,
    List<String> dataLocations,
    Networks privateNetworks) {
  /** Where Azure can keep the data of a communication service. */
  private static final String LOCATIONS =
      "Africa,Asia Pacific,Australia,Brazil,Canada,Europe,France,Germany,India,Japan,Korea,Norway,Switzerland,UAE,UK,United States,usgov";

  private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  public ManageConfig {
    dataLocations = List.copyOf(dataLocations);
  }

  /** Reads the settings; {@code developer} chooses the defaults. */
  public static ManageConfig of(Settings settings, boolean developer) {
    var publicUrl =
        settings.text(
            "resource.url",
            "",
            "Public base URL of the default resource, e.g. https://chat.example.com; empty means https://localhost:<port>.");
    if (!publicUrl.isEmpty()) {
      URI.create(publicUrl);
    }
    return new ManageConfig(
        publicUrl,
        settings.text(
            "resource.domain",
            "communication.localhost",
            "A resource named x answers to the host name x.<domain>."),
        settings.flag(
            "resource.any-host",
            developer,
            "Whether host names that nobody knows reach the default resource; refused otherwise."),
        settings.text(
            "resource.default", "parley", "Name of the resource that the main address belongs to."),
        settings.flag(
            "resource.make-default",
            developer,
            "Whether the first start makes the default resource; ./parley resource create does it otherwise."),
        settings.flag(
            "resource.ports",
            developer,
            "Whether each further resource gets a TLS listener on a port of its own."),
        subscription(settings),
        settings.text(
            "manage.group", "parley", "Resource group of resources that nobody said a group for."),
        settings.duration(
            "manage.undo-time",
            developer ? Duration.ZERO : Duration.ofDays(7),
            "How long a deleted resource can be brought back; its name stays taken as long."),
        words(
            settings.text(
                "manage.data-locations",
                LOCATIONS,
                "Data locations that this server can keep data in; others are refused.")),
        networks(settings));
  }

  private static String subscription(Settings settings) {
    var id =
        settings
            .text(
                "manage.subscription",
                "",
                "Id (GUID) of the first subscription; empty for one made at the first start.")
            .toLowerCase(Locale.ROOT);
    if (!id.isEmpty() && !GUID.matcher(id).matches()) {
      throw new SettingsProblem("manage.subscription must be a GUID, not \"" + id + "\".");
    }
    return id;
  }

  private static Networks networks(Settings settings) {
    var text =
        settings.text(
            "manage.private-networks",
            "",
            "Addresses and networks (10.1.0.0/16), between commas, from which a resource is reached whose public network access is disabled.");
    try {
      return new Networks(words(text));
    } catch (IllegalArgumentException e) {
      throw new SettingsProblem("manage.private-networks: " + e.getMessage());
    }
  }

  private static List<String> words(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }
}
