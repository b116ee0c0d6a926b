package dev.parley;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.TestHouse.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management plane and the issuer through the edge, in one house with an outside issuer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManagementTest {
  private static final String ISSUER = "https://login.corp.example/main";
  private static final String VERSION = "?api-version=2025-09-01";
  private static final String ARM_AUDIENCE = "https://management.azure.com";

  @TempDir private static Path folder;
  private RSAKey corporate;
  private TestHouse house;

  @BeforeAll
  void start() throws Exception {
    corporate = new RSAKeyGenerator(2048).keyID("corp-1").generate();
    var keys = folder.resolve("corp.json");
    Files.writeString(keys, new JWKSet(corporate.toPublicJWK()).toString());
    house =
        TestHouse.start(
            folder.resolve("data"),
            Map.of(
                "directory.issuers.corp.issuer", ISSUER,
                "directory.issuers.corp.audience",
                    ARM_AUDIENCE + ",https://communication.azure.com",
                "directory.issuers.corp.keys", keys.toString(),
                "directory.issuers.corp.id-claim", "sub",
                "directory.issuers.corp.roles-claim", "groups",
                "directory.issuers.corp.roles", "bosses=Owner,readers=Reader",
                "manage.data-locations", "Europe"));
  }

  @AfterAll
  void stop() {
    house.close();
  }

  // The issuer.

  @Test
  void aClientSecretBuysATokenInBothForms() {
    var posted = token(Map.of("scope", "https://communication.azure.com//.default"));
    assertEquals(200, posted.status(), posted::body);
    assertEquals("Bearer", posted.text("/token_type"));
    assertEquals("3599", posted.text("/expires_in"));
    var claims = claims(posted.text("/access_token"));
    assertTrue(claims.contains("\"aud\":\"https://communication.azure.com\""), claims);
    assertTrue(claims.contains("\"tid\":\"" + house.environment("ACS_TENANT_ID") + "\""), claims);
    var pair = house.environment("ACS_CLIENT_ID") + ":" + house.environment("ACS_CLIENT_SECRET");
    var basic =
        house.exchange(
            "POST",
            path("/oauth2/token"),
            "grant_type=client_credentials&resource=" + encoded(ARM_AUDIENCE + "/"),
            List.of(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
    assertEquals(200, basic.status(), basic::body);
  }

  @ParameterizedTest
  @CsvSource({
    "grant_type=password, 400, unsupported_grant_type",
    "grant_type=, 400, invalid_request",
    "client_id=, 400, invalid_request",
    "client_id=nobody, 400, unauthorized_client",
    "client_secret=wrong, 401, invalid_client",
    "client_secret=, 401, invalid_client",
    "scope=, 400, invalid_request",
    "scope=https://communication.azure.com, 400, invalid_scope",
    "scope=openid https://management.azure.com/user_impersonation, 400, invalid_scope",
    "scope=https://graph.microsoft.com/.default, 400, invalid_resource",
    "grant_type=authorization_code, 400, invalid_request",
  })
  void theTokenEndpointRefusesInOAuthsWords(String change, int status, String error) {
    var equals = change.indexOf('=');
    var answer = token(Map.of(change.substring(0, equals), change.substring(equals + 1)));
    assertEquals(status + " " + error, answer.status() + " " + answer.text("/error"));
    assertTrue(answer.text("/error_description").startsWith("AADSTS"), answer::body);
    assertFalse(answer.body().contains(house.environment("ACS_CLIENT_SECRET")));
  }

  @Test
  void anUnknownTenantAndAParameterGivenTwiceAreRefused() {
    var elsewhere =
        house.exchange("GET", "/elsewhere/v2.0/.well-known/openid-configuration", "", List.of());
    assertEquals("invalid_tenant", elsewhere.text("/error"));
    var twice =
        house.exchange("POST", path("/oauth2/v2.0/token"), "grant_type=a&grant_type=b", List.of());
    assertEquals("invalid_request", twice.text("/error"));
  }

  @Test
  void discoveryLeadsToTheKeysThatSign() throws Exception {
    for (var tenant : List.of(house.environment("ACS_TENANT_ID"), "common", "organizations")) {
      var found =
          house.exchange(
              "GET", "/" + tenant + "/v2.0/.well-known/openid-configuration", "", List.of());
      assertEquals(
          house.environment("ACS_AUTHORITY_HOST")
              + "/"
              + house.environment("ACS_TENANT_ID")
              + "/v2.0",
          found.text("/issuer"));
    }
    var keys = house.exchange("GET", path("/discovery/v2.0/keys"), "", List.of()).body();
    var token = SignedJWT.parse(house.environment("ACS_ARM_TOKEN"));
    var key = JWKSet.parse(keys).getKeyByKeyId(token.getHeader().getKeyID());
    assertFalse(key.isPrivate());
    assertTrue(
        token.verify(new com.nimbusds.jose.crypto.RSASSAVerifier(key.toRSAKey().toRSAPublicKey())));
  }

  // Outside issuers.

  @Test
  void groupsOfAnOutsideTokenGiveRoles() throws Exception {
    var boss = corp("boss", ARM_AUDIENCE, List.of("bosses", "other"));
    var reader = corp("reader", ARM_AUDIENCE, List.of("readers"));
    var nobody = corp("nobody", ARM_AUDIENCE, List.of());
    assertEquals(200, arm("GET", service("parley"), boss, "").status());
    assertEquals(200, arm("POST", service("parley") + "/listKeys", boss, "").status());
    assertEquals(200, arm("GET", service("parley"), reader, "").status());
    var keys = arm("POST", service("parley") + "/listKeys", reader, "");
    assertEquals("403 AuthorizationFailed", keys.status() + " " + keys.text("/error/code"));
    assertEquals(403, arm("GET", service("parley"), nobody, "").status());
    assertEquals(
        "[]",
        arm("GET", "/subscriptions", nobody, "").body().replaceAll("^.*?(\\[).*(\\]).*$", "$1$2"));
  }

  @Test
  void anOutsidePrincipalGetsARoleHere() throws Exception {
    var token = corp("sally", ARM_AUDIENCE, List.of());
    var refused = arm("GET", service("parley"), token, "");
    var id = refused.body().replaceAll(".*object id '([^']+)'.*", "$1");
    var assignment =
        group()
            + "/providers/Microsoft.Authorization/roleAssignments/"
            + java.util.UUID.randomUUID();
    var made =
        arm(
            "PUT",
            assignment,
            owner(),
            "{\"properties\":{\"roleDefinitionId\":\"acdd72a7-3385-48ef-bd42-f606fba81ae7\",\"principalId\":\"%s\"}}"
                .formatted(id));
    assertEquals(201, made.status(), made::body);
    assertEquals(200, arm("GET", service("parley"), token, "").status());
  }

  @Test
  void wrongOutsideTokensAreRefused() throws Exception {
    var other = new RSAKeyGenerator(2048).keyID("corp-1").generate();
    var bosses = List.of("bosses");
    var path = service("parley");
    assertEquals(
        401, arm("GET", path, corp(other, ISSUER, "x", ARM_AUDIENCE, bosses, 60), "").status());
    assertEquals(
        401,
        arm("GET", path, corp(corporate, "https://evil.example", "x", ARM_AUDIENCE, bosses, 60), "")
            .status());
    assertEquals(401, arm("GET", path, corp("x", "https://other.example", bosses), "").status());
    assertEquals(
        401,
        arm("GET", path, corp(corporate, ISSUER, "x", ARM_AUDIENCE, bosses, -120), "").status());
    var data = corp("x", "https://communication.azure.com", bosses);
    var wrong = arm("GET", path, data, "");
    assertEquals("InvalidAuthenticationTokenAudience", wrong.text("/error/code"));
    var identities = "/identities?api-version=2023-10-01";
    assertEquals(201, house.call("POST", identities, data, "{}").status());
    assertEquals(
        401, house.call("POST", identities, corp("x", ARM_AUDIENCE, bosses), "{}").status());
  }

  // The management plane.

  @Test
  void whoOwnsEverythingOperatesTheServerToo() throws Exception {
    assertEquals(200, house.call("GET", "/parley/resources", owner(), "").status());
    assertEquals(
        200,
        house
            .call("GET", "/parley/resources", corp("b", ARM_AUDIENCE, List.of("bosses")), "")
            .status());
    assertEquals(
        401,
        house
            .call("GET", "/parley/resources", corp("r", ARM_AUDIENCE, List.of("readers")), "")
            .status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/subscriptions/00000000-0000-0000-0000-000000000000",
        "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/resourceGroups/x",
      })
  void whatIsNotThereIsNotFound(String path) {
    var answer = arm("GET", path, owner(), "");
    assertEquals("404 SubscriptionNotFound", answer.status() + " " + answer.text("/error/code"));
  }

  @Test
  void versionsAreCheckedAndCaseIsNot() {
    var path = service("parley");
    var missing = house.call("GET", path, owner(), "");
    assertEquals("MissingApiVersionParameter", missing.text("/error/code"));
    var malformed = house.call("GET", path + "?api-version=latest", owner(), "");
    assertEquals("InvalidApiVersionParameter", malformed.text("/error/code"));
    assertEquals(200, house.call("GET", path + "?api-version=2031-01-01", owner(), "").status());
    var shouted = path.toUpperCase(java.util.Locale.ROOT) + VERSION;
    var found = house.call("GET", shouted, owner(), "");
    assertEquals(200, found.status(), found::body);
    assertEquals("parley", found.text("/name"));
    assertEquals(405, house.call("POST", shouted, owner(), "{}").status());
  }

  @Test
  void aLocationWhereNoDataCanLieIsRefused() {
    var states = body("United States");
    var refused = arm("PUT", service("states"), owner(), states);
    assertEquals("InvalidDataLocation", refused.text("/error/code"));
    assertEquals(201, arm("PUT", service("europe"), owner(), body("europe")).status());
    assertEquals(202, arm("DELETE", service("europe"), owner(), "").status());
  }

  @Test
  void aBrokenBodyChangesNothing() {
    assertEquals(201, arm("PUT", service("body"), owner(), body("Europe")).status());
    for (var bad :
        List.of(
            "{",
            "[]",
            "{\"tags\":[1]}",
            "{\"tags\":{\"a\":{}}}",
            "{\"tags\":{\"a<b\":\"\"}}",
            "{\"properties\":{\"disableLocalAuth\":\"perhaps\"}}",
            "{\"properties\":{\"linkedDomains\":[null]}}",
            "{\"properties\":{\"linkedDomains\":[\"/subscriptions/x\"]}}",
            "{\"identity\":{\"type\":\"Royal\"}}",
            "{\"identity\":{\"type\":\"UserAssigned\"}}",
            "{\"identity\":{\"type\":\"SystemAssigned\",\"userAssignedIdentities\":{\"/x\":{}}}}")) {
      assertEquals(400, arm("PATCH", service("body"), owner(), bad).status(), bad);
    }
    var after = arm("GET", service("body"), owner(), "");
    assertEquals("false", after.text("/properties/disableLocalAuth"));
    assertEquals("", after.text("/tags/a"));
    var identity =
        arm("PATCH", service("body"), owner(), "{\"identity\":{\"type\":\"SystemAssigned\"}}");
    assertEquals(36, identity.text("/identity/principalId").length());
    arm("DELETE", service("body"), owner(), "");
  }

  @Test
  void aGroupWhoseResourceStaysStaysToo() throws Exception {
    var gone = arm("DELETE", group(), owner(), "");
    assertEquals(202, gone.status());
    var log =
        "/subscriptions/%s/resourceGroups/parley"
            .formatted(house.environment("ACS_SUBSCRIPTION_ID"));
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!arm("GET", log, owner(), "")
        .text("/properties/provisioningState")
        .equals("Succeeded")) {
      assertTrue(System.nanoTime() < end, "the group is still going");
      Thread.onSpinWait();
    }
    assertEquals(201, arm("PUT", service("after"), owner(), body("Europe")).status());
    arm("DELETE", service("after"), owner(), "");
  }

  @Test
  void listsArePaged() {
    for (var name : List.of("page-a", "page-b", "page-c")) {
      assertEquals(201, arm("PUT", service(name), owner(), body("Europe")).status());
    }
    var collection =
        group() + "/providers/Microsoft.Communication/communicationServices" + VERSION + "&$top=2";
    var first = house.call("GET", collection, owner(), "");
    var next = first.text("/nextLink");
    assertTrue(next.startsWith(house.environment("ACS_ARM_ENDPOINT")), first::body);
    var second =
        house.call(
            "GET", next.substring(house.environment("ACS_ARM_ENDPOINT").length()), owner(), "");
    assertEquals(200, second.status(), second::body);
    assertNotEquals(first.text("/value/0/name"), second.text("/value/0/name"));
    assertEquals(400, house.call("GET", collection + "&$skiptoken=1", owner(), "").status());
    List.of("page-a", "page-b", "page-c")
        .forEach(name -> arm("DELETE", service(name), owner(), ""));
  }

  @Test
  void theOperatorsPrincipalsAndRoles() {
    var made =
        house.call(
            "POST", "/parley/principals", owner(), "{\"kind\":\"application\",\"name\":\"robot\"}");
    assertEquals(201, made.status(), made::body);
    assertFalse(made.text("/secret").isEmpty());
    var listed = house.call("GET", "/parley/principals/robot", owner(), "");
    assertEquals(made.text("/id"), listed.text("/id"));
    assertFalse(listed.body().contains(made.text("/secret")));
    assertFalse(listed.body().contains("argon2"));
    for (var bad : List.of("{}", "{\"kind\":\"robot\",\"name\":\"x\"}", "{\"kind\":\"user\"}")) {
      assertEquals(400, house.call("POST", "/parley/principals", owner(), bad).status(), bad);
    }
    var assigned =
        house.call(
            "POST",
            "/parley/assignments",
            owner(),
            "{\"principal\":\"robot\",\"role\":\"Reader\",\"scope\":\"%s\"}".formatted(group()));
    assertEquals(201, assigned.status(), assigned::body);
    var scope =
        house.call(
            "POST",
            "/parley/assignments",
            owner(),
            "{\"principal\":\"robot\",\"role\":\"Reader\",\"scope\":\"everywhere\"}");
    assertEquals("InvalidScope", scope.text("/error/code"));
    assertEquals(
        204,
        house.call("DELETE", "/parley/assignments/" + assigned.text("/id"), owner(), "").status());
    var given =
        house.call(
            "POST",
            "/parley/assignments",
            owner(),
            "{\"principal\":\"robot\",\"role\":\"Owner\",\"scope\":\"%s\"}".formatted(group()));
    assertEquals(201, given.status(), given::body);
    assertEquals(204, house.call("DELETE", "/parley/principals/robot", owner(), "").status());
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (house
        .call("GET", "/parley/assignments", owner(), "")
        .body()
        .contains(made.text("/id"))) {
      assertTrue(System.nanoTime() < end, "who is gone has roles");
      Thread.onSpinWait();
    }
    var log =
        house
            .call(
                "GET",
                "/subscriptions/%s/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01"
                    .formatted(house.environment("ACS_SUBSCRIPTION_ID")),
                owner(),
                "")
            .body();
    for (var action :
        List.of(
            "Parley.Directory/principals/write",
            "Parley.Directory/principals/delete",
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete")) {
      assertTrue(log.contains("\"" + action + "\""), action);
    }
    assertFalse(log.contains(made.text("/secret")));
    assertEquals(404, house.call("DELETE", "/parley/principals/robot", owner(), "").status());
  }

  @Test
  void aSecondStartKeepsTenantSubscriptionAndSecret(@TempDir Path data) {
    var names =
        List.of(
            "ACS_TENANT_ID",
            "ACS_CLIENT_ID",
            "ACS_CLIENT_SECRET",
            "ACS_SUBSCRIPTION_ID",
            "ACS_RESOURCE_GROUP");
    Map<String, String> before;
    String token;
    try (var first = TestHouse.start(data, Map.of())) {
      before = values(first, names);
      token = first.environment("ACS_ARM_TOKEN");
      assertTrue(first.environment("ACS_ARM_ENDPOINT").startsWith("https://localhost:"));
    }
    try (var second = TestHouse.start(data, Map.of())) {
      assertEquals(before, values(second, names));
      assertEquals(
          200, second.call("GET", "/subscriptions?api-version=2022-12-01", token, "").status());
      assertEquals(
          200,
          second
              .call(
                  "GET",
                  "/subscriptions?api-version=2022-12-01",
                  second.environment("ACS_ARM_TOKEN"),
                  "")
              .status());
    }
  }

  private static Map<String, String> values(TestHouse house, List<String> names) {
    return new TreeMap<>(
        names.stream().collect(Collectors.toMap(name -> name, house::environment)));
  }

  private Answer token(Map<String, String> changes) {
    var form = new TreeMap<String, String>();
    form.put("grant_type", "client_credentials");
    form.put("client_id", house.environment("ACS_CLIENT_ID"));
    form.put("client_secret", house.environment("ACS_CLIENT_SECRET"));
    form.put("scope", ARM_AUDIENCE + "/.default");
    form.putAll(changes);
    var body =
        form.entrySet().stream()
            .map(one -> one.getKey() + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return house.exchange("POST", path("/oauth2/v2.0/token"), body, List.of());
  }

  private String path(String rest) {
    return "/" + house.environment("ACS_TENANT_ID") + rest;
  }

  private String group() {
    return "/subscriptions/%s/resourceGroups/%s"
        .formatted(
            house.environment("ACS_SUBSCRIPTION_ID"), house.environment("ACS_RESOURCE_GROUP"));
  }

  private String service(String name) {
    return group() + "/providers/Microsoft.Communication/communicationServices/" + name;
  }

  private String owner() {
    return house.environment("ACS_ARM_TOKEN");
  }

  private Answer arm(String method, String path, String token, String body) {
    return house.call(method, path + VERSION, token, body);
  }

  private static String body(String dataLocation) {
    return "{\"location\":\"Global\",\"properties\":{\"dataLocation\":\"%s\"}}"
        .formatted(dataLocation);
  }

  private String corp(String subject, String audience, List<String> groups) throws Exception {
    return corp(corporate, ISSUER, subject, audience, groups, 600);
  }

  private static String corp(
      RSAKey key, String issuer, String subject, String audience, List<String> groups, long seconds)
      throws Exception {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .subject(subject)
            .audience(audience)
            .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
            .claim("preferred_username", subject + "@corp.example")
            .claim("groups", groups)
            .build();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    var jwt = new SignedJWT(header, claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private static String claims(String token) {
    return new String(
        Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
