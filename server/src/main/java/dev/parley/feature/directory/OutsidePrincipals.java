package dev.parley.feature.directory;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.base.wire.BearerVerifier.Verified;
import dev.parley.base.wire.KeySource;
import dev.parley.base.wire.OidcProblem;
import dev.parley.base.wire.OidcTokens;
import dev.parley.base.wire.PrincipalProof;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Principals whom outside issuers vouch for; their roles come from claims, or are assigned here.
 */
final class OutsidePrincipals implements PrincipalProof {
  private final Map<String, DirectoryConfig.Outside> byName;
  private final OidcTokens tokens;

  OutsidePrincipals(DirectoryConfig config, KeySource source, InstantSource clock) {
    byName =
        config.outside().stream()
            .collect(Collectors.toMap(outside -> outside.issuer().name(), Function.identity()));
    tokens =
        new OidcTokens(
            config.outside().stream().map(DirectoryConfig.Outside::issuer).toList(), source, clock);
  }

  @Override
  public Optional<Verified> prove(Resource resource, String token, String requestId) {
    if (tokens.isEmpty() || !claimsToBeOfOne(token)) {
      return Optional.empty();
    }
    try {
      var proven = tokens.prove(token);
      var outside = byName.get(proven.issuer().name());
      if (outside == null) {
        return Optional.empty();
      }
      return Optional.of(verified(resource, outside, proven.claims(), requestId));
    } catch (OidcProblem e) {
      throw e.unavailable()
          ? DirectoryProblems.unavailable(e.why())
          : DirectoryProblems.unauthorized(e.why());
    } catch (ParseException e) {
      throw DirectoryProblems.unauthorized(String.valueOf(e.getMessage()));
    }
  }

  /** A token of nobody configured is another's to judge. */
  private boolean claimsToBeOfOne(String token) {
    try {
      var issuer = com.nimbusds.jwt.SignedJWT.parse(token).getJWTClaimsSet().getIssuer();
      return byName.values().stream().anyMatch(outside -> outside.issuer().issuer().equals(issuer));
    } catch (ParseException _) {
      return false;
    }
  }

  private static Verified verified(
      Resource resource, DirectoryConfig.Outside outside, JWTClaimsSet claims, String requestId)
      throws ParseException {
    var given = claims.getStringClaim(outside.idClaim());
    if (given == null || given.isEmpty()) {
      throw DirectoryProblems.unauthorized("the token has no claim " + outside.idClaim());
    }
    var id = id(outside, given);
    var name = claims.getStringClaim(outside.nameClaim());
    return new Verified(
        new Caller.Principal(
            resource.id(),
            id,
            false,
            new Origin("principal:" + id, "", requestId),
            new Caller.Badge(
                name == null ? given : name,
                "app".equals(claims.getStringClaim("idtyp")),
                claims.getAudience().getFirst(),
                roles(outside, claims))),
        claims.getExpirationTime().toInstant());
  }

  /** A GUID as it is; anything else becomes one, always the same for the issuer. */
  private static String id(DirectoryConfig.Outside outside, String given) {
    var lower = given.toLowerCase(Locale.ROOT);
    return DirectoryConfig.isGuid(lower)
        ? lower
        : UUID.nameUUIDFromBytes(
                (outside.issuer().issuer() + "\n" + given).getBytes(StandardCharsets.UTF_8))
            .toString();
  }

  private static Set<String> roles(DirectoryConfig.Outside outside, JWTClaimsSet claims) {
    var words =
        switch (claims.getClaim(outside.rolesClaim())) {
          case String text -> Arrays.asList(text.split(" ", -1));
          case List<?> list -> list.stream().map(String::valueOf).toList();
          case null, default -> List.<String>of();
        };
    var roles = new HashSet<String>();
    for (var word : words) {
      var role = outside.roles().get(word);
      if (role != null) {
        roles.add(role);
      }
    }
    return roles;
  }
}
