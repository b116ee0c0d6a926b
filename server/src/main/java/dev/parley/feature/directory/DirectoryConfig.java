package dev.parley.feature.directory;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import dev.parley.base.wire.OidcIssuer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings of the directory.
 *
 * @param tenant id of the directory, a GUID; empty text for one made at the first start
 * @param tokenLife how long an access token lives
 * @param codeLife how long an authorization code waits to be redeemed
 * @param failuresMax wrong passwords or secrets of one principal in a row before it has to wait
 * @param failurePause how long it then waits
 * @param outside issuers whose tokens prove principals too
 */
public record DirectoryConfig(
    String tenant,
    Duration tokenLife,
    Duration codeLife,
    int failuresMax,
    Duration failurePause,
    List<Outside> outside) {
  private static final String ISSUERS = "directory.issuers";
  private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * An outside issuer.
   *
   * @param idClaim claim that names the principal
   * @param nameClaim claim with its name for people
   * @param rolesClaim claim with the words that give roles: a list, or words between blanks
   * @param roles names of roles by such a word
   */
  public record Outside(
      OidcIssuer issuer,
      String idClaim,
      String nameClaim,
      String rolesClaim,
      Map<String, String> roles) {
    public Outside {
      roles = Map.copyOf(roles);
    }
  }

  public DirectoryConfig {
    outside = List.copyOf(outside);
  }

  /** Reads the settings. */
  public static DirectoryConfig of(Settings settings) {
    var tenant =
        settings
            .text(
                "directory.tenant",
                "",
                "Id (GUID) of the built-in directory; empty for one made at the first start.")
            .toLowerCase(Locale.ROOT);
    if (!tenant.isEmpty() && !isGuid(tenant)) {
      throw new SettingsProblem("directory.tenant must be a GUID, not \"" + tenant + "\".");
    }
    return new DirectoryConfig(
        tenant,
        settings.duration(
            "directory.token-life",
            Duration.ofHours(1),
            "How long access tokens of the built-in issuer live."),
        settings.duration(
            "directory.code-life",
            Duration.ofMinutes(5),
            "How long an authorization code waits to be redeemed."),
        settings.number(
            "directory.failures-max",
            10,
            1,
            1_000,
            "Wrong passwords or secrets of one principal in a row before it has to wait."),
        settings.duration(
            "directory.failure-pause",
            Duration.ofMinutes(1),
            "How long a principal waits after too many wrong passwords or secrets."),
        settings.names(ISSUERS).stream().map(name -> outside(settings, name)).toList());
  }

  /** Whether the text is a GUID in lower case. */
  static boolean isGuid(String text) {
    return GUID.matcher(text).matches();
  }

  private static Outside outside(Settings settings, String name) {
    var place = ISSUERS + "." + name;
    return new Outside(
        OidcIssuer.of(settings, ISSUERS, name),
        settings.text(
            place + ".id-claim",
            "oid",
            "Claim that names the principal; a value that is no GUID gets one made from it."),
        settings.text(
            place + ".name-claim", "preferred_username", "Claim with the principal's name."),
        settings.text(
            place + ".roles-claim",
            "roles",
            "Claim whose words give roles: a list, or words between blanks."),
        roles(
            place + ".roles",
            settings.text(
                place + ".roles",
                "",
                "Roles on all subscriptions by word of the claim: word=Role name, between commas.")));
  }

  private static Map<String, String> roles(String key, String text) {
    var roles = new LinkedHashMap<String, String>();
    for (var pair : OidcIssuer.words(text)) {
      var equals = pair.lastIndexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new SettingsProblem(key + " needs word=Role name, not \"" + pair + "\".");
      }
      roles.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return roles;
  }
}
