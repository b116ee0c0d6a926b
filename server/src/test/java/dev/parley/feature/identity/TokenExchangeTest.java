package dev.parley.feature.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.PlainJWT;
import dev.parley.base.kit.Settings;
import dev.parley.base.words.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenExchangeTest {
  private final TestClock clock = new TestClock();
  private final OutsideIssuer issuer = new OutsideIssuer(clock);
  private final TokenExchange exchange = new TokenExchange(OutsideIssuer.config(), issuer, clock);

  @Test
  void provesTheUserTheApplicationAndTheEnd() {
    var user = exchange.prove(issuer.token());
    assertEquals(OutsideIssuer.TENANT, user.tenantId());
    assertEquals(OutsideIssuer.USER, user.objectId());
    assertEquals(OutsideIssuer.CLIENT, user.clientId());
    assertTrue(user.permissions().contains("VoIP"));
    assertEquals(Instant.parse("2026-11-24T11:00:00Z"), user.expires());
  }

  @Test
  void takesEllipticKeysAndTheNewerNameOfTheApplication() {
    assertEquals(OutsideIssuer.USER, exchange.prove(issuer.ecToken()).objectId());
    var token =
        issuer.token(claims -> claims.claim("appid", null).claim("azp", OutsideIssuer.CLIENT));
    assertEquals(OutsideIssuer.CLIENT, exchange.prove(token).clientId());
  }

  @Test
  void guidsAreReadInLowerCase() {
    var token =
        issuer.token(claims -> claims.claim("oid", OutsideIssuer.USER.toUpperCase(Locale.ROOT)));
    assertEquals(OutsideIssuer.USER, exchange.prove(token).objectId());
  }

  @Test
  void anotherIssuerAudienceOrTimeIsRefused() {
    var now = clock.instant();
    assertRefused(issuer.token(claims -> claims.issuer("https://login.example/other")));
    assertRefused(issuer.token(claims -> claims.issuer(null)));
    assertRefused(issuer.token(claims -> claims.audience("https://communication.azure.com/")));
    assertRefused(issuer.token(claims -> claims.audience((String) null)));
    assertRefused(issuer.token(claims -> claims.expirationTime(Date.from(now))));
    assertRefused(issuer.token(claims -> claims.expirationTime(null)));
    assertRefused(issuer.token(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(62)))));
  }

  @Test
  void aMinuteOfSkewIsAllowedBeforeTheBeginningOnly() {
    var now = clock.instant();
    exchange.prove(issuer.token(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(50)))));
    assertRefused(issuer.token(claims -> claims.expirationTime(Date.from(now.minusSeconds(1)))));
  }

  @Test
  void missingAndMalformedClaimsAreRefused() {
    for (var name : List.of("tid", "oid", "appid")) {
      assertRefused(issuer.token(claims -> claims.claim(name, null)));
      assertRefused(issuer.token(claims -> claims.claim(name, "not-a-guid")));
      assertRefused(issuer.token(claims -> claims.claim(name, 17)));
      assertRefused(issuer.token(claims -> claims.claim(name, OutsideIssuer.TENANT + "_" + "1")));
    }
    assertRefused(issuer.token(claims -> claims.claim("scp", List.of("VoIP"))));
  }

  @Test
  void otherKeysAndAlgorithmsAreRefused() throws Exception {
    var claims = issuer.claims().build();
    assertRefused(OutsideIssuer.sign(OutsideIssuer.rsaKey("rsa-1"), JWSAlgorithm.RS256, claims));
    assertRefused(OutsideIssuer.sign(OutsideIssuer.rsaKey("rsa-2"), JWSAlgorithm.RS256, claims));
    assertRefused(OutsideIssuer.sign(issuer.rsa(), JWSAlgorithm.RS512, claims));
    assertRefused(OutsideIssuer.sign(issuer.rsa(), JWSAlgorithm.PS256, claims));
    assertRefused(new PlainJWT(claims).serialize());
    // The published key, taken for a shared secret.
    var publicKey = issuer.rsa().toRSAPublicKey().getEncoded();
    assertRefused(
        OutsideIssuer.sign(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(),
            new MACSigner(publicKey),
            claims));
    // A key that the token brings along itself.
    var own = OutsideIssuer.rsaKey("own");
    assertRefused(
        OutsideIssuer.sign(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()).build(),
            new RSASSASigner(own),
            claims));
  }

  @Test
  void tokensThatAreNoneAreRefused() {
    var token = issuer.token();
    for (var bad :
        List.of(
            "",
            "invalid",
            "..",
            token + ".",
            token + "=",
            token + " ",
            " " + token,
            "a.b.c",
            "e30.e30.",
            token.substring(0, token.length() - 1),
            "x".repeat(20_000),
            token + "A".repeat(20_000))) {
      assertRefused(bad);
    }
  }

  @Test
  void survivesFuzzing() {
    var seed = System.nanoTime();
    System.out.println("seed of survivesFuzzing: " + seed);
    var random = new Random(seed);
    var token = issuer.token();
    for (var i = 0; i < 5_000; i++) {
      var bytes = token.getBytes(StandardCharsets.ISO_8859_1);
      for (var change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length - 1)] = (byte) random.nextInt(128);
      }
      var text = new String(bytes, StandardCharsets.ISO_8859_1);
      if (!text.equals(token)) {
        assertRefused(text);
      }
    }
  }

  @Test
  void aServerWithoutIssuersSaysSo() {
    var none = new TokenExchange(IdentityConfig.of(new Settings(Map.of())), issuer, clock);
    var refusal = assertThrows(Refusal.class, () -> none.prove(issuer.token()));
    assertEquals(401, refusal.status());
    assertEquals("InvalidAccessToken", refusal.code());
    assertTrue(refusal.message().contains("no token issuer is configured"));
    assertTrue(refusal.why().contains("identity.issuers"));
  }

  @Test
  void keysAreFetchedOnceAnHourAlsoWhenManyAskAtOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var proofs =
          Collections.nCopies(50, (Callable<OutsideUser>) () -> exchange.prove(issuer.token()));
      for (var proof : threads.invokeAll(proofs)) {
        assertEquals(OutsideIssuer.USER, proof.get().objectId());
      }
    }
    assertEquals(1, issuer.fetches.get());
    clock.move(Duration.ofMinutes(61));
    exchange.prove(issuer.token());
    assertEquals(2, issuer.fetches.get());
  }

  @Test
  void aKeyNobodyKnowsIsLookedForOnceAMinute() {
    exchange.prove(issuer.token());
    var fresh = OutsideIssuer.rsaKey("rsa-3");
    var token = OutsideIssuer.sign(fresh, JWSAlgorithm.RS256, issuer.claims().build());
    issuer.publish(issuer.rsa(), fresh);
    assertRefused(token);
    assertEquals(1, issuer.fetches.get());
    clock.move(Duration.ofSeconds(61));
    exchange.prove(token);
    assertEquals(2, issuer.fetches.get());
  }

  @Test
  void lastKeysServeForADayWhileTheIssuerIsAway() {
    exchange.prove(issuer.token());
    issuer.down = true;
    clock.move(Duration.ofHours(23));
    for (var i = 0; i < 10; i++) {
      exchange.prove(issuer.token());
    }
    assertEquals(2, issuer.fetches.get());
    clock.move(Duration.ofHours(2));
    assertUnavailable(issuer.token());
    issuer.down = false;
    clock.move(Duration.ofMinutes(1));
    exchange.prove(issuer.token());
  }

  @Test
  void withoutAnyKeysTheAnswerIsNotNowAndTheIssuerIsLeftAlone() {
    issuer.down = true;
    for (var i = 0; i < 10; i++) {
      assertUnavailable(issuer.token());
    }
    assertEquals(1, issuer.fetches.get());
  }

  @Test
  void keysMayLieInAFile(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("keys.json"), issuer.document());
    var config =
        IdentityConfig.of(
            new Settings(
                Map.of(
                    "identity.issuers.local.issuer", OutsideIssuer.ISSUER,
                    "identity.issuers.local.audience", OutsideIssuer.AUDIENCE,
                    "identity.issuers.local.keys", file.toString())));
    var local = new TokenExchange(config, issuer, clock);
    assertEquals(OutsideIssuer.USER, local.prove(issuer.token()).objectId());
    assertEquals(0, issuer.fetches.get());
    Files.writeString(file, "{");
    clock.move(Duration.ofHours(25));
    assertEquals(503, assertThrows(Refusal.class, () -> local.prove(issuer.token())).status());
  }

  private void assertRefused(String token) {
    var refusal = assertThrows(Refusal.class, () -> exchange.prove(token));
    assertEquals(401, refusal.status(), refusal.why());
    assertEquals("InvalidAccessToken", refusal.code());
    assertEquals("Provided access token is not valid.", refusal.message());
    assertTrue(!refusal.why().isEmpty());
  }

  private void assertUnavailable(String token) {
    var refusal = assertThrows(Refusal.class, () -> exchange.prove(token));
    assertEquals(503, refusal.status());
    assertEquals("ServiceUnavailable", refusal.code());
    assertEquals("60", refusal.headers().get("Retry-After"));
  }
}
