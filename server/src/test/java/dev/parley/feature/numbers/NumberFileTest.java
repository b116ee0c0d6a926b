package dev.parley.feature.numbers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.words.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inventories as files. */
class NumberFileTest {
  private static final String HEADER =
      "first,count,country,type,assignment,calling,sms,cost,currency,areaCode,locality,division,divisionCode\n";

  @Test
  void aLineIsARange() {
    var ranges =
        NumberFile.csv(
            "# mine\n\n"
                + HEADER
                + "+12065550100,100,us,geographic,any,inbound+outbound,outbound,1.50,USD,206,\"Seattle, \"\"Emerald\"\"\",Washington,WA\n");
    assertEquals(1, ranges.size());
    var range = ranges.getFirst();
    assertEquals("+12065550199", range.number(99));
    assertEquals("Seattle, \"Emerald\"", range.locality());
    assertEquals("US/geographic/any/inbound+outbound/outbound", range.offer().id());
    assertEquals(Optional.empty(), range.offer().assignment());
  }

  @Test
  void onlyTheNumberItsCountryAndItsTypeAreNeeded() {
    var range = NumberFile.csv("first,country,type\n+33199000000,FR,geographic\n").getFirst();
    assertEquals(1, range.count());
    assertEquals("FR/geographic/any/none/none", range.offer().id());
    assertEquals("", range.areaCode());
  }

  @Test
  void itemsReadLikeLines() {
    var item = Map.of("first", "+33199000000", "country", "FR", "type", "geographic");
    assertEquals(
        NumberFile.csv("first,country,type\n+33199000000,FR,geographic\n"),
        NumberFile.items(List.of(item)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12065550100,1,US,geographic,any,none,none,1,USD,,,,|first",
        "+1206555010x,1,US,geographic,any,none,none,1,USD,,,,|first",
        "+1206555010012345,1,US,geographic,any,none,none,1,USD,,,,|first",
        "+12065550100,0,US,geographic,any,none,none,1,USD,,,,|count",
        "+12065550100,many,US,geographic,any,none,none,1,USD,,,,|count",
        "+99999999,100,US,geographic,any,none,none,1,USD,,,,|last digit",
        "+12065550100,1,USA,geographic,any,none,none,1,USD,,,,|country",
        "+12065550100,1,US,satellite,any,none,none,1,USD,,,,|type",
        "+12065550100,1,US,geographic,robot,none,none,1,USD,,,,|assignment",
        "+12065550100,1,US,geographic,any,both,none,1,USD,,,,|calling",
        "+12065550100,1,US,geographic,any,none,some,1,USD,,,,|sms",
        "+12065550100,1,US,geographic,any,none,none,-1,USD,,,,|cost",
        "+12065550100,1,US,geographic,any,none,none,1e999,USD,,,,|cost",
        "+12065550100,1,US,geographic,any,none,none,1,dollars,,,,|currency",
        "+12065550100,1,US,geographic,any,none,none,1,USD,area,,,|areaCode",
        "+12065550100,1,US,geographic,any,none,none,1,USD,,\"Seattle,,|quote",
        "+12065550100,1,US,geographic,any,none,none,1,USD,,,,,,|more values",
      })
  void aBadLineIsNamed(String line, String word) {
    var refusal = assertThrows(Refusal.class, () -> NumberFile.csv(HEADER + line + "\n"));
    assertEquals(400, refusal.status());
    assertTrue(
        refusal.message().startsWith("Line 2 ") && refusal.message().contains(word),
        refusal.message());
  }
}
