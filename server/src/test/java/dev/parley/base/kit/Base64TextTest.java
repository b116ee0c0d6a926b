package dev.parley.base.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64TextTest {
  record File(String name, Base64Text content) {}

  record Document(List<File> files, String end) {}

  private static byte[] read(String text) throws IOException {
    var json =
        "{\"files\":[{\"content\" : \"%s\",\"name\":\"ä\"},{\"name\":\"b\",\"content\":null}],\"end\":\"x\"}"
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8);
    var document = Json.parse(json, Document.class);
    assertEquals("x", document.end());
    assertEquals(null, document.files().getLast().content());
    var source = document.files().getFirst().content().in(json);
    var whole = source.whole();
    assertEquals(whole.length, source.size());
    assertArrayEquals(whole, source.whole());
    return whole;
  }

  @Test
  void everyLengthIsRead() throws IOException {
    var random = new Random(1);
    for (var length : new int[] {0, 1, 2, 3, 4, 100, 12_287, 12_288, 12_289, 100_000}) {
      var bytes = new byte[length];
      random.nextBytes(bytes);
      assertArrayEquals(bytes, read(Base64.getEncoder().encodeToString(bytes)));
    }
  }

  /** What others' encoders write, and parts that were put one behind the other. */
  @Test
  void escapesBlanksAndInnerEndsAreRead() throws IOException {
    assertEquals("??>", new String(read("Pz8+"), StandardCharsets.US_ASCII));
    assertArrayEquals(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff}, read("\\/\\/\\/\\u002f"));
    assertEquals("abcabc", new String(read("YWJj\\nYWJj"), StandardCharsets.US_ASCII));
    assertEquals("abcabc", new String(read("YWJj    YWJj"), StandardCharsets.US_ASCII));
    assertEquals("abcd", new String(read(" YWJjZA==   "), StandardCharsets.US_ASCII));
    assertEquals("aa", new String(read("YQ==YQ=="), StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"***", "YWJ", "Y", "YQ=", "YQ===", "YW-_", "=", "YWJjZ", "ä"})
  void whatIsNoBase64IsRefused(String text) {
    assertThrows(IOException.class, () -> read(text), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "[]", "{}", "[1,2]"})
  void otherKindsAreRefused(String value) {
    var json = "{\"name\":\"a\",\"content\":%s}".formatted(value);
    assertThrows(
        IOException.class,
        () -> Json.parse(json.getBytes(StandardCharsets.UTF_8), File.class),
        value);
  }

  @Test
  void anotherEncodingIsRefused() {
    var json = "{\"name\":\"a\",\"content\":\"YWJj\"}";
    assertThrows(
        IOException.class, () -> Json.parse(json.getBytes(StandardCharsets.UTF_16LE), File.class));
  }
}
