package dev.parley.feature.directory;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.base.kit.LruCache;
import dev.parley.base.wire.BearerVerifier.Verified;
import dev.parley.base.wire.PrincipalProof;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Resource;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The built-in issuer: signs access and id tokens of the directory's principals (RS256), and proves
 * the access tokens again. A token ends when its time is over, or when its principal is gone, kept
 * out, or has lost a secret.
 */
final class Issuer implements PrincipalProof {
  private static final int TOKEN_CHARACTERS_MAX = 8_192;
  private static final int REMEMBERED = 10_000;
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final String GENERATION = "pgen";

  /** What the text of a token says, its signature being right. */
  private record Said(String principal, long generation, String audience, Instant expires) {}

  private final Directory directory;
  private final IssuerKeys keys;
  private final Supplier<URI> house;
  private final InstantSource clock;
  private final LruCache<String, Said> proven = new LruCache<>(REMEMBERED);

  /**
   * An issuer.
   *
   * @param house public address of this server, known once it listens
   */
  Issuer(Directory directory, Supplier<URI> house, InstantSource clock) {
    this.directory = directory;
    this.keys = directory.issuerKeys();
    this.house = house;
    this.clock = clock;
  }

  /** The {@code iss} of its tokens. */
  String name() {
    return house.get() + "/" + directory.tenant() + "/v2.0";
  }

  JWKSet published() {
    return keys.published();
  }

  /** An access token of the principal. */
  String accessToken(StoredPrincipal principal, String client, String audience, Duration life) {
    var claims =
        claims(principal, audience, life)
            .claim("azp", client)
            .claim("appid", client)
            .claim("idtyp", principal.isApplication() ? "app" : "user")
            .claim(GENERATION, principal.generation());
    if (!principal.isApplication()) {
      claims.claim("scp", "user_impersonation");
    }
    return signed(claims.build());
  }

  /** An id token for the client that a person logged in to (OpenID Connect Core section 2). */
  String idToken(StoredPrincipal principal, String client, String nonce, Duration life) {
    var claims = claims(principal, client, life);
    if (!nonce.isEmpty()) {
      claims.claim("nonce", nonce);
    }
    return signed(claims.build());
  }

  /** A token of this server itself for somebody who asks for proof, a webhook for instance. */
  String serviceToken(String audience, Duration life) {
    return signed(base(audience, life).subject("parley").claim("appid", "parley").build());
  }

  private JWTClaimsSet.Builder claims(StoredPrincipal principal, String audience, Duration life) {
    var claims = base(audience, life).subject(principal.id()).claim("oid", principal.id());
    if (!principal.isApplication()) {
      claims.claim("preferred_username", principal.name()).claim("name", principal.name());
    }
    return claims;
  }

  private JWTClaimsSet.Builder base(String audience, Duration life) {
    var now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(name())
        .audience(audience)
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plus(life)))
        .claim("tid", directory.tenant())
        .claim("uti", UUID.randomUUID().toString())
        .claim("ver", "2.0");
  }

  private String signed(JWTClaimsSet claims) {
    var key = keys.newest();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    var jwt = new SignedJWT(header, claims);
    try {
      jwt.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("Every Java platform has SHA256withRSA.", e);
    }
    return jwt.serialize();
  }

  @Override
  public Optional<Verified> prove(Resource resource, String token, String requestId) {
    var digest = sha256(token);
    var said = proven.find(digest);
    if (said.isEmpty()) {
      said = read(token);
      said.ifPresent(text -> proven.put(digest, text));
    }
    return said.map(text -> verified(resource, text, requestId));
  }

  private Verified verified(Resource resource, Said said, String requestId) {
    if (!clock.instant().isBefore(said.expires())) {
      throw DirectoryProblems.unauthorized("the token expired at " + said.expires());
    }
    var principal =
        directory
            .current(said.principal())
            .filter(StoredPrincipal::enabled)
            .orElseThrow(
                () -> DirectoryProblems.unauthorized(said.principal() + " is gone or kept out"));
    if (principal.generation() != said.generation()) {
      throw DirectoryProblems.unauthorized("the tokens of " + principal.id() + " were ended");
    }
    var name = principal.isApplication() ? principal.clientId() : principal.name();
    return new Verified(
        new Caller.Principal(
            resource.id(),
            principal.id(),
            false,
            new Origin("principal:" + principal.id(), "", requestId),
            new Caller.Badge(name, principal.isApplication(), said.audience(), Set.of())),
        said.expires());
  }

  /** Empty when the token is not of this issuer's keys; nothing else is looked at before that. */
  private Optional<Said> read(String token) {
    if (token.length() > TOKEN_CHARACTERS_MAX) {
      return Optional.empty();
    }
    SignedJWT jwt;
    JWTClaimsSet claims;
    Optional<RSAKey> key;
    try {
      jwt = SignedJWT.parse(token);
      var id = jwt.getHeader().getKeyID();
      key = id == null ? Optional.empty() : keys.find(id);
      if (key.isEmpty()) {
        return Optional.empty();
      }
      if (!jwt.getHeader().getAlgorithm().equals(JWSAlgorithm.RS256)
          || !jwt.verify(new RSASSAVerifier(key.get().toRSAPublicKey()))) {
        throw DirectoryProblems.unauthorized("the token's signature is wrong");
      }
      claims = jwt.getJWTClaimsSet();
      return Optional.of(said(claims));
    } catch (ParseException _) {
      return Optional.empty();
    } catch (JOSEException e) {
      throw DirectoryProblems.unauthorized("the token's signature cannot be verified: " + e);
    }
  }

  private Said said(JWTClaimsSet claims) throws ParseException {
    var generation = claims.getLongClaim(GENERATION);
    if (generation == null) {
      throw DirectoryProblems.unauthorized("an id token or a service token is no access token");
    }
    var begins = claims.getNotBeforeTime().toInstant().minus(SKEW);
    if (begins.isAfter(clock.instant())) {
      throw DirectoryProblems.unauthorized("the token is not good yet");
    }
    return new Said(
        claims.getStringClaim("oid"),
        generation,
        claims.getAudience().getFirst(),
        claims.getExpirationTime().toInstant());
  }

  /** Base64url of a text's SHA-256. */
  static String sha256(String text) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
