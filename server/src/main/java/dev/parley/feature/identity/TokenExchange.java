package dev.parley.feature.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.base.wire.KeySource;
import dev.parley.base.wire.OidcProblem;
import dev.parley.base.wire.OidcTokens;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the user behind a token of a configured outside issuer: the claims that name the directory,
 * the user, the application and the permissions.
 */
final class TokenExchange {
  private final OidcTokens tokens;

  TokenExchange(IdentityConfig config, KeySource source, InstantSource clock) {
    this.tokens = new OidcTokens(config.issuers(), source, clock);
  }

  /**
   * The user whom the token proves.
   *
   * @throws dev.parley.base.words.Refusal 401, explained for the log; 503 when the issuer's keys
   *     cannot be had
   */
  OutsideUser prove(String token) {
    if (tokens.isEmpty()) {
      throw IdentityProblems.noIssuer();
    }
    try {
      return user(tokens.prove(token).claims());
    } catch (ParseException e) {
      throw IdentityProblems.invalidAccessToken(String.valueOf(e.getMessage()));
    } catch (OidcProblem e) {
      throw e.unavailable()
          ? IdentityProblems.issuerUnavailable(e.why())
          : IdentityProblems.invalidAccessToken(e.why());
    }
  }

  private static OutsideUser user(JWTClaimsSet claims) throws ParseException {
    var client = claims.getStringClaim("appid");
    return new OutsideUser(
        guid(claims, "tid"),
        guid(claims, "oid"),
        client == null ? guid(claims, "azp") : guid(claims, "appid"),
        permissions(claims),
        claims.getExpirationTime().toInstant());
  }

  private static String guid(JWTClaimsSet claims, String name) throws ParseException {
    var value = claims.getStringClaim(name);
    var guid = value == null ? "" : value.toLowerCase(Locale.ROOT);
    if (!UserIds.isGuid(guid)) {
      throw IdentityProblems.invalidAccessToken("its claim " + name + " is no guid");
    }
    return guid;
  }

  private static Set<String> permissions(JWTClaimsSet claims) throws ParseException {
    var scopes = claims.getStringClaim("scp");
    return scopes == null
        ? Set.of()
        : Arrays.stream(scopes.split(" ", -1)).collect(Collectors.toUnmodifiableSet());
  }
}
