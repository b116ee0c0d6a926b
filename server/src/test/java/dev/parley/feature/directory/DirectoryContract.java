package dev.parley.feature.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.base.kit.LocalMasterKeys;
import dev.parley.base.kit.Sealer;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the directory and its issuer promise, on every store. */
abstract class DirectoryContract {
  private static final URI HOUSE = URI.create("https://parley.example:8443");
  private static final Origin TEST = Origin.service("test");
  private static final String ARM = HOUSE.toString();

  @TempDir private Path keys;
  private final SecureRandom random = new SecureRandom();
  private Instant now = Instant.parse("2026-11-26T10:00:00Z");
  private final InstantSource clock = () -> now;
  private Store store;
  private Sealer sealer;
  private Directory directory;
  private Issuer issuer;

  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(Directory.migrations());
    sealer = new Sealer(LocalMasterKeys.of("", keys.resolve("master.key"), random), random);
    directory = room();
    issuer = new Issuer(directory, () -> HOUSE, clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Directory room() {
    var config = DirectoryConfig.of(new Settings(Map.of("directory.failures-max", "3")));
    return new Directory(config, store, sealer, clock, random);
  }

  @Test
  void theTenantIsMadeOnceAndStays() {
    assertTrue(DirectoryConfig.isGuid(directory.tenant()));
    assertEquals(directory.tenant(), room().tenant());
  }

  @Test
  void anApplicationIsProvenByItsSecretsAlone() {
    var app = application("app");
    assertEquals(app.id(), directory.proofs().application(app.clientId(), app.secret()).id());
    var more = directory.addSecret("app", TEST);
    assertNotEquals(app.secret(), more.secret());
    assertEquals(app.id(), directory.proofs().application(app.clientId(), more.secret()).id());
    oauth("invalid_client", 7000215, () -> directory.proofs().application(app.clientId(), "wrong"));
    oauth(
        "invalid_client",
        7000215,
        () -> directory.proofs().application(app.clientId(), app.secret().substring(0, 20)));
    oauth("unauthorized_client", 700016, () -> directory.proofs().application("x", app.secret()));
    directory.removeSecret("app", app.secretId(), TEST);
    oauth(
        "invalid_client",
        7000215,
        () -> directory.proofs().application(app.clientId(), app.secret()));
  }

  @Test
  void secretsAreKeptAsSlowHashesOnly() {
    var app = application("app");
    var user = directory.createUser("sally", "correct horse battery", TEST);
    var ofApp = directory.secrets(app.id()).getFirst();
    var ofUser = directory.secrets(user.id()).getFirst();
    assertTrue(ofApp.hash().startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), ofApp.hash());
    assertFalse(ofApp.hash().contains(app.secret()));
    assertEquals(app.secret().substring(0, 3), ofApp.hint());
    assertEquals("", ofUser.hint());
    var hashes = new SecretHash(random);
    assertNotEquals(hashes.of("same"), hashes.of("same"));
    assertTrue(hashes.matches("same", hashes.of("same")));
    assertFalse(hashes.matches("Same", hashes.of("same")));
  }

  @Test
  void anExpiredSecretIsTold() {
    var app = application("app");
    now = now.plus(Duration.ofDays(731));
    oauth(
        "invalid_client",
        7000222,
        () -> directory.proofs().application(app.clientId(), app.secret()));
  }

  @Test
  void guessingHasToWait() {
    var app = application("app");
    for (var i = 0; i < 3; i++) {
      oauth(
          "invalid_client", 7000215, () -> directory.proofs().application(app.clientId(), "wrong"));
    }
    oauth(
        "invalid_grant", 50053, () -> directory.proofs().application(app.clientId(), app.secret()));
    now = now.plus(Duration.ofSeconds(61));
    directory.proofs().application(app.clientId(), app.secret());
    oauth("invalid_client", 7000215, () -> directory.proofs().application(app.clientId(), "wrong"));
    directory.proofs().application(app.clientId(), app.secret());
  }

