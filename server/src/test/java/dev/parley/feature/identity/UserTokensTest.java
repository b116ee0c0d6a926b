package dev.parley.feature.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSObject;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.Settings;
import dev.parley.base.wire.BearerVerifier.Verified;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.Resource;
import dev.parley.base.words.Scope;
import dev.parley.base.words.TestResources;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Tokens by themselves: users live in a map here, where {@link IdentityTest} has them in the store.
 */
final class UserTokensTest {
  private static final Duration DAY = Duration.ofHours(24);
  // The Java SDK looks for the end of a token with this pattern.
  private static final Pattern JAVA_SDK_EXP = Pattern.compile("\"exp\":(\\d+)");

  private final TestClock clock = new TestClock();
  private final TestResources resources = new TestResources();
  private final Map<UserKey, UserStates.State> users = new ConcurrentHashMap<>();
  private final AtomicInteger questions = new AtomicInteger();
  private final UserStates states =
      new UserStates(
          10_000,
          user -> {
            questions.incrementAndGet();
            return users.getOrDefault(user, UserStates.State.NONE);
          });
  private final UserTokens tokens =
      new UserTokens(
          resources, states, IdentityConfig.of(new Settings(Map.of())), clock, new SecureRandom());
  private final Resource contoso = resources.add("contoso");
  private final Resource fabrikam = resources.add("fabrikam");

  @Test
  void provesItsUserScopesKeyAndEnd() {
    var user = user(contoso, 1);
    var token = issue(contoso, user, 1, Set.of(Scope.CHAT, Scope.VOIP_JOIN));
    var verified = tokens.verify(contoso, token.token(), "request-1");
    var caller = (Caller.User) verified.caller();
    assertEquals(user.id(), caller.id().rawId());
    assertEquals(contoso.id(), caller.resource());
    assertEquals(Set.of(Scope.CHAT, Scope.VOIP_JOIN), caller.scopes());
    assertEquals(user.id(), caller.origin().actor());
    assertEquals("PRIMARY", caller.origin().keySlot());
    assertEquals("request-1", caller.origin().requestId());
    assertEquals(token.expiresOn(), verified.expires());
  }

  @Test
  void carriesWhatClientsRead() throws Exception {
    var user = user(contoso, 7);
    var token = issue(contoso, user, 7, EnumSet.allOf(Scope.class)).token();
    var header = json(token, 0);
    assertEquals("HS256", header.get("alg").asText());
    assertEquals("JWT", header.get("typ").asText());
    assertEquals(contoso.id() + ".PRIMARY.1", header.get("kid").asText());
    var payload = json(token, 1);
    assertEquals(user.id(), "8:" + payload.get("skypeid").asText());
    assertTrue(payload.get("scp").isInt());
    assertEquals(1792, payload.get("scp").asInt());
    assertEquals(Long.toString(clock.instant().getEpochSecond()), payload.get("csi").asText());
    assertEquals(clock.instant().getEpochSecond(), payload.get("iat").asLong());
    assertEquals(clock.instant().plus(DAY).getEpochSecond(), payload.get("exp").asLong());
    assertEquals(
        "chat,chat.join,chat.join.limited,voip,voip.join", payload.get("acsScope").asText());
    assertEquals(contoso.id().value(), payload.get("resourceId").asText());
    assertEquals("global", payload.get("resourceLocation").asText());
    assertEquals(contoso.endpoint().toString(), payload.get("endpoint").asText());
    assertEquals(24, payload.get("jti").asText().length());
    assertEquals(7, payload.get("rev").asLong());
  }

  @Test
  void isAnOrdinaryJsonWebSignature() throws ParseException {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    assertEquals("HS256", JWSObject.parse(token).getHeader().getAlgorithm().getName());
  }

  @Test
  void everyPayloadSurvivesTheJavaDecoder() {
    var seed = System.nanoTime();
    System.out.println("seed of everyPayloadSurvivesTheJavaDecoder: " + seed);
    var random = new Random(seed);
    for (var i = 0; i < 20_000; i++) {
      var odd = resources.add("odd", URI.create("https://" + oddText(random)));
      var user = user(odd, 1 + random.nextInt(1000));
      clock.move(Duration.ofSeconds(random.nextInt(100_000)));
      var token = issue(odd, user, users.get(user).generation(), scopes(random)).token();
      var payload = token.split("\\.", -1)[1];
      assertFalse(payload.contains("-") || payload.contains("_"), payload);
      var text = new String(Base64.getDecoder().decode(payload), StandardCharsets.US_ASCII);
      var exp = JAVA_SDK_EXP.matcher(text);
      assertTrue(exp.find(), text);
      assertEquals(clock.instant().plus(DAY).getEpochSecond(), Long.parseLong(exp.group(1)));
      assertEquals(odd.endpoint().toString(), json(token, 1).get("endpoint").asText());
      resources.remove(odd.id());
      users.remove(user);
    }
  }

