package dev.parley.protocol.mime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MimeTest {
  private static final MimeAddress ANN = new MimeAddress("ann@x.example", "Ann Ångström, PhD");

  private static byte[] written(String plain, String html, List<MimeAttachment> files)
      throws IOException {
    var out = new ByteArrayOutputStream();
    MimeWriter.write(
        new MimeDraft(
            "id@x.example",
            Instant.EPOCH,
            ANN,
            List.of(new MimeAddress("用户@例子.example", "")),
            List.of(),
            List.of(),
            "Grüße \ud83d\udc4b ".repeat(20).strip(),
            plain,
            html,
            files,
            Map.of("X-Long", "word ".repeat(100).strip())),
        out);
    return out.toByteArray();
  }

  private static List<MimeAttachment> files() {
    return List.of(
        new MimeAttachment("ä.txt", "text/plain", "", "file".getBytes(StandardCharsets.US_ASCII)),
        new MimeAttachment("l.png", "image/png", "logo", new byte[] {1, 2, 3}));
  }

  @Test
  void whatWasWrittenIsReadAgain() throws IOException {
    var read = MimeReader.read(written("plain\r\n.\r\ntext é", "<p>é</p>", files()));
    assertEquals(ANN, read.from());
    assertEquals("用户@例子.example", read.to().getFirst().address());
    assertEquals("Grüße \ud83d\udc4b ".repeat(20).strip(), read.subject());
    assertEquals("plain\r\n.\r\ntext é", read.plainText());
    assertEquals("<p>é</p>", read.html());
    assertEquals(2, read.attachments().size());
    assertEquals("<id@x.example>", read.header("message-id").orElseThrow());
  }

  @Test
  void linesAreShortAndEndWithCrLf() throws IOException {
    var raw = written("a\nb\rc\r\n" + "x".repeat(5000), "", files());
    var text = new String(raw, StandardCharsets.UTF_8);
    assertFalse(text.replace("\r\n", "").contains("\n"));
    for (var line : text.split("\r\n", -1)) {
      assertTrue(line.length() <= 998, line);
    }
  }

  @Test
  void partsAreNestedAsReadersExpect() throws IOException {
    var text = new String(written("p", "<p>h</p>", files()), StandardCharsets.UTF_8);
    var mixed = text.indexOf("multipart/mixed");
    var related = text.indexOf("multipart/related");
    var alternative = text.indexOf("multipart/alternative");
    assertTrue(mixed >= 0 && mixed < related && related < alternative, text);
    assertFalse(
        new String(written("p", "", List.of()), StandardCharsets.UTF_8).contains("multipart/"));
  }

  @Test
  void htmlIsChangedAndNothingElse() throws IOException {
    var raw = written("plain", "<p>old</p>", files());
    var changed = MimeReader.read(MimeHtml.rewritten(raw, html -> html.replace("old", "nëw")));
    assertEquals("<p>nëw</p>", changed.html());
    assertEquals("plain", changed.plainText());
    assertEquals("<id@x.example>", changed.header("Message-ID").orElseThrow());
    assertEquals(2, changed.attachments().size());
  }

  @Test
  void brokenMailIsShownAsWellAsItCan() {
    var read =
        MimeReader.read(
            "Content-Type: text/plain; charset=no-such\r\nContent-Transfer-Encoding: base64\r\n\r\n***"
                .getBytes(StandardCharsets.US_ASCII));
    assertTrue(read.attachments().isEmpty());
    assertEquals("", MimeReader.read(new byte[0]).subject());
  }
}
