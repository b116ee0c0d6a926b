package dev.parley.feature.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IdentityConfigTest {
  private static final Map<String, String> ISSUER =
      Map.of(
          "identity.issuers.contoso.issuer", "https://login.example",
          "identity.issuers.contoso.audience", "one, two",
          "identity.issuers.contoso.keys", "https://login.example/keys");

  @Test
  void hasDefaults() {
    var config = IdentityConfig.of(new Settings(Map.of()));
    assertEquals("global", config.location());
    assertEquals(Duration.ofSeconds(30), config.lastTokenInterval());
    assertEquals(List.of(), config.issuers());
  }

  @Test
  void readsIssuers() {
    var settings = new Settings(ISSUER);
    var issuer = IdentityConfig.of(settings).issuers().getFirst();
    settings.refuseUnknown();
    assertEquals("contoso", issuer.name());
    assertEquals("https://login.example", issuer.issuer());
    assertEquals(Set.of("one", "two"), issuer.audiences());
    assertEquals("https://login.example/keys", issuer.keys());
  }

  @Test
  void anIncompleteIssuerStopsTheStart() {
    for (var missing : ISSUER.keySet()) {
      var given = new HashMap<>(ISSUER);
      given.remove(missing);
      var problem =
          assertThrows(SettingsProblem.class, () -> IdentityConfig.of(new Settings(given)));
      assertTrue(String.valueOf(problem.getMessage()).contains(missing));
    }
  }

  @Test
  void keysOverPlainHttpStopTheStart() {
    var given = new HashMap<>(ISSUER);
    given.put("identity.issuers.contoso.keys", "http://login.example/keys");
    assertThrows(SettingsProblem.class, () -> IdentityConfig.of(new Settings(given)));
  }
}
