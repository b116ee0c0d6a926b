package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void whatIsNotGivenHasItsDefault() {
    var settings = new Settings(Map.of());
    assertEquals("a", settings.text("x.text", "a", "A text."));
    assertEquals(7, settings.number("x.number", 7, 1, 9, "A number."));
    assertTrue(settings.flag("x.flag", true, "A flag."));
    assertEquals(
        Duration.ofMinutes(90), settings.duration("x.span", Duration.ofMinutes(90), "A span."));
  }

  @Test
  void spansAreWrittenWithOneUnit() {
    var given = Map.of("a", "90s", "b", "15m", "c", "24h", "d", "30d", "e", "500ms");
    var settings = new Settings(given);
    var none = Duration.ZERO;
    assertEquals(Duration.ofSeconds(90), settings.duration("a", none, ""));
    assertEquals(Duration.ofMinutes(15), settings.duration("b", none, ""));
    assertEquals(Duration.ofHours(24), settings.duration("c", none, ""));
    assertEquals(Duration.ofDays(30), settings.duration("d", none, ""));
    assertThrows(SettingsProblem.class, () -> settings.duration("e", none, ""));
  }

  @Test
  void anEnvironmentVariableStandsBehindWhatIsGiven() {
    var environment = Map.of("PARLEY_HTTP_IDLE_TIME", "5s", "PARLEY_HTTP_PORT", "1");
    var settings = new Settings(Map.of("http.port", "2"), environment);
    assertEquals(Duration.ofSeconds(5), settings.duration("http.idle-time", Duration.ZERO, ""));
    assertEquals(2, settings.number("http.port", 0, 0, 9, ""));
  }

  @Test
  void numbersOutOfBoundsNameTheBounds() {
    var settings = new Settings(Map.of("n", "10", "m", "many"));
    var problem =
        assertThrows(SettingsProblem.class, () -> settings.number("n", 1, 1, 9, "A number."));
    assertTrue(problem.getMessage().contains("from 1 to 9"), problem.getMessage());
    assertThrows(SettingsProblem.class, () -> settings.number("m", 1, 1, 9, "A number."));
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
    var settings = new Settings(Map.of("htp.port", "8080"));
    settings.number("http.port", 0, 0, 65535, "A port.");
    settings.text("data", "data", "A folder.");
    var problem = assertThrows(SettingsProblem.class, settings::refuseUnknown);
    assertEquals("Unknown setting \"htp.port\". Did you mean \"http.port\"?", problem.getMessage());
  }

  @Test
  void printingShowsEverySettingButNoSecret() {
    var settings = new Settings(Map.of("b.password", "hunter2"));
    settings.text("a.name", "x", "The name.");
    settings.secret("b.password", "The password.");
    var printed = settings.print();
    assertTrue(printed.contains("# The name.\na.name=x\n"), printed);
    assertTrue(printed.contains("b.password=(hidden)"), printed);
    assertFalse(printed.contains("hunter2"));
  }

  @Test
  void namesAreFoundBelowAPrefix() {
    var settings =
        new Settings(Map.of("issuers.b.key", "1", "issuers.a.key", "2", "issuers.a.x", "3"));
    assertEquals(List.of("a", "b"), settings.names("issuers"));
  }
}
