package dev.parley.feature.email;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.kit.ByteSource;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.words.Refusal;
import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeFile;
import dev.parley.protocol.mime.MimeMail;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the email room promises through its front doors, on every store. */
abstract class EmailContract {
  private static final Duration CLAIM = Duration.ofMinutes(1);

  @TempDir private Path blobFolder;
  private EmailHouse house;
  private Store store;
  private LocalBus bus;
  private FileBlobs blobs;
  private EmailFeature feature;
  private Outbox outbox;

  /** An empty store with the schema of the room. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    store = open(EmailFeature.migrations());
    house = new EmailHouse(store, blobFolder);
    bus = house.bus;
    blobs = house.blobs;
    feature = house.feature;
    outbox = feature.outbox();
  }

  @AfterEach
  void close() {
    house.close();
  }

  private SendOperation send(String... to) {
    return house.accept(to);
  }

  private SendStatus status(SendOperation operation) {
    return feature.email().operation(EmailHouse.KEY, operation.key().id()).status();
  }

  private List<Outbox.Due> due() {
    var all = new ArrayList<Outbox.Due>();
    var place = outbox.placeAfter(Outbox.Place.FIRST);
    while (place.isPresent()) {
      all.addAll(outbox.due(place.get(), 100));
      place = outbox.placeAfter(place.get());
    }
    return all;
  }

  private OutboxItem claimed() {
    return outbox.claim(due().getFirst(), CLAIM).orElseThrow();
  }

  private void finish(OutboxItem item, RecipientState state, String reply) {
    outbox.finish(item, new DeliveryOutcome.Ended(state, "mx.example", reply));
  }

  private static MimeMail read(OutboxItem item) throws IOException {
    return MimeReader.read(item.content().whole());
  }

  private List<EmailEvent> events() {
    return house.events();
  }

  private JournalRow row(Class<? extends EmailEvent> type) {
    for (Shard shard : store.heads().keySet()) {
      for (var row : store.journal(shard, 0, 1000)) {
        if (type.isInstance(row.event())) {
          return row;
        }
      }
    }
    throw new AssertionError("no " + type);
  }

  @Test
  void aMessageIsOutWhenItsFirstAttemptWasMade() throws Exception {
    var operation = send("ann@a.example");
    assertEquals(SendStatus.RUNNING, status(operation));
    var item = claimed();
    assertEquals("ann@a.example", item.recipient());
    assertEquals("Hello", read(item).subject());
    finish(item, RecipientState.DELIVERED, "250 ok");
    assertEquals(SendStatus.SUCCEEDED, status(operation));
    assertEquals(List.of(), due());
    var report = (EmailEvent.DeliveryReported) events().getLast();
    assertEquals("Delivered", report.status());
    var detail = feature.details().of(row(EmailEvent.DeliveryReported.class)).orElseThrow();
    assertTrue(detail.toString().contains("250 ok"), detail.toString());
  }

  @Test
  void anOperationIdIsOneOperation() {
    var id = Optional.of("F9168C5E-CEB2-4FAA-B6BF-329BF39FA1E4");
    var first =
        feature
            .email()
            .send(
                EmailHouse.CONTOSO,
                EmailHouse.KEY,
                EmailHouse.email(id, "aaaaaaaaaaaaaaaaaaaa", "a@a.example"));
    var again =
        feature
            .email()
            .send(
                EmailHouse.CONTOSO,
                EmailHouse.KEY,
                EmailHouse.email(id, "aaaaaaaaaaaaaaaaaaaa", "a@a.example"));
    assertEquals(first.key(), again.key());
    assertEquals(1, due().size());
    var other = EmailHouse.email(id, "bbbbbbbbbbbbbbbbbbbb", "a@a.example");
    var refusal =
        assertThrows(
            Refusal.class, () -> feature.email().send(EmailHouse.CONTOSO, EmailHouse.KEY, other));
    assertEquals(400, refusal.status());
  }

  @Test
  void nobodyClaimsWhatIsClaimedUntilTheClaimEnds() {
    send("ann@a.example");
    var due = due().getFirst();
    assertTrue(outbox.claim(due, CLAIM).isPresent());
    assertTrue(outbox.claim(due, CLAIM).isEmpty());
    assertEquals(List.of(), due());
    house.now = house.now.plus(CLAIM).plusSeconds(1);
    assertEquals(1, claimed().attempts());
  }

  @Test
  void whatAProcessTookAlongWhenItDiedIsOutWithTheNextAttempt() {
    var operation = send("ann@a.example", "ben@a.example");
    var lost = claimed();
    finish(claimed(), RecipientState.DELIVERED, "250 ok");
    house.now = house.now.plus(CLAIM).plusSeconds(1);
    var again = claimed();
    assertEquals(lost.recipient(), again.recipient());
    assertEquals(SendStatus.RUNNING, status(operation));
    outbox.finish(
        again, new DeliveryOutcome.Later(house.now.plusSeconds(60), "mx.example", "451 later"));
    assertEquals(SendStatus.SUCCEEDED, status(operation));
    // The process was not dead, but slow.
    outbox.finish(
        lost, new DeliveryOutcome.Later(house.now.plusSeconds(60), "mx.example", "451 later"));
    assertEquals(SendStatus.SUCCEEDED, status(operation));
  }

  @Test
  void aPostponedAttemptIsDueLater() {
    var operation = send("ann@a.example");
    var item = claimed();
    outbox.finish(
        item, new DeliveryOutcome.Later(house.now.plusSeconds(60), "mx.example", "451 later"));
    assertEquals(SendStatus.SUCCEEDED, status(operation));
    assertEquals(List.of(), due());
    house.now = house.now.plusSeconds(61);
    finish(claimed(), RecipientState.DELIVERED, "250 ok");
    assertEquals(List.of(), due());
  }

  @Test
  void whoBouncedIsSuppressedInAnyCase() {
    send("Ann@A.example");
    finish(claimed(), RecipientState.BOUNCED, "550 5.1.1 nobody");
    assertTrue(bus.caughtUp(SuppressionHearer.HEARER));
    var operation = send("ANN@a.EXAMPLE");
    assertEquals(SendStatus.FAILED, operation.status());
    assertEquals("EmailDroppedAllRecipientsSuppressed", operation.error().orElseThrow().code());
    assertEquals(SendStatus.RUNNING, send("ann@a.example", "ben@a.example").status());
    assertEquals("ben@a.example", claimed().recipient());
  }

  @Test
  void aLateBounceRevisesADelivery() {
    send("ann@a.example");
    var item = claimed();
    finish(item, RecipientState.DELIVERED, "250 ok");
    outbox.reported(item.key(), 0, RecipientState.BOUNCED, "550 5.1.1 gone");
    outbox.reported(item.key(), 0, RecipientState.BOUNCED, "550 5.1.1 gone");
    var reports =
        events().stream().filter(event -> event instanceof EmailEvent.DeliveryReported).toList();
    assertEquals(2, reports.size());
    assertTrue(bus.caughtUp(SuppressionHearer.HEARER));
    assertEquals(SendStatus.FAILED, send("ann@a.example").status());
  }

  @Test
  void aLargeMessageIsABlobUntilItIsDelivered() throws Exception {
    var file = new MimeFile("a", "text/plain", "", ByteSource.of(new byte[200_000]));
    var large =
        new NewEmail(
            Optional.empty(),
            "cccccccccccccccccccc",
            EmailHouse.SENDER,
            List.of(new MimeAddress("ann@a.example", "")),
            List.of(),
            List.of(),
            List.of(),
            "s",
            "t",
            "",
            List.of(file),
            Map.of(),
            false);
    feature.email().send(EmailHouse.CONTOSO, EmailHouse.KEY, large);
    var item = claimed();
    assertEquals(200_000, read(item).attachments().getFirst().bytes().length);
    finish(item, RecipientState.DELIVERED, "250 ok");
    try (var files = Files.walk(blobFolder.resolve("blobs"))) {
      assertEquals(0, files.filter(Files::isRegularFile).count());
    }
  }

  @Test
  void strangersToTheResourceAreRefusedAsSenders() {
    var domain = new MimeAddress("a@a.example", "");
    var wrong =
        new NewEmail(
            Optional.empty(),
            "dddddddddddddddddddd",
            "a@elsewhere.example",
            List.of(domain),
            List.of(),
            List.of(),
            List.of(),
            "s",
            "t",
            "",
            List.of(),
            Map.of(),
            false);
    var refusal =
        assertThrows(
            Refusal.class, () -> feature.email().send(EmailHouse.CONTOSO, EmailHouse.KEY, wrong));
    assertEquals("DomainNotLinked", refusal.code());
  }

  @Test
  void tokensAreGoodForOneUseAndCannotBeMadeUp() {
    var operation = send("ann@a.example");
    var tokens = feature.tokens();
    var token = tokens.token(Outgoing.BOUNCED, operation.key(), 7);
    assertTrue(token.matches(EmailTokens.FORM), token);
    var named = tokens.named(Outgoing.BOUNCED, token.toUpperCase(java.util.Locale.ROOT));
    assertEquals(new EmailTokens.Named(operation.key(), 7), named.orElseThrow());
    assertTrue(tokens.named(Outgoing.OPENED, token).isEmpty());
    var forged = (token.charAt(0) == 'a' ? "b" : "a") + token.substring(1);
    assertTrue(tokens.named(Outgoing.BOUNCED, forged).isEmpty());
    assertTrue(tokens.named(Outgoing.BOUNCED, "x").isEmpty());
  }

  @Test
  void whatLeavesIsSignedAndSaysHowToLeave() throws Exception {
    send("ann@a.example");
    var item = claimed();
    var text = new String(feature.outgoing().message(item).whole(), StandardCharsets.UTF_8);
    assertTrue(text.startsWith("DKIM-Signature: v=1; a=rsa-sha256;"), text);
    assertTrue(text.contains("a=ed25519-sha256"));
    var link = text.substring(text.indexOf("/parley/unsubscribe/") + 20);
    var engagement = new Engagement(_ -> store, feature.tokens(), outbox, _ -> house.now);
    assertFalse(engagement.mayLeave("a".repeat(61)));
    engagement.left(link.substring(0, 61));
    finish(item, RecipientState.DELIVERED, "250 ok");
    assertTrue(bus.caughtUp(SuppressionHearer.HEARER));
    assertEquals(SendStatus.FAILED, send("ann@a.example").status());
  }

  @Test
  void clicksAreFollowedOnlyWhereTheLinkWasOurs() {
    var operation = send("ann@a.example");
    var engagement = new Engagement(_ -> store, feature.tokens(), outbox, _ -> house.now);
    var token = feature.tokens().token(Outgoing.CLICKED, operation.key(), 0);
    var proof = feature.tokens().proof(token, "https://a.example/?x=1&y=2");
    assertFalse(engagement.clicked(token, "https://evil.example/", proof, "agent"));
    assertTrue(engagement.clicked(token, "https://a.example/?x=1&y=2", proof, "agent"));
    engagement.opened(feature.tokens().token(Outgoing.OPENED, operation.key(), 0), "agent");
    var engaged = events().stream().filter(event -> event instanceof EmailEvent.Engaged).toList();
    assertEquals(2, engaged.size());
    assertTrue(
        feature
            .details()
            .of(row(EmailEvent.Engaged.class))
            .orElseThrow()
            .toString()
            .contains("y=2"));
  }

  @Test
  void htmlKeepsItsFormWhenItsLinksAreFollowed() {
    var html =
        "<body><a class=x href=\"https://a.example/?a=1&amp;b=2\">x</a><A"
            + " HREF='http://b.example'>y</A></body>";
    var links = new ArrayList<String>();
    var followed =
        HtmlLinks.followed(
            html,
            link -> {
              links.add(link);
              return "https://t.example/?u=" + HtmlLinks.encoded(link) + "&s=1";
            },
            "https://t.example/o.gif");
    assertEquals(List.of("https://a.example/?a=1&b=2", "http://b.example"), links);
    assertTrue(followed.contains("class=x href=\"https://t.example/?u="), followed);
    assertTrue(followed.endsWith("style=\"border:0\"></body>"), followed);
  }

  @Test
  void whatIsDoneWithIsForgotten() {
    var done = send("ann@a.example");
    finish(claimed(), RecipientState.DELIVERED, "250 ok");
    var open = send("ben@a.example");
    house.now = house.now.plus(Duration.ofHours(25));
    new EmailErasure(_ -> store, blobs, _ -> house.now).forgetOld(Duration.ofHours(24));
    assertThrows(Refusal.class, () -> status(done));
    assertEquals(SendStatus.RUNNING, status(open));
    feature.eraseAll(EmailHouse.CONTOSO.id());
    assertThrows(Refusal.class, () -> status(open));
    assertEquals(Optional.empty(), outbox.placeAfter(Outbox.Place.FIRST));
  }

  @Test
  void addressesAreWhatTheStandardsSay() {
    for (var good :
        List.of("a@b.example", "a.b+c@b-c.example", "用户@例子.example", "o'neil@x.example")) {
      assertTrue(Addresses.isAddress(good), good);
    }
    for (var bad :
        List.of(
            "",
            "a",
            "@b.example",
            "a@",
            "a@b",
            "a b@c.example",
            ".a@b.example",
            "a..b@c.example",
            "a@b.example\r\nBcc: x@y.example",
            "a@[127.0.0.1]",
            "\"a\"@b.example",
            "a@b_c.example",
            "x".repeat(65) + "@b.example",
            "a@-b.example",
            "a\ufffd@b.example",
            "a@b.example\u0000")) {
      assertFalse(Addresses.isAddress(bad), bad);
    }
    assertEquals("ann@xn--fsqu00a.example", Addresses.folded("ANN@例子.EXAMPLE"));
  }

  private List<String> suppressed(String address) {
    var domains = feature.domains().linked(EmailHouse.CONTOSO.id());
    return feature
        .suppressions()
        .list(domains, address, Suppression.Place.START, 100)
        .items()
        .stream()
        .map(one -> one.address() + " " + one.reason())
        .toList();
  }

  @Test
  void whoIsSuppressedIsShownWithTheReasonAndCanBeTakenOff() {
    send("Ann@A.example", "ben@a.example");
    finish(claimed(), RecipientState.BOUNCED, "550 5.1.1 nobody");
    outbox.unwanted(claimed().key(), 1, "complaint");
    assertTrue(bus.caughtUp(SuppressionHearer.HEARER));
    assertEquals(List.of("ann@a.example bounce", "ben@a.example complaint"), suppressed(""));
    assertEquals(List.of("ann@a.example bounce"), suppressed("ANN@a.example"));
    var domains = feature.domains().linked(EmailHouse.CONTOSO.id());
    assertTrue(feature.suppressions().remove(domains, "ANN@A.example"));
    assertFalse(feature.suppressions().remove(domains, "ann@a.example"));
    assertEquals(SendStatus.RUNNING, send("ann@a.example").status());
    assertEquals(SendStatus.FAILED, send("ben@a.example").status());
  }

  @Test
  void suppressedAddressesComeInPages() {
    var domains = new ArrayList<SenderDomain>();
    for (var name : List.of("b", "a")) {
      var domain = new SenderDomain(EmailHouse.CONTOSO.id(), name, name + ".mail.localhost", false);
      domains.add(domain);
      for (var i = 0; i < 5; i++) {
        feature.suppressions().suppress(domain, "u/%" + i + "@x.example", "bounce");
      }
    }
    var seen = new ArrayList<String>();
    var after = Optional.of(Suppression.Place.START);
    while (after.isPresent()) {
      var page = feature.suppressions().list(domains, "", after.get(), 3);
      page.items().forEach(one -> seen.add(one.domain() + " " + one.address()));
      after = page.next().flatMap(Suppression.Place::parse);
    }
    assertEquals(10, seen.size());
    assertEquals(seen.stream().sorted().distinct().toList(), seen);
  }
}
