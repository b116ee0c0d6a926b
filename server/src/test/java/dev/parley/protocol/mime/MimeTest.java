package dev.parley.protocol.mime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MimeTest {
  private static final MimeAddress ANN = new MimeAddress("ann@x.example", "Ann Ångström, PhD");

  private static byte[] written(String plain, String html, List<MimeFile> files)
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

  private static MimeFile file(String name, String mediaType, String contentId, byte[] bytes) {
    return new MimeFile(name, mediaType, contentId, ByteSource.of(bytes));
  }

  private static List<MimeFile> files() {
    return List.of(
        file("ä.txt", "text/plain", "", "file".getBytes(StandardCharsets.US_ASCII)),
        file("l.png", "image/png", "logo", new byte[] {1, 2, 3}));
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

  /** What a mail program forwards is a message, which base64 may not hold. */
  @Test
  void aMessageAsAFileArrivesAsItWas() throws IOException {
    var forwarded = "Subject: x\n\n--\nbare line ends\r".getBytes(StandardCharsets.US_ASCII);
    var raw = written("p", "", List.of(file("x.eml", "message/rfc822", "", forwarded)));
    assertArrayEquals(forwarded, MimeReader.read(raw).attachments().getFirst().bytes());
    assertFalse(new String(raw, StandardCharsets.UTF_8).replace("\r\n", "").contains("\n"));
  }

  @Test
  void mediaTypesAreWhatTheStandardSays() {
    for (var good : List.of("text/plain", "text/plain; charset=\"a b\"", "application/x.y+z")) {
      assertTrue(MimeWriter.isMediaType(good), good);
    }
    for (var bad :
        List.of(
            "",
            "text",
            "text/",
            "text/plain; =",
            "text/plain; x",
            "multipart/mixed",
            "MULTIPART/x")) {
      assertFalse(MimeWriter.isMediaType(bad), bad);
    }
  }

  @Test
  void everybodyWhoIsShownAsSenderIsRead() {
    var read =
        MimeReader.readHeader(
            "From: A <a@x.example>, b@x.example\r\nFrom: c@x.example\r\nSender: d@x.example\r\n\r\nFrom: e@x.example"
                .getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        List.of("a@x.example", "b@x.example", "c@x.example", "d@x.example"),
        read.shownAsSenders().stream().map(MimeAddress::address).toList());
    assertEquals("A", read.from().name());
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
