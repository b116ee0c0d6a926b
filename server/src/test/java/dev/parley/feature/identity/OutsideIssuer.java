package dev.parley.feature.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.base.kit.Settings;
import dev.parley.base.wire.KeySource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An issuer of a directory, with keys of both kinds and claims as Entra writes them. */
final class OutsideIssuer implements KeySource {
  static final String ISSUER = "https://login.example/directory/v2.0";
  static final String AUDIENCE = "https://communication.azure.com";
  static final String TENANT = "c70d068c-2f32-484d-9455-73070cd5aadd";
  static final String USER = "b27b64b9-39d2-44a3-869d-67700b74e805";
  static final String CLIENT = "2c3e1e83-8fd7-4615-ad2b-b8c1229845ac";
  static final URI KEYS = URI.create("https://login.example/keys");

  final AtomicInteger fetches = new AtomicInteger();
  volatile boolean down;
  private final InstantSource clock;
  private final RSAKey rsa = rsaKey("rsa-1");
  private final ECKey ec = ecKey("ec-1");
  private volatile JWKSet published = new JWKSet(List.<JWK>of(rsa, ec));

  OutsideIssuer(InstantSource clock) {
    this.clock = clock;
  }

  /** Settings of a server that takes this issuer's tokens. */
  static IdentityConfig config() {
    return IdentityConfig.of(
        new Settings(
            Map.of(
                "identity.issuers.example.issuer",
                ISSUER,
                "identity.issuers.example.audience",
                "api://other, " + AUDIENCE,
                "identity.issuers.example.keys",
                KEYS.toString())));
  }

  @Override
  public byte[] fetch(URI address) throws IOException {
    fetches.incrementAndGet();
    if (down || !address.equals(KEYS)) {
      throw new IOException("no answer");
    }
    return document().getBytes(StandardCharsets.UTF_8);
  }

  /** The key set as published. */
  String document() {
    return published.toString();
  }

  /** Publishes these keys from now on. */
  void publish(JWK... keys) {
    published = new JWKSet(List.of(keys));
  }

  RSAKey rsa() {
    return rsa;
  }

  /** A token with every permission of the three exchanges, good for an hour. */
  String token() {
    return token(claims -> claims);
  }

  String token(UnaryOperator<JWTClaimsSet.Builder> change) {
    return sign(rsa, JWSAlgorithm.RS256, change.apply(claims()).build());
  }

  String ecToken() {
    return sign(ec, JWSAlgorithm.ES256, claims().build());
  }

  JWTClaimsSet.Builder claims() {
    var now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .issueTime(Date.from(now))
        .notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
        .claim("tid", TENANT)
        .claim("oid", USER)
        .claim("appid", CLIENT)
        .claim(
            "scp",
            "Teams.ManageCalls Teams.ManageChats TeamsExtension.ManageCalls VoIP Chat.Join profile");
  }

  static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
    try {
      JWSSigner signer =
          key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner(key.toRSAKey());
      return sign(
          new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(JOSEObjectType.JWT).build(),
          signer,
          claims);
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static String sign(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) {
    try {
      var jwt = new SignedJWT(header, claims);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static RSAKey rsaKey(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static ECKey ecKey(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
