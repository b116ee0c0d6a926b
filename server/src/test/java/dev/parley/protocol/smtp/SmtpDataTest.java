package dev.parley.protocol.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpDataTest {
  private static SmtpData read(String text, int max) throws IOException {
    var data = new SmtpData(max, max, 0);
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(data.readFrom(in::read));
    return data;
  }

  @Test
  void dotsAreTakenAway() throws IOException {
    var data = read("a: b\r\n\r\n..\r\n.x\r\n.\r\n", 100);
    assertEquals(
        "a: b\r\n\r\n.\r\nx\r\n", new String(data.takeMessage(), StandardCharsets.US_ASCII));
    assertFalse(data.isBroken());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n.\nMAIL FROM:<evil@x>\r\n.\r\n",
        "a\r\n.\nMAIL FROM:<evil@x>\r\n.\r\n",
        "a\n.\r\nMAIL FROM:<evil@x>\r\n.\r\n",
        "a\r.\rMAIL FROM:<evil@x>\r\n.\r\n",
        "a\r\n.\r\rMAIL FROM:<evil@x>\r\n.\r\n"
      })
  void onlyCrLfDotCrLfEndsAMessage(String smuggled) throws IOException {
    var data = read(smuggled, 1000);
    assertTrue(data.isBroken());
    assertTrue(new String(data.takeMessage(), StandardCharsets.US_ASCII).contains("MAIL FROM"));
  }

  @Test
  void whatIsTooLargeIsDropped() throws IOException {
    var data = read("x".repeat(1000) + "\r\n.\r\n", 100);
    assertTrue(data.isTooLarge());
    assertEquals(100, data.takeMessage().length);
  }

  @Test
  void whatNobodyLooksAtIsNotKept() throws IOException {
    for (var announced : new long[] {0, 50, 1000}) {
      var data = new SmtpData(1000, 10, announced);
      var in =
          new ByteArrayInputStream(
              ("x".repeat(48) + "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
      assertTrue(data.readFrom(in::read));
      assertFalse(data.isTooLarge());
      assertEquals(10, data.takeMessage().length);
    }
  }

  @Test
  void aMessageWithoutAnEndIsNone() throws IOException {
    var in = new ByteArrayInputStream("abc\r\n".getBytes(StandardCharsets.US_ASCII));
    assertFalse(new SmtpData(100, 100, 0).readFrom(in::read));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "a\r\n", ".\r\n", "..", "a\r\n.\r\nb", ".a\r\n..b\r\n.", "\r\n\r\n"})
  void dotsThatWereAddedComeOffAgain(String text) throws IOException {
    var data = read(sent(text, 1000), 1000);
    var got = new String(data.takeMessage(), StandardCharsets.US_ASCII);
    assertEquals(
        text.isEmpty() || text.endsWith("\r\n") ? text : text + "\r\n",
        text.isEmpty() ? got.strip() : got);
    assertFalse(data.isBroken());
  }

  @Test
  void bareLineEndsBecomeWhole() throws IOException {
    assertEquals("a\r\nb\r\nc\r\n.\r\n", sent("a\nb\rc", 100));
    assertEquals("a\r\n..\r\n.\r\n", sent("a\n.\r", 100));
  }

  @Test
  void piecesDoNotMatter() throws IOException {
    var text = ".a\r\n..b\r.c\n.\r\r\n\r.\n\n.\r";
    var whole = sent(text, 100);
    for (var piece = 1; piece < text.length(); piece++) {
      assertEquals(whole, sent(text, piece));
    }
  }

  private static String sent(String text, int piece) throws IOException {
    var sent = new ByteArrayOutputStream();
    var dots = new SmtpDots(sent::write);
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    for (var at = 0; at < bytes.length; at += piece) {
      dots.write(bytes, at, Math.min(piece, bytes.length - at));
    }
    dots.end();
    return sent.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void aSizeThatIsALieDoesNotMatter() throws IOException {
    for (var announced : new long[] {0, 1, 50, 51, 52, 1000}) {
      var data = new SmtpData(1000, 1000, announced);
      var in =
          new ByteArrayInputStream(
              ("x".repeat(48) + "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
      assertTrue(data.readFrom(in::read));
      assertEquals(50, data.takeMessage().length);
    }
  }

  @Test
  void pathsAreTakenApart() {
    var path =
        SmtpCommand.parse("MAIL FROM:<Ann@x.example> SIZE=12 BODY=8BITMIME").path().orElseThrow();
    assertEquals("Ann@x.example", path.address());
    assertEquals("12", path.parameters().get("SIZE"));
    assertEquals("", SmtpCommand.parse("mail from:<>").path().orElseThrow().address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAIL FROM:",
        "MAIL TO:<a@b>",
        "RCPT TO:<a@b",
        "RCPT TO:a@b",
        "MAIL FROM:<a b>",
        "MAIL FROM:<a> SIZE=1 SIZE=2"
      })
  void brokenPathsAreNone(String line) {
    assertTrue(SmtpCommand.parse(line).path().isEmpty());
  }

  @Test
  void repliesArePutTogether() {
    var reader = new SmtpReplyReader();
    assertTrue(reader.add("250-one").isEmpty());
    var reply = reader.add("250 2.1.0 two").orElseThrow();
    assertTrue(reply.isDone());
    assertEquals("250 one 2.1.0 two", reply.text());
  }
}
