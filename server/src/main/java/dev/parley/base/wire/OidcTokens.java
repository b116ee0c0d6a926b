package dev.parley.base.wire;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Proves tokens of configured outside issuers: signature by the issuer's published keys (RS256 or
 * ES256, nothing else), issuer, audience and times. Safe on every thread.
 */
public final class OidcTokens {
  private static final int TOKEN_CHARS_MAX = 16_384;
  private static final int CLOCK_SKEW_SECONDS = 60;
  private static final Pattern COMPACT =
      Pattern.compile("[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+");
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

  private record Known(OidcIssuer issuer, OidcKeys keys) {}

  /** What a proven token says, and whose it is. */
  public record Proven(OidcIssuer issuer, JWTClaimsSet claims) {}

  private final List<Known> issuers;
  private final InstantSource clock;

  /** Takes tokens of these issuers, by edge time. */
  public OidcTokens(List<OidcIssuer> issuers, KeySource source, InstantSource clock) {
    this.issuers =
        issuers.stream()
            .map(issuer -> new Known(issuer, new OidcKeys(issuer, source, clock)))
            .toList();
    this.clock = clock;
  }

  /** Whether any issuer is configured. */
  public boolean isEmpty() {
    return issuers.isEmpty();
  }

  /**
   * What the token proves; it ends in the future.
   *
   * @throws OidcProblem when it proves nothing, or the issuer's keys cannot be had
   */
  public Proven prove(String token) throws OidcProblem {
    if (token.length() > TOKEN_CHARS_MAX || !COMPACT.matcher(token).matches()) {
      throw OidcProblem.invalid("not the three parts of a token");
    }
    try {
      var jwt = SignedJWT.parse(token);
      var known = issuerOf(jwt.getJWTClaimsSet());
      var keys = known.keys().keys(jwt.getHeader().getKeyID());
      var claims = processor(known.issuer(), keys).process(jwt, null);
      // The skew is for issuers whose clock runs ahead; what is made from a token never outlives
      // it.
      var expires = claims.getExpirationTime().toInstant();
      if (!expires.isAfter(clock.instant())) {
        throw OidcProblem.invalid("expired at " + expires);
      }
      return new Proven(known.issuer(), claims);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw OidcProblem.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** By what the token claims; whether that is true is seen next. */
  private Known issuerOf(JWTClaimsSet claims) throws OidcProblem {
    for (var known : issuers) {
      if (known.issuer().issuer().equals(claims.getIssuer())) {
        return known;
      }
    }
    throw OidcProblem.invalid("a token of an issuer nobody configured");
  }

  private DefaultJWTProcessor<SecurityContext> processor(OidcIssuer issuer, JWKSet keys) {
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
    var exact = new JWTClaimsSet.Builder().issuer(issuer.issuer()).build();
    var claims =
        new DefaultJWTClaimsVerifier<SecurityContext>(
            issuer.audiences(), exact, Set.of("exp"), Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    processor.setJWTClaimsSetVerifier(claims);
    return processor;
  }
}