  @Test
  void aPersonIsProvenByThePasswordInAnyCaseOfTheName() {
    var sally = directory.createUser("Sally@Contoso.com", "correct horse battery", TEST);
    assertEquals(
        sally.id(), directory.proofs().user("SALLY@contoso.com", "correct horse battery").id());
    oauth("invalid_grant", 50126, () -> directory.proofs().user("sally@contoso.com", "wrong"));
    oauth("invalid_grant", 50126, () -> directory.proofs().user("nobody", "correct horse battery"));
    directory.setPassword("sally@contoso.com", "another long password", TEST);
    oauth(
        "invalid_grant",
        50126,
        () -> directory.proofs().user("sally@contoso.com", "correct horse battery"));
    directory.enable("sally@contoso.com", false, TEST);
    oauth(
        "invalid_grant",
        50057,
        () -> directory.proofs().user("sally@contoso.com", "another long password"));
  }

  @Test
  void whatCannotBeMadeIsRefused() {
    application("app");
    refused(409, "NameUnavailable", () -> application("app"));
    refused(400, "InvalidPrincipalName", () -> application(""));
    refused(400, "InvalidPrincipalName", () -> application("two words"));
    refused(400, "InvalidPrincipalName", () -> application("x".repeat(121)));
    refused(400, "BadRequest", () -> directory.createUser("bob", "short", TEST));
    for (var redirect :
        List.of(
            "http://example.com/", "https://a.example/#x", "javascript:alert(1)", "nonsense", "")) {
      refused(
          400,
          "BadRequest",
          () -> directory.createApplication("page", List.of(redirect), true, TEST));
    }
    refused(404, "PrincipalNotFound", () -> directory.addSecret("nobody", TEST));
    refused(404, "SecretNotFound", () -> directory.removeSecret("app", "none", TEST));
    refused(409, "Conflict", () -> directory.setPassword("app", "", TEST));
    directory.createUser("bob", "", TEST);
    refused(409, "Conflict", () -> directory.addSecret("bob", TEST));
    for (var i = 1; i < 10; i++) {
      directory.addSecret("app", TEST);
    }
    refused(409, "Conflict", () -> directory.addSecret("app", TEST));
  }

  @Test
  void theDevelopersApplicationKeepsItsSecret() {
    var first = directory.developer();
    var second = room().developer();
    assertEquals(first.secret(), second.secret());
    assertEquals(
        first.id(), directory.proofs().application(first.clientId(), second.secret()).id());
  }

  @Test
  void aTokenProvesItsPrincipalUntilItEnds() {
    var app = application("app");
    var token = token(app);
    var verified = prove(token).orElseThrow();
    var caller = (Caller.Principal) verified.caller();
    assertEquals(app.id(), caller.id());
    assertEquals(app.clientId(), caller.badge().name());
    assertEquals(ARM, caller.badge().audience());
    assertFalse(caller.operator());
    now = now.plus(Duration.ofMinutes(59));
    assertTrue(prove(token).isPresent());
    now = now.plus(Duration.ofMinutes(1));
    unproven(token);
  }

  @Test
  void aTokenEndsWithWhatItsPrincipalLoses() {
    var app = application("app");
    var beforeSecret = token(app);
    directory.removeSecret("app", directory.secrets(app.id()).getFirst().id(), TEST);
    unproven(beforeSecret);
    var beforeDisabling = token(app);
    directory.enable("app", false, TEST);
    unproven(beforeDisabling);
    directory.enable("app", true, TEST);
    unproven(beforeDisabling);
    var beforeDeleting = token(app);
    assertTrue(prove(beforeDeleting).isPresent());
    directory.delete("app", TEST);
    unproven(beforeDeleting);
  }

  @Test
  void anotherProcessHearsOfTheLoss() {
    var app = application("app");
    var other = room();
    var otherIssuer = new Issuer(other, () -> HOUSE, clock);
    var token = token(app);
    assertTrue(otherIssuer.prove(Resource.HOUSE, token, "").isPresent());
    directory.delete("app", TEST);
    other.hear(journal().getLast());
    refused(401, "InvalidAuthenticationToken", () -> otherIssuer.prove(Resource.HOUSE, token, ""));
  }

  @Test
  void otherTokensOfTheIssuerAreNoAccessTokens() {
    var user = directory.createUser("sally", "correct horse battery", TEST);
    var principal = directory.get("sally");
    unproven(issuer.idToken(principal, user.id(), "n", Duration.ofHours(1)));
    unproven(issuer.serviceToken(ARM, Duration.ofHours(1)));
  }