  @Test
  void endsToTheSecond() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    clock.move(DAY.minusMillis(251));
    verify(contoso, token);
    clock.move(Duration.ofMillis(1));
    assertRefused("the token expired at 2026-11-25T10:00:00Z", contoso, token);
  }

  @Test
  void isNothingToAnotherResource() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    assertRefused("a token of another issuer or resource", fabrikam, token);
    verify(contoso, token);
    assertRefused("a token of resource " + contoso.id(), fabrikam, token);
  }

  @Test
  void endsWithTheKeyThatAskedForIt() {
    var user = user(contoso, 1);
    for (var slot : KeySlot.values()) {
      var token = tokens.issue(contoso, slot, user, 1, Set.of(Scope.CHAT), end()).token();
      var other = slot == KeySlot.PRIMARY ? KeySlot.SECONDARY : KeySlot.PRIMARY;
      verify(contoso, token);
      resources.regenerate(contoso.id(), other);
      verify(contoso, token);
      resources.regenerate(contoso.id(), slot);
      assertRefused("the access key behind the token was regenerated", contoso, token);
    }
  }

  @Test
  void aTokenNeverSeenBeforeEndsWithItsKeyToo() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    resources.regenerate(contoso.id(), KeySlot.PRIMARY);
    assertRefused("no current key of the resource is", contoso, token);
  }

  @Test
  void endsWithTheResource() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    verify(contoso, token);
    resources.remove(contoso.id());
    assertRefused("regenerated", contoso, token);
  }

  @Test
  void endsWithTheUser() {
    var user = user(contoso, 1);
    var token = issue(contoso, user, 1, Set.of(Scope.CHAT)).token();
    verify(contoso, token);
    change(user, new UserStates.State(false, 2));
    assertRefused("is deleted", contoso, token);
    users.remove(user);
    states.forget(user);
    assertRefused("is deleted", contoso, token);
  }

  @Test
  void issueAndRevokeInTheSameSecondAreToldApart() {
    var user = user(contoso, 1);
    var before = issue(contoso, user, 1, Set.of(Scope.CHAT)).token();
    change(user, new UserStates.State(true, 2));
    var after = issue(contoso, user, 2, Set.of(Scope.CHAT)).token();
    assertRefused("are revoked", contoso, before);
    verify(contoso, after);
  }

  @Test
  void aTokenNewerThanWhatIsRememberedIsLookedUp() {
    var user = user(contoso, 1);
    verify(contoso, issue(contoso, user, 1, Set.of(Scope.CHAT)).token());
    // Another process revoked and issued; its event has not arrived here.
    users.put(user, new UserStates.State(true, 2));
    verify(contoso, issue(contoso, user, 2, Set.of(Scope.CHAT)).token());
  }

  @Test
  void provenTokensAskForTheirUserOnce() {
    var user = user(contoso, 1);
    for (var i = 0; i < 100; i++) {
      verify(contoso, issue(contoso, user, 1, Set.of(Scope.CHAT)).token());
    }
    assertEquals(1, questions.get());
  }

  @Test
  void otherAlgorithmsAndHeadersAreRefused() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    var payload = token.split("\\.", -1)[1];
    var signature = token.split("\\.", -1)[2];
    var kid = contoso.id() + ".PRIMARY.1";
    for (var header :
        List.of(
            "{\"alg\":\"none\"}",
            "{\"kid\":\"" + kid + "\",\"typ\":\"JWT\",\"alg\":\"none\"}",
            "{\"kid\":\"" + kid + "\",\"typ\":\"JWT\",\"alg\":\"HS512\"}",
            "{\"kid\":\"" + kid + "\",\"typ\":\"JWT\",\"alg\":\"RS256\"}",
            "{\"kid\":\"" + kid + "\",\"typ\":\"JWT\",\"alg\":\"HS256\",\"crit\":[]}",
            "{\"kid\":\"" + kid + "\",\"alg\":\"none\",\"typ\":\"JWT\",\"alg\":\"HS256\"}",
            "[]",
            "")) {
      assertRefused("", contoso, base64(header) + "." + payload + "." + signature);
      assertRefused("", contoso, base64(header) + "." + payload + ".");
    }
  }

  @Test
  void doubledMissingAndOversizedPartsAreRefused() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    for (var bad :
        List.of(
            "",
            ".",
            "..",
            "...",
            "Bearer",
            token + "." + token,
            token + ".",
            "." + token,
            token + token,
            token + "=",
            token + " ",
            token + "\u0000",
            token.substring(0, token.lastIndexOf('.')),
            token.substring(0, token.lastIndexOf('.') + 1),
            token.replace('.', ','),
            "x".repeat(UserTokens.TOKEN_CHARS_MAX + 1),
            token + "A".repeat(1 << 20))) {
      assertRefused("", contoso, bad);
    }
    verify(contoso, token);
  }

  @Test
  void noOtherTextThanTheIssuedOneIsAccepted() {
    var token = issue(contoso, user(contoso, 1), 1, Set.of(Scope.CHAT)).token();
    for (var i = 0; i < token.length(); i++) {
      for (var c : "AZaz09-_=.+/ \u00e9".toCharArray()) {
        if (token.charAt(i) != c) {
          assertRefused("", contoso, token.substring(0, i) + c + token.substring(i + 1));
        }
      }
    }
  }

  @Test
  void survivesFuzzing() {
    var seed = System.nanoTime();
    System.out.println("seed of survivesFuzzing: " + seed);
    var random = new Random(seed);
    var genuine = new HashSet<String>();
    for (var i = 0; i < 20; i++) {
      var user = user(contoso, 1);
      genuine.add(issue(contoso, user, 1, scopes(random)).token());
    }
    var pool = List.copyOf(genuine);
    for (var i = 0; i < 50_000; i++) {
      var text = mutated(pool.get(random.nextInt(pool.size())), pool, random);
      if (genuine.contains(text)) {
        verify(contoso, text);
      } else {
        assertRefused("", contoso, text);
      }
    }
  }

  private static String mutated(String token, List<String> pool, Random random) {
    var text = new StringBuilder(token);
    for (var change = random.nextInt(4); change >= 0; change--) {
      var at = text.isEmpty() ? 0 : random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0 -> text.insert(at, (char) random.nextInt(0x300));
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(40)));
        case 2 -> text.insert(at, '.');
        case 3 -> {
          var other = pool.get(random.nextInt(pool.size()));
          text.setLength(at);
          text.append(other.substring(Math.min(at, other.length())));
        }
        case 4 -> {
          var parts = text.toString().split("\\.", -1);
          text.setLength(0);
          text.append(String.join(".", List.of(parts).reversed()));
        }
        default -> text.append(text.substring(at));
      }
    }
    return text.toString();
  }

  private UserKey user(Resource resource, long generation) {
    var user = UserIds.fresh(resource.id(), clock.instant(), new SecureRandom());
    users.put(user, new UserStates.State(true, generation));
    return user;
  }

  private void change(UserKey user, UserStates.State state) {
    users.put(user, state);
    states.forget(user);
  }

  private UserToken issue(Resource resource, UserKey user, long generation, Set<Scope> scopes) {
    return tokens.issue(resource, KeySlot.PRIMARY, user, generation, scopes, end());
  }

  private Instant end() {
    return clock.instant().plus(DAY);
  }

  private Verified verify(Resource resource, String token) {
    return tokens.verify(resource, token, "request");
  }

  private void assertRefused(String why, Resource resource, String token) {
    var refusal = assertThrows(Refusal.class, () -> verify(resource, token));
    assertEquals(401, refusal.status());
    assertEquals("Unauthorized", refusal.code());
    assertEquals("Request is not authorized.", refusal.message());
    assertTrue(refusal.why().contains(why), refusal.why());
    assertFalse(refusal.why().isEmpty());
    assertTrue(refusal.why().length() < 300, refusal.why());
  }

  private static Set<Scope> scopes(Random random) {
    var scopes = EnumSet.of(Scope.CHAT_JOIN);
    for (var scope : Scope.values()) {
      if (random.nextBoolean()) {
        scopes.add(scope);
      }
    }
    return scopes;
  }

  /**
   * Host and path of a legal but unusual address, with many of the characters that base64 writes as
   * {@code -} and {@code _}.
   */
  private static String oddText(Random random) {
    var alphabet = "~?~?abcxyz019-._!$&'()*+;=:@/\u00fc\u4e2d\u00ff";
    var text = new StringBuilder("h").append(random.nextInt(100)).append('/');
    for (var i = random.nextInt(40); i >= 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static JsonNode json(String token, int part) {
    try {
      var bytes = Base64.getUrlDecoder().decode(token.split("\\.", -1)[part]);
      return Json.parse(bytes, JsonNode.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
