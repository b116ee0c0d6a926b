package dev.parley.feature.identity;

import dev.parley.base.words.Scope;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which scopes the delegated permissions of an outside token give; names as the directory's consent
 * page has them.
 */
final class Permissions {
  private static final Map<String, Scope> TEAMS_USER =
      Map.of("Teams.ManageCalls", Scope.VOIP, "Teams.ManageChats", Scope.CHAT);
  private static final Map<String, Scope> TEAMS_EXTENSION =
      Map.of("TeamsExtension.ManageCalls", Scope.VOIP);

  private Permissions() {}

  static Set<Scope> teamsUser(OutsideUser user) {
    return scopes(user, permission -> Optional.ofNullable(TEAMS_USER.get(permission)));
  }

  static Set<Scope> teamsExtension(OutsideUser user) {
    return scopes(user, permission -> Optional.ofNullable(TEAMS_EXTENSION.get(permission)));
  }

  /**
   * {@code https://communication.azure.com/clients/VoIP} and its like: our scopes in other
   * capitals.
   */
  static Set<Scope> entra(OutsideUser user) {
    return scopes(user, permission -> Scope.ofWord(permission.toLowerCase(Locale.ROOT)));
  }

  private static Set<Scope> scopes(OutsideUser user, Function<String, Optional<Scope>> scope) {
    var scopes = EnumSet.noneOf(Scope.class);
    user.permissions().forEach(permission -> scope.apply(permission).ifPresent(scopes::add));
    if (scopes.isEmpty()) {
      throw IdentityProblems.forbidden("the access token has no permission of this operation");
    }
    return scopes;
  }
}