  @Test
  void forgeriesProveNothing() throws Exception {
    var app = application("app");
    var token = SignedJWT.parse(token(app));
    var claims = token.getJWTClaimsSet();
    var keyId = token.getHeader().getKeyID();

    var stranger = new RSAKeyGenerator(2048).keyID(keyId).generate();
    unproven(signed(stranger, claims));
    var unknown = new RSAKeyGenerator(2048).keyID("unknown").generate();
    assertEquals(Optional.empty(), prove(signed(unknown, claims)));
    assertEquals(Optional.empty(), prove(new PlainJWT(claims).serialize()));

    // The public key as the secret of an HMAC, the classic.
    var publicKey = issuer.published().getKeyByKeyId(keyId).toRSAKey().toRSAPublicKey();
    var mac = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(keyId).build(), claims);
    mac.sign(new MACSigner(publicKey.getEncoded()));
    unproven(mac.serialize());

    var parts = token.serialize().split("\\.", -1);
    unproven(parts[0] + "." + parts[1] + "." + parts[2].substring(4));
    for (var text : List.of("", "a.b", "a.b.c", "x".repeat(9_000), parts[0] + "." + parts[1])) {
      assertEquals(Optional.empty(), prove(text), text);
    }
  }

  @Test
  void keysAreRenewedAndOldTokensStayGood() {
    var app = application("app");
    var first = issuer.published().getKeys().getFirst().getKeyID();
    now = now.plus(Duration.ofDays(90).minusMinutes(30));
    var old = token(app);
    now = now.plus(Duration.ofMinutes(45));
    var fresh = token(app);
    assertEquals(2, issuer.published().getKeys().size());
    assertTrue(prove(old).isPresent());
    assertTrue(prove(fresh).isPresent());
    now = now.plus(Duration.ofDays(91));
    token(app);
    assertFalse(
        issuer.published().getKeys().stream().anyMatch(key -> key.getKeyID().equals(first)));
    assertTrue(issuer.published().getKeys().stream().noneMatch(key -> key.isPrivate()));
  }

  @Test
  void scopesNameOneKnownAudience() {
    assertEquals(
        "https://communication.azure.com", audience("https://communication.azure.com//.default"));
    assertEquals(ARM, audience(ARM + "/.default"));
    assertEquals(
        "https://management.azure.com", audience("https://management.azure.com//.default"));
    assertEquals(ARM, audience("openid profile " + ARM + "/user_impersonation"));
    assertEquals("client", audience("openid profile"));
    oauth("invalid_resource", 500011, () -> audience("https://graph.microsoft.com/.default"));
    oauth(
        "invalid_scope",
        70011,
        () -> audience(ARM + "/.default https://communication.azure.com/.default"));
  }

  @Test
  void aCodeIsGoodOnceAndNotForLong() {
    directory.keepCode("hash", "detail", now.plusSeconds(60));
    assertEquals(Optional.of("detail"), directory.takeCode("hash"));
    assertEquals(Optional.empty(), directory.takeCode("hash"));
    directory.keepCode("late", "detail", now.plusSeconds(60));
    now = now.plusSeconds(60);
    assertEquals(Optional.empty(), directory.takeCode("late"));
  }

  private static String audience(String scopes) {
    return Audiences.audience(Audiences.scopes(scopes), "client", HOUSE);
  }

  private Directory.Created application(String name) {
    return directory.createApplication(name, List.of(), false, TEST);
  }

  private String token(Directory.Created app) {
    return issuer.accessToken(directory.get(app.id()), app.clientId(), ARM, Duration.ofHours(1));
  }

  private Optional<dev.parley.base.wire.BearerVerifier.Verified> prove(String token) {
    return issuer.prove(Resource.HOUSE, token, "request");
  }

  private void unproven(String token) {
    refused(401, "InvalidAuthenticationToken", () -> prove(token));
  }

  private static String signed(RSAKey key, com.nimbusds.jwt.JWTClaimsSet claims) throws Exception {
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build(),
            claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private List<JournalRow> journal() {
    var rows = new ArrayList<JournalRow>();
    for (Shard shard : store.heads().keySet()) {
      rows.addAll(store.journal(shard, 0, 100));
    }
    return rows;
  }

  private static void oauth(String error, int number, Executable work) {
    var refusal = assertThrows(OAuthRefusal.class, work);
    assertEquals(error + " " + number, refusal.error() + " " + refusal.number());
  }

  private static void refused(int status, String code, Executable work) {
    var refusal = assertThrows(Refusal.class, work);
    assertEquals(status + " " + code, refusal.status() + " " + refusal.code());
  }
}
