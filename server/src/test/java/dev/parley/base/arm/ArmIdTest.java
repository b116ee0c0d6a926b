package dev.parley.base.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmIdTest {
  private static final String GROUP =
      "/subscriptions/11112222-3333-4444-5555-666677778888/resourceGroups/MyGroup";
  private static final String SERVICE =
      GROUP + "/providers/Microsoft.Communication/communicationServices/One";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/subscriptions/s",
        GROUP,
        SERVICE,
        SERVICE + "/smtpUsernames/two",
        SERVICE + "/providers/Microsoft.EventGrid/eventSubscriptions/three",
        GROUP + "/providers/Microsoft.Authorization/locks/four",
        "/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/five",
      })
  void readsAndWritesTheSameText(String text) {
    assertEquals(text, id(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "subscriptions/s",
        "/subscriptions",
        "//",
        "/subscriptions//resourceGroups/g",
        "/subscriptions/s/resourceGroups",
        "/subscriptions/s/groups/g",
        "/subscriptions/s/providers/Microsoft.Communication",
        "/subscriptions/s/providers/Microsoft.Communication/communicationServices",
        "/subscriptions/s/providers/N/t/n/odd",
        "/resourceGroups/g",
      })
  void refusesWhatIsNoId(String text) {
    assertEquals(Optional.empty(), ArmId.parse(text));
  }

  @Test
  void refusesATextWithoutEnd() {
    assertEquals(Optional.empty(), ArmId.parse("/subscriptions/" + "s".repeat(2_100)));
  }

  @Test
  void caseMakesNoDifference() {
    var shouted = id(SERVICE.toUpperCase(java.util.Locale.ROOT));
    assertEquals(id(SERVICE), shouted);
    assertEquals(id(SERVICE).hashCode(), shouted.hashCode());
    assertEquals("ONE", shouted.name());
    assertNotEquals(id(GROUP), shouted);
    assertTrue(shouted.within(id(GROUP)));
  }

  @ParameterizedTest
  @CsvSource({
    "/subscriptions/s, Microsoft.Resources/subscriptions, /",
    "/subscriptions/s/resourcegroups/g, Microsoft.Resources/resourceGroups, /subscriptions/s",
    "/subscriptions/s/providers/N/t/n, N/t, /subscriptions/s",
    "/subscriptions/s/resourceGroups/g/providers/N/t/n, N/t, /subscriptions/s/resourceGroups/g",
    "/subscriptions/s/providers/N/t/n/u/m, N/t/u, /subscriptions/s/providers/N/t/n",
    "/subscriptions/s/providers/N/t/n/providers/M/u/m, M/u, /subscriptions/s/providers/N/t/n",
  })
  void knowsItsTypeAndParent(String text, String type, String parent) {
    assertEquals(type, id(text).type());
    assertEquals(id(parent), id(text).parent());
  }

  @Test
  void aLongerNameIsNoChild() {
    assertFalse(id(SERVICE + "2").within(id(SERVICE)));
    assertTrue(id(SERVICE).within(id(SERVICE)));
    assertTrue(id(SERVICE + "/smtpUsernames/x").within(id(SERVICE)));
    assertTrue(id(SERVICE).within(ArmId.ROOT));
    assertFalse(ArmId.ROOT.within(id(GROUP)));
  }

  private static ArmId id(String text) {
    return ArmId.parse(text).orElseThrow();
  }
}
