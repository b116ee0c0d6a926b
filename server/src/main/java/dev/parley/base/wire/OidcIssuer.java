package dev.parley.base.wire;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One outside issuer of tokens.
 *
 * @param issuer the {@code iss} of its tokens
 * @param audiences one of which its tokens must be for
 * @param keys its JSON Web Key Set: a file path or an https address
 */
public record OidcIssuer(String name, String issuer, Set<String> audiences, String keys) {
  public OidcIssuer {
    audiences = Set.copyOf(audiences);
  }

  /**
   * Reads the settings {@code <prefix>.<name>.issuer}, {@code .audience} and {@code .keys}.
   *
   * @throws SettingsProblem when one is missing, or the keys lie at a plain http address
   */
  public static OidcIssuer of(Settings settings, String prefix, String name) {
    var place = prefix + "." + name;
    var audiences =
        required(
            settings,
            place + ".audience",
            "Audience that tokens of this issuer must have; several between commas.");
    var keys =
        required(
            settings,
            place + ".keys",
            "Key set (JWKS) of this issuer: a file or an https address.");
    if (keys.startsWith("http:")) {
      throw new SettingsProblem(place + ".keys must be a file or an https address.");
    }
    return new OidcIssuer(
        name,
        required(settings, place + ".issuer", "Issuer (iss) whose tokens are taken."),
        words(audiences),
        keys);
  }

  /** The words between commas. */
  public static Set<String> words(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String required(Settings settings, String key, String sentence) {
    var value = settings.text(key, "", sentence).strip();
    if (value.isEmpty()) {
      throw new SettingsProblem(
          "%s is needed: an issuer has issuer, audience and keys.".formatted(key));
    }
    return value;
  }
}
