package dev.parley.feature.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.base.kit.SettingsProblem;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of carriers. */
class CarriersTest {
  private static final String HEADER = "prefix,name,mobileCountryCode,mobileNetworkCode\n";

  @Test
  void theLongestPrefixDecides() {
    var carriers =
        Carriers.ofText(
            "# mine\n" + HEADER + "+1,One,,\n+1425555,Two,310,260\n+14255550123,Three,310,12\n");
    assertEquals(Optional.of("One"), name(carriers, "+12065550100"));
    assertEquals(Optional.of("Two"), name(carriers, "+14255550124"));
    assertEquals(Optional.of("Three"), name(carriers, "+14255550123"));
    assertEquals(Optional.empty(), name(carriers, "+442079460123"));
    assertEquals(Optional.empty(), name(Carriers.none(), "+1"));
  }

  private static Optional<String> name(Carriers carriers, String number) {
    return carriers.of(number).map(Carriers.Carrier::name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,One,,", "+1,One", "+1,One,31x,260", "+1,One,310,2600", "+,One,,"})
  void aBadLineStopsTheStart(String line) {
    assertThrows(SettingsProblem.class, () -> Carriers.ofText(HEADER + line + "\n"));
  }

  @Test
  void aMissingFileStopsTheStart() {
    assertThrows(SettingsProblem.class, () -> Carriers.ofFile(Path.of("no-such-file.csv")));
  }
}
