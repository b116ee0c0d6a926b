package dev.parley.feature.directory;

import dev.parley.base.wire.Audience;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What tokens may be for, by the scopes that clients ask for. */
final class Audiences {
  private static final String DEFAULT = "/.default";
  private static final Set<String> OIDC = Set.of("openid", "profile", "email", "offline_access");

  private Audiences() {}

  /** The scopes of a request, by blanks. */
  static List<String> scopes(String text) {
    return Arrays.stream(text.strip().split("\\s+", 50)).filter(word -> !word.isEmpty()).toList();
  }

  /** The scopes that name a resource. */
  static List<String> withoutOidc(List<String> scopes) {
    return scopes.stream().filter(scope -> !OIDC.contains(scope)).toList();
  }

  /** Whether an id token is asked for. */
  static boolean wantsId(List<String> scopes) {
    return scopes.contains("openid");
  }

  /**
   * What an access token of these scopes is for; the client itself when none names a resource.
   *
   * @param house public address of this server
   * @throws OAuthRefusal when it is several resources, or one that nobody knows
   */
  static String audience(List<String> scopes, String clientId, URI house) {
    var resources =
        withoutOidc(scopes).stream().map(Audiences::resource).collect(Collectors.toSet());
    if (resources.isEmpty()) {
      return clientId;
    }
    if (resources.size() > 1) {
      throw OAuthRefusal.badScope(String.join(" ", scopes));
    }
    var resource = resources.iterator().next();
    if (Audience.isKnown(resource, house) || resource.equals(clientId)) {
      return resource;
    }
    throw OAuthRefusal.noResource(resource);
  }

  /** {@code https://communication.azure.com//.default} is of https://communication.azure.com. */
  private static String resource(String scope) {
    var end = scope.endsWith(DEFAULT) ? scope.length() - DEFAULT.length() : scope.lastIndexOf('/');
    var resource = end <= 0 ? scope : scope.substring(0, end);
    return resource.replaceAll("/+$", "").replaceFirst("^api://", "");
  }
}
