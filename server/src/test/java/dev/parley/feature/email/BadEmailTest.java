package dev.parley.feature.email;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.ByteSource;
import dev.parley.base.words.Refusal;
import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeFile;
import dev.parley.protocol.mime.MimeReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not get in by the API: it is refused in the service's words, and leaves nothing. */
class BadEmailTest {
  private static final MimeAddress ANN = new MimeAddress("ann@a.example", "");
  private static final MimeFile FILE = file("a.txt", "text/plain", "");

  @TempDir private Path folder;
  private EmailHouse house;

  @BeforeEach
  void open() {
    house = EmailHouse.open(folder);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static MimeFile file(String name, String mediaType, String contentId) {
    return new MimeFile(name, mediaType, contentId, ByteSource.of(new byte[] {1, 2, 3}));
  }

  private static NewEmail email(
      String sender,
      String subject,
      MimeAddress to,
      MimeAddress replyTo,
      MimeFile file,
      Map<String, String> headers) {
    return new NewEmail(
        Optional.empty(),
        "aaaaaaaaaaaaaaaaaaaa",
        sender,
        List.of(to),
        List.of(),
        List.of(),
        List.of(replyTo),
        subject,
        "text",
        "<p>text</p>",
        List.of(file),
        headers,
        false);
  }

  private static NewEmail email(MimeFile file) {
    return email(EmailHouse.SENDER, "Hello", ANN, ANN, file, Map.of());
  }

  private SendOperation send(NewEmail email) {
    return house.feature.email().send(EmailHouse.CONTOSO, EmailHouse.KEY, email);
  }

  private void isRefused(NewEmail email) {
    assertEquals(400, assertThrows(Refusal.class, () -> send(email)).status());
    assertFalse(house.hasQueued());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\n", "\r", "\u0000", "\u0085", "\u000b", "\r\n\r\n", "\r\n "})
  void nothingBeginsAHeaderOfTheCallersOwn(String lineEnd) {
    var evil = "x" + lineEnd + "Bcc: victim@b.example";
    isRefused(email(EmailHouse.SENDER, evil, ANN, ANN, FILE, Map.of()));
    isRefused(email(EmailHouse.SENDER + lineEnd, "Hello", ANN, ANN, FILE, Map.of()));
    for (var address :
        List.of(
            new MimeAddress("ann@a.example", evil),
            new MimeAddress("ann@a.example" + lineEnd, ""),
            new MimeAddress("ann" + lineEnd + "@a.example", ""))) {
      isRefused(email(EmailHouse.SENDER, "Hello", address, ANN, FILE, Map.of()));
      isRefused(email(EmailHouse.SENDER, "Hello", ANN, address, FILE, Map.of()));
    }
    isRefused(email(EmailHouse.SENDER, "Hello", ANN, ANN, FILE, Map.of("X-A", evil)));
    isRefused(
        email(EmailHouse.SENDER, "Hello", ANN, ANN, FILE, Map.of("X" + lineEnd + "Bcc", "y")));
    isRefused(email(file(evil, "text/plain", "")));
    isRefused(email(file("a", "text/plain" + lineEnd + "; a=b", "")));
    isRefused(email(file("a", "text/plain;" + lineEnd + "Bcc: victim@b.example", "")));
    isRefused(email(file("a", "text/plain; a=" + evil, "")));
    isRefused(email(file("a", "text/plain", evil)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "/",
        "text/",
        "/plain",
        "text/plain;",
        "text/plain; =",
        "text/plain; charset",
        "multipart/mixed",
        "Multipart/Mixed; boundary=x",
        "text/plain; a=\"b",
        "text/pl ain"
      })
  void aMediaTypeThatIsNoneIsRefused(String mediaType) {
    if (mediaType.equals("text/plain;")) {
      // Nothing behind it is no parameter, and no harm.
      send(email(file("a", mediaType, "")));
    } else {
      isRefused(email(file("a", mediaType, "")));
    }
  }

  @Test
  void wordsThatLookLikeHeadersStayWords() throws IOException {
    send(
        email(
            EmailHouse.SENDER,
            "Bcc: victim@b.example",
            new MimeAddress("ann@a.example", "x\" <victim@b.example>, \"y"),
            ANN,
            file("\"; filename=\"evil.exe", "text/plain; a=\"b; c\"", "x"),
            Map.of("X-A", "Bcc: victim@b.example")));
    var head = house.outgoing().split("\r\n\r\n", 2)[0];
    assertFalse(head.contains("\r\nBcc:"), head);
    assertTrue(head.contains("To: \"x\\\" <victim@b.example>, \\\"y\" <ann@a.example>"), head);
  }

  @Test
  void recipientsCountTogether() {
    var some = new ArrayList<MimeAddress>();
    for (var i = 0; i < 17; i++) {
      some.add(new MimeAddress("r" + i + "@a.example", ""));
    }
    var email =
        new NewEmail(
            Optional.empty(),
            "aaaaaaaaaaaaaaaaaaaa",
            EmailHouse.SENDER,
            some,
            some,
            some,
            List.of(),
            "s",
            "t",
            "",
            List.of(),
            Map.of(),
            false);
    var refusal = assertThrows(Refusal.class, () -> send(email));
    assertEquals("EmailRecipientLimitExceeded", refusal.code());
    assertFalse(house.hasQueued());
  }

  private static NewEmail large(String hash, String subject) {
    return new NewEmail(
        Optional.of("f9168c5e-ceb2-4faa-b6bf-329bf39fa1e4"),
        hash,
        EmailHouse.SENDER,
        List.of(ANN),
        List.of(),
        List.of(),
        List.of(),
        subject,
        "t",
        "",
        List.of(new MimeFile("a", "text/plain", "", ByteSource.of(new byte[200_000]))),
        Map.of(),
        false);
  }

  private long files() throws IOException {
    var blobs = folder.resolve("blobs");
    if (!Files.exists(blobs)) {
      return 0;
    }
    try (var files = Files.walk(blobs)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  /** At the same moment, one of two messages under one id is sent, and the other leaves nothing. */
  @Test
  void ofTwoMessagesUnderOneIdOneIsSent() throws Exception {
    var accepted = new AtomicInteger();
    var refused = new AtomicInteger();
    var go = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < 8; i++) {
      var hash = (i % 2 == 0 ? "a" : "b").repeat(20);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  go.await();
                  send(large(hash, hash));
                  accepted.incrementAndGet();
                } catch (Refusal refusal) {
                  assertEquals(400, refusal.status());
                  refused.incrementAndGet();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    go.countDown();
    for (var thread : threads) {
      thread.join();
    }
    assertEquals(4, accepted.get());
    assertEquals(4, refused.get());
    assertEquals(1, files());
    var mail = MimeReader.read(house.outgoing().getBytes(StandardCharsets.UTF_8));
    assertEquals(200_000, mail.attachments().getFirst().bytes().length);
  }

  @Test
  void aLargeMessageThatNobodyIsToGetLeavesNothing() throws Exception {
    house.send("ann@a.example");
    var place = house.feature.outbox().placeAfter(Outbox.Place.FIRST).orElseThrow();
    var due = house.feature.outbox().due(place, 10).getFirst();
    var item = house.feature.outbox().claim(due, Duration.ofMinutes(1)).orElseThrow();
    house
        .feature
        .outbox()
        .finish(item, new DeliveryOutcome.Ended(RecipientState.BOUNCED, "mx", "550 5.1.1 nobody"));
    assertTrue(house.bus.caughtUp(SuppressionHearer.HEARER));
    assertEquals(SendStatus.FAILED, send(large("c".repeat(20), "s")).status());
    assertEquals(0, files());
  }
}
