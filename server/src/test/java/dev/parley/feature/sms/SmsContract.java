package dev.parley.feature.sms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.event.SmsEvent;
import dev.parley.base.kit.Settings;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Migration;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.KeySlot;
import dev.parley.base.words.Origin;
import dev.parley.base.words.Refusal;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.sms.carrier.CarrierConfig;
import dev.parley.feature.sms.carrier.DeliveryCode;
import dev.parley.feature.sms.carrier.InboundSegment;
import dev.parley.feature.sms.carrier.Outcome;
import dev.parley.feature.sms.carrier.Submission;
import dev.parley.protocol.sms.Concatenation;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the SMS room promises through its front doors, on every store. */
abstract class SmsContract {
  private static final String NUMBER = "+18005550100";
  private static final String SECOND = "+18005550101";
  private static final String FOREIGN = "+18005550199";
  private static final String HANDSET = "+14255550123";
  private static final String ABROAD = "+4915100000001";
  private static final ResourceId CONTOSO = new ResourceId(UUID.randomUUID().toString());
  private static final ResourceId FABRIKAM = new ResourceId(UUID.randomUUID().toString());
  private static final Caller KEY =
      new Caller.KeyHolder(CONTOSO, KeySlot.PRIMARY, new Origin("key:PRIMARY", "PRIMARY", "r"));
  private static final Caller OTHER_KEY =
      new Caller.KeyHolder(FABRIKAM, KeySlot.PRIMARY, new Origin("key:PRIMARY", "PRIMARY", "r"));

  private final SecureRandom random = new SecureRandom();
  private final Map<String, String> settings = new HashMap<>();
  private volatile Duration moved = Duration.ZERO;
  private Store store;
  private DueJobRows dueJobs;
  private SmsFeature feature;
  private TestCarrier cheap;
  private TestCarrier dear;

  /** A store with the schema of the room: empty at first, then the same again. */
  abstract Store open(List<Migration> migrations);

  @BeforeEach
  void open() {
    settings.put("sms.pools.support", NUMBER + "," + SECOND);
    settings.put("sms.alphanumeric-senders", "Contoso");
    settings.put("sms.claim-lease", "1s");
    store = open(SmsFeature.migrations());
    begin();
  }

  @AfterEach
  void close() {
    end();
    store.close();
  }

  private Instant now() {
    return Instant.now().plus(moved);
  }

  private void begin() {
    cheap = new TestCarrier("cheap");
    dear = new TestCarrier("dear");
    dueJobs = new DueJobRows(store, _ -> now());
    feature =
        new SmsFeature(
            SmsConfig.of(new Settings(settings), true),
            _ -> store,
            new OwnedNumbers(),
            _ -> Optional.of(CONTOSO),
            dueJobs,
            _ -> now(),
            random,
            List.of(
                new SmsFeature.Reaching(
                    dear, new CarrierConfig.Reach(Map.of("+4", 2.0), List.of())),
                new SmsFeature.Reaching(
                    cheap, new CarrierConfig.Reach(Map.of("+49", 1.0), List.of()))));
    feature.start();
    dueJobs.start();
  }

  private void end() {
    dueJobs.close();
    feature.close();
  }

  private void restart() {
    end();
    begin();
  }

  private static final class OwnedNumbers implements SenderDirectory {
    @Override
    public Optional<Rights> rights(ResourceId resource, String number) {
      return owner(number).filter(resource::equals).map(_ -> new Rights(true, true));
    }

    @Override
    public Optional<ResourceId> owner(String number) {
      return Set.of(NUMBER, SECOND, "12345").contains(number)
          ? Optional.of(CONTOSO)
          : number.equals(FOREIGN) ? Optional.of(FABRIKAM) : Optional.empty();
    }
  }

  // Sending.

  @Test
  void aMessageReachesTheHandsetAndItsEndIsReported() {
    var id = send(NUMBER, HANDSET, "Your code is 482913");
    assertTrue(id.matches("Outgoing_\\d{14}[0-9a-f-]{36}"), id);
    var got = inbox(HANDSET).getFirst();
    assertEquals("Your code is 482913", got.body());
    assertEquals(NUMBER, got.from());
    var report = eventually(() -> feature.sms().report(KEY, id));
    assertEquals(DeliveryCode.DELIVERED, report.code());
    assertEquals(1, report.segmentsSucceeded());
    assertEquals("a tag", report.tag());
    assertEquals(List.of(new SmsEvent.DeliveryReportReceived(NUMBER, id, true)), events());
    assertEquals(Optional.empty(), feature.sms().report(OTHER_KEY, id));
  }

  @Test
  void everyRecipientGetsItsOwnAnswer() {
    var results =
        feature
            .sms()
            .send(
                KEY,
                wish(
                    NUMBER,
                    "hello",
                    new NewSms.Recipient(HANDSET, null, null),
                    new NewSms.Recipient("14255550124", null, null),
                    new NewSms.Recipient("+1425555012", null, null),
                    new NewSms.Recipient("+" + "1".repeat(16), null, null),
                    new NewSms.Recipient("", null, null),
                    new NewSms.Recipient(HANDSET, null, null),
                    new NewSms.Recipient("+14255550125", UUID.randomUUID().toString(), null),
                    new NewSms.Recipient("+14255550126", "no uuid", date()),
                    new NewSms.Recipient(
                        "+14255550127", UUID.randomUUID().toString(), "yesterday")));
    assertEquals(
        List.of(202, 400, 202, 400, 400, 202, 400, 400, 400),
        results.stream().map(SendResult::status).toList());
    assertEquals(Optional.of(SmsProblems.BAD_TO), results.get(1).error());
    assertEquals(results.get(0).messageId(), results.get(5).messageId());
    assertEquals(Optional.of(SmsProblems.BAD_FIRST_SENT), results.get(6).error());
    assertEquals(Optional.of("rejected"), results.get(6).repeatability());
    assertEquals(1, inbox(HANDSET).size());
  }

  @Test
  void aRepeatedRequestSendsNothingAgain() {
    var recipient = new NewSms.Recipient(HANDSET, UUID.randomUUID().toString(), date());
    var first = feature.sms().send(KEY, wish(NUMBER, "once", recipient)).getFirst();
    assertEquals(Optional.of("accepted"), first.repeatability());
    inbox(HANDSET);
    restart();
    var second = feature.sms().send(KEY, wish(NUMBER, "once", recipient)).getFirst();
    assertEquals(first, second);
    var other = feature.sms().send(KEY, wish(NUMBER, "twice", recipient)).getFirst();
    assertEquals(400, other.status());
    assertEquals(Optional.of("rejected"), other.repeatability());
    var marker = send(NUMBER, HANDSET, "marker");
    eventually(() -> feature.sms().report(KEY, marker));
    assertEquals(2, inbox(HANDSET).size());
  }

  @Test
  void sendersOfOthersAreRefusedAsTheServiceDoes() {
    for (var from : List.of(FOREIGN, "+18005550177", "Fabrikam", "99999")) {
      var refusal = assertThrows(Refusal.class, () -> send(from, HANDSET, "x"), from);
      assertEquals(401, refusal.status(), from);
      assertEquals("Unauthorized", refusal.code());
    }
    for (var from : List.of("18005550100", "+1800555010012345", "+0800555010", "a-name", "123")) {
      var refusal = assertThrows(Refusal.class, () -> send(from, HANDSET, "x"), from);
      assertEquals(400, refusal.status(), from);
    }
  }

  @Test
  void namesAreForbiddenWhereTheSettingsSaySo() {
    var results =
        feature
            .sms()
            .send(
                KEY,
                wish(
                    "Contoso",
                    "hello",
                    new NewSms.Recipient(HANDSET, null, null),
                    new NewSms.Recipient(ABROAD, null, null)));
    assertEquals(List.of(400, 202), results.stream().map(SendResult::status).toList());
    eventually(() -> cheap.seen.size() == 1);
    assertEquals("Contoso", cheap.seen.getFirst().from());
  }

  @Test
  void aPoolHasOneSenderForEachRecipient() {
    var used = new HashSet<String>();
    for (var i = 0; i < 20; i++) {
      send("support", handset(i), "one");
      send("support", handset(i), "two");
    }
    for (var i = 0; i < 20; i++) {
      var to = handset(i);
      eventually(() -> inbox(to).size() == 2);
      var senders = inbox(to).stream().map(HandsetMessage::from).distinct().toList();
      assertEquals(1, senders.size());
      used.addAll(senders);
    }
    assertEquals(Set.of(NUMBER, SECOND), used);
  }

  @Test
  void aNumberThatNoCarrierReachesIsReported() {
    var id = send(NUMBER, "+88210000001", "x");
    assertEquals(
        DeliveryCode.UNSUPPORTED_DESTINATION,
        eventually(() -> feature.sms().report(KEY, id)).code());
  }

  // Carriers.

  @Test
  void theCheapestCarrierGoesFirstAndTheNextWhenItCannot() {
    cheap.answers(_ -> TestCarrier.later());
    var id = send(NUMBER, ABROAD, "x");
    eventually(() -> dear.seen.size() == 1);
    assertEquals(1, cheap.seen.size());
    assertTrue(dear.receipt("1001", ABROAD, DeliveryCode.DELIVERED));
    assertEquals(DeliveryCode.DELIVERED, feature.sms().report(KEY, id).orElseThrow().code());
  }

  @Test
  void nothingIsLostWhileAllCarriersAreAwayOrTheHouseIsClosed() {
    cheap.away();
    dear.away();
    var ids = new ArrayList<String>();
    for (var i = 0; i < 250; i++) {
      ids.add(send(NUMBER, ABROAD, "message " + i));
    }
    end();
    begin();
    cheap.away();
    dear.away();
    assertTrue(cheap.seen.isEmpty());
    cheap.back();
    eventually(() -> cheap.seen.size() == 250);
    assertEquals(ids, cheap.seen.stream().map(Submission::messageId).sorted().toList());
  }

  @Test
  void urgentMessagesOvertake() {
    cheap.away();
    dear.away();
    for (var i = 0; i < 50; i++) {
      send(NUMBER, ABROAD, "slow");
    }
    var urgent =
        new NewSms(
            NUMBER,
            List.of(new NewSms.Recipient(ABROAD, null, null)),
            "urgent",
            false,
            null,
            Optional.empty(),
            0,
            "");
    feature.sms().send(KEY, urgent);
    cheap.back();
    eventually(() -> cheap.seen.size() == 51);
    assertTrue(
        cheap.seen.stream().limit(20).anyMatch(one -> one.text().equals("urgent")),
        "the window of 20 is filled from the front");
  }

  @ParameterizedTest
  @ValueSource(strings = {"retry", "fail"})
  void whatACarrierMayHaveIsTreatedAsTheSettingsSay(String setting) {
    settings.put("sms.unknown-outcome", setting);
    restart();
    var asked = new ArrayList<String>();
    cheap.answers(submission -> {
      synchronized (asked) {
        asked.add(submission.messageId());
        return asked.size() == 1 ? new Outcome.Unknown(List.of(), "cut") : cheap.accept(submission);
      }
    });
    var id = send(NUMBER, ABROAD, "x");
    if (setting.equals("fail")) {
      assertEquals(DeliveryCode.UNKNOWN, eventually(() -> feature.sms().report(KEY, id)).code());
      assertEquals(List.of(id), asked);
    } else {
      eventually(() -> cheap.seen.size() == 2);
      assertEquals(List.of(id, id), asked);
    }
  }

  @Test
  void aCarriersRefusalIsReportedWithTheServicesCode() {
    cheap.answers(_ -> new Outcome.Refused(List.of(), DeliveryCode.BAD_TO, "test"));
    var id = send(NUMBER, ABROAD, "x");
    var report = eventually(() -> feature.sms().report(KEY, id));
    assertEquals(DeliveryCode.BAD_TO, report.code());
    assertEquals(1, report.segmentsFailed());
  }

  // Receipts.

  @Test
  void receiptsMatchInAnyBaseAndOnlyOnce() {
    cheap.answers(_ -> new Outcome.Accepted(List.of("00001F2A")));
    var id = send(NUMBER, ABROAD, "x");
    eventually(() -> cheap.seen.size() == 1);
    // Early: it may come before the answer is stored.
    cheap.receipt(Integer.toString(0x1F2A), ABROAD.substring(1), DeliveryCode.DELIVERED);
    eventually(() -> feature.sms().report(KEY, id));
    assertTrue(cheap.receipt("1f2a", ABROAD, DeliveryCode.DELIVERED));
    assertEquals(1, events().size());
    assertFalse(cheap.receipt("1f2a", "+4915100000002", DeliveryCode.UNREACHABLE));
    assertFalse(cheap.receipt("777777", ABROAD, DeliveryCode.UNREACHABLE));
    assertFalse(dear.receipt("1f2a", ABROAD, DeliveryCode.UNREACHABLE));
    assertEquals(DeliveryCode.DELIVERED, feature.sms().report(KEY, id).orElseThrow().code());
  }

  @Test
  void aReceiptMayOvertakeTheAnswer() {
    cheap.answers(submission -> {
      assertFalse(cheap.receipt("4711", submission.to(), DeliveryCode.DELIVERED));
      return new Outcome.Accepted(List.of("4711"));
    });
    var id = send(NUMBER, ABROAD, "x");
    assertEquals(DeliveryCode.DELIVERED, eventually(() -> feature.sms().report(KEY, id)).code());
  }

  @Test
  void aLateReceiptCorrectsTheTimeout() {
    var id =
        feature
            .sms()
            .send(KEY, timed(Duration.ofSeconds(60), ABROAD))
            .getFirst()
            .messageId()
            .orElseThrow();
    eventually(() -> cheap.seen.size() == 1);
    moved = Duration.ofMinutes(3);
    assertEquals(DeliveryCode.TIMED_OUT, eventually(() -> feature.sms().report(KEY, id)).code());
    assertTrue(cheap.receipt("1001", ABROAD, DeliveryCode.DELIVERED));
    assertEquals(DeliveryCode.DELIVERED, feature.sms().report(KEY, id).orElseThrow().code());
    assertEquals(
        List.of(
            new SmsEvent.DeliveryReportReceived(NUMBER, id, false),
            new SmsEvent.DeliveryReportReceived(NUMBER, id, true)),
        events());
  }

  @Test
  void whatWaitsTooLongIsNotSent() {
    cheap.away();
    dear.away();
    var id =
        feature
            .sms()
            .send(KEY, timed(Duration.ofSeconds(60), ABROAD))
            .getFirst()
            .messageId()
            .orElseThrow();
    moved = Duration.ofMinutes(3);
    assertEquals(DeliveryCode.TIMED_OUT, eventually(() -> feature.sms().report(KEY, id)).code());
    cheap.back();
    var marker = send(NUMBER, ABROAD, "marker");
    eventually(() -> cheap.seen.size() == 1);
    assertEquals(marker, cheap.seen.getFirst().messageId());
  }

  @Test
  void aLongMessageIsDoneWithItsLastSegment() {
    var id = send(NUMBER, ABROAD, "ä".repeat(400));
    eventually(() -> cheap.seen.size() == 1);
    eventually(() -> cheap.receipt("1003", ABROAD, DeliveryCode.DELIVERED));
    assertTrue(cheap.receipt("1001", ABROAD, DeliveryCode.DELIVERED));
    assertTrue(cheap.receipt("1001", ABROAD, DeliveryCode.DELIVERED));
    assertEquals(Optional.empty(), feature.sms().report(KEY, id));
    assertTrue(cheap.receipt("1002", ABROAD, DeliveryCode.UNREACHABLE));
    var report = feature.sms().report(KEY, id).orElseThrow();
    assertEquals(DeliveryCode.UNREACHABLE, report.code());
    assertEquals(2, report.segmentsSucceeded());
    assertEquals(1, report.segmentsFailed());
  }

  @Test
  void segmentsThatWereTakenAreNotSentAgain() {
    cheap.answers(submission ->
        submission.firstSegment() == 0
            ? new Outcome.Later(List.of("1"), Duration.ofMillis(50), "throttled")
            : new Outcome.Accepted(List.of("2", "3")));
    send(NUMBER, ABROAD, "ä".repeat(400));
    eventually(() -> cheap.seen.size() == 2);
    assertEquals(1, cheap.seen.get(1).firstSegment());
    assertTrue(dear.seen.isEmpty());
  }

  // Handsets and opt-outs.

  @Test
  void handsetsFailOnRequest() {
    feature.handsets().behave(CONTOSO, HANDSET, new Handsets.Behaviour(4006, 0));
    var id = send(NUMBER, HANDSET, "x");
    var report = eventually(() -> feature.sms().report(KEY, id));
    assertEquals("4006: The To number is not reachable.", report.code().details());
    assertTrue(inboxNow(HANDSET).isEmpty());
  }

  @Test
  void handsetsAreSlowOnRequest() {
    feature.handsets().behave(CONTOSO, HANDSET, new Handsets.Behaviour(2000, 60_000));
    var id = send(NUMBER, HANDSET, "x");
    eventually(() -> dueJob(Handsets.LATE_RECEIPT));
    assertTrue(inboxNow(HANDSET).isEmpty());
    moved = Duration.ofSeconds(61);
    assertEquals(1, inbox(HANDSET).size());
    assertEquals(DeliveryCode.DELIVERED, eventually(() -> feature.sms().report(KEY, id)).code());
  }

  @Test
  void inboxesOfRangesAndResourcesAreApart() {
    send(NUMBER, "+14255551001", "one");
    send(SECOND, "+14255551002", "two");
    send(NUMBER, "+14255552001", "three");
    inbox("+14255551001");
    inbox("+14255551002");
    inbox("+14255552001");
    assertEquals(2, inboxNow("+14255551*").size());
    assertEquals("two", inboxNow("+14255551*").getFirst().body());
    assertEquals(2, feature.handsets().clear(CONTOSO, "+14255551*"));
    assertEquals(1, inboxNow("*").size());
    assertEquals(
        List.of(),
        feature
            .handsets()
            .inbox(FABRIKAM, new Handsets.Search("*", null, null, 10), Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"STOP", " stop. ", "Unsubscribe", "ARRÊT", "abmelden", "退订", "СТОП!"})
  void aStopWordEndsItAndStartBringsItBack(String word) {
    assertTrue(say(HANDSET, NUMBER, word));
    assertEquals(Set.of(HANDSET), feature.optOuts().check(KEY, NUMBER, List.of(HANDSET)));
    var id = send(NUMBER, HANDSET, "an offer");
    assertEquals(
        "4007: Sender blocked for given recipient.",
        feature.sms().report(KEY, id).orElseThrow().code().details());
    send(SECOND, HANDSET, "from another");
    eventually(() -> inboxNow(HANDSET).stream().anyMatch(one -> one.from().equals(SECOND)));
    assertTrue(say(HANDSET, NUMBER, "unstop"));
    var again = send(NUMBER, HANDSET, "welcome back");
    assertEquals(DeliveryCode.DELIVERED, eventually(() -> feature.sms().report(KEY, again)).code());
    var ledger = feature.optOuts().ledger(KEY, OptOutEntry.Place.START);
    assertEquals(2, ledger.size());
    assertEquals("handset", ledger.getFirst().entry().source());
    assertTrue(ledger.getFirst().entry().reason().startsWith("keyword "));
    assertEquals(List.of(), feature.optOuts().ledger(OTHER_KEY, OptOutEntry.Place.START));
  }

  @Test
  void theAnswerToStopGoesOutAllTheSame() {
    assertTrue(say(HANDSET, NUMBER, "STOP"));
    assertTrue(inbox(HANDSET).getFirst().body().contains("unsubscribed"));
    assertTrue(say("+14255550124", NUMBER, "AYUDA"));
    assertTrue(inbox("+14255550124").getFirst().body().contains("Responda ALTO"));
    assertEquals(Set.of(), feature.optOuts().check(KEY, NUMBER, List.of("+14255550124")));
  }

  @Test
  void anOptOutHoldsForWhatIsAlreadyQueued() {
    cheap.away();
    dear.away();
    var id = send(NUMBER, ABROAD, "an offer");
    feature.optOuts().add(KEY, NUMBER, List.of(ABROAD), "asked by phone");
    cheap.back();
    assertEquals(DeliveryCode.OPTED_OUT, eventually(() -> feature.sms().report(KEY, id)).code());
    assertTrue(cheap.seen.isEmpty());
    feature.optOuts().add(KEY, NUMBER, List.of(ABROAD), "again");
    feature.optOuts().remove(KEY, NUMBER, List.of(ABROAD), "changed their mind");
    assertEquals(
        List.of("asked by phone", "changed their mind"),
        feature.optOuts().ledger(KEY, OptOutEntry.Place.START).stream()
            .map(placed -> placed.entry().reason())
            .toList());
    assertThrows(
        Refusal.class, () -> feature.optOuts().add(OTHER_KEY, NUMBER, List.of(ABROAD), ""));
  }

  @Test
  void anOptOutHoldsForAllSendersWhereTheSettingsSaySo() {
    settings.put("sms.opt-out-scope", "resource");
    restart();
    assertTrue(say(HANDSET, NUMBER, "STOP"));
    var id = send(SECOND, HANDSET, "an offer");
    assertEquals(DeliveryCode.OPTED_OUT, feature.sms().report(KEY, id).orElseThrow().code());
  }

  // What handsets send.

  @Test
  void whatAHandsetSendsBecomesAnEventKeywordsToo() {
    say(HANDSET, NUMBER, "hello");
    say(HANDSET, NUMBER, "STOP");
    var received = events().stream().filter(SmsEvent.Received.class::isInstance).toList();
    assertEquals(2, received.size());
    var detail = feature.details().of(journal().getFirst()).orElseThrow();
    assertTrue(detail.toString().contains("message=hello"), detail.toString());
    assertFalse(say(HANDSET, "+18005550155", "nobody"));
  }

  @Test
  void segmentsComeInAnyOrderAndTwice() {
    var text = "я".repeat(66) + "😀" + "end";
    var cut = text.substring(0, 67);
    var rest = text.substring(67);
    var to = NUMBER;
    var place = new Concatenation(9, 2, 2);
    var first = new Concatenation(9, 2, 1);
    var hears = feature.hears();
    assertTrue(hears.inbound("cheap", new InboundSegment(HANDSET, to, rest, Optional.of(place))));
    assertTrue(hears.inbound("cheap", new InboundSegment(HANDSET, to, rest, Optional.of(place))));
    assertTrue(events().isEmpty());
    assertTrue(hears.inbound("cheap", new InboundSegment(HANDSET, to, cut, Optional.of(first))));
    assertEquals(1, events().size());
    var detail = feature.details().of(journal().getFirst()).orElseThrow();
    assertTrue(detail.toString().contains(text), detail.toString());
  }

  @Test
  void whatStaysIncompleteIsGivenOut() {
    var place = Optional.of(new Concatenation(9, 3, 2));
    feature.hears().inbound("cheap", new InboundSegment(HANDSET, NUMBER, "\ud83d mid", place));
    moved = Duration.ofHours(1);
    eventually(() -> events().size() == 1);
    var detail = feature.details().of(journal().getFirst()).orElseThrow();
    assertTrue(detail.toString().contains("\ufffd mid"), detail.toString());
  }

  // Keeping and forgetting.

  @Test
  void textsAndHistoryGoInTheirTime() {
    var id = send(NUMBER, HANDSET, "a secret");
    say(HANDSET, NUMBER, "another");
    eventually(() -> feature.sms().report(KEY, id));
    moved = Duration.ofDays(32);
    eventually(
        () -> count("SELECT COUNT(*) FROM sms_text WHERE resource_id = ? AND body <> ''") == 0);
    eventually(
        () -> count("SELECT COUNT(*) FROM sms_incoming WHERE resource_id = ? AND body <> ''") == 0);
    eventually(() -> inboxNow(HANDSET).isEmpty());
    assertTrue(feature.sms().report(KEY, id).isPresent());
    moved = Duration.ofDays(92);
    eventually(() -> feature.sms().report(KEY, id).isEmpty());
    eventually(() -> count("SELECT COUNT(*) FROM sms_text WHERE resource_id = ?") == 0);
    eventually(() -> count("SELECT COUNT(*) FROM due_job WHERE resource_id = ?") == 0);
  }

  @Test
  void aDeletedResourceLeavesNothing() {
    send(NUMBER, HANDSET, "x");
    send("Contoso", ABROAD, "x");
    say(HANDSET, NUMBER, "STOP");
    inbox(HANDSET);
    end();
    feature.eraseAll(CONTOSO);
    for (var table :
        List.of(
            "sms_queue",
            "sms_part",
            "sms_outgoing",
            "sms_text",
            "sms_incoming",
            "sms_optout",
            "sms_optout_entry",
            "sms_handset_message")) {
      assertEquals(0, count("SELECT COUNT(*) FROM " + table + " WHERE resource_id = ?"), table);
    }
    begin();
  }

  // Helpers.

  private String send(String from, String to, String text) {
    return feature
        .sms()
        .send(KEY, wish(from, text, new NewSms.Recipient(to, null, null)))
        .getFirst()
        .messageId()
        .orElseThrow();
  }

  private static NewSms wish(String from, String text, NewSms.Recipient... to) {
    return new NewSms(from, List.of(to), text, true, "a tag", Optional.empty(), 1, "");
  }

  private static NewSms timed(Duration timeout, String to) {
    return new NewSms(
        NUMBER,
        List.of(new NewSms.Recipient(to, null, null)),
        "timed",
        true,
        null,
        Optional.of(timeout),
        1,
        "");
  }

  private boolean say(String from, String to, String text) {
    return feature.inbound().receive(new InboundSegment(from, to, text, Optional.empty()));
  }

  private static String date() {
    return "Thu, 26 Nov 2026 16:06:51 GMT";
  }

  private static String handset(int number) {
    return "+1425555%04d".formatted(3_000 + number);
  }

  private List<HandsetMessage> inbox(String to) {
    return feature
        .handsets()
        .inbox(CONTOSO, new Handsets.Search(to, null, null, 100), Duration.ofSeconds(20));
  }

  private List<HandsetMessage> inboxNow(String to) {
    return feature
        .handsets()
        .inbox(CONTOSO, new Handsets.Search(to, null, null, 100), Duration.ZERO);
  }

  private boolean dueJob(String kind) {
    return store
        .read(all ->
            all.one(
                "SELECT name FROM due_job WHERE resource_id = ? AND partition_key = ? AND kind = ?",
                row -> row.text(1),
                CONTOSO.value(),
                "sms:" + NUMBER,
                kind))
        .isPresent();
  }

  private long count(String sql) {
    return store.read(all -> all.one(sql, row -> row.number(1), CONTOSO.value())).orElseThrow();
  }

  private List<JournalRow> journal() {
    return store.heads().keySet().stream()
        .flatMap(shard -> store.journal(shard, 0, 10_000).stream())
        .filter(row -> row.event() instanceof SmsEvent)
        .toList();
  }

  private List<SmsEvent> events() {
    return journal().stream().map(row -> (SmsEvent) row.event()).toList();
  }

  private static void eventually(BooleanSupplier condition) {
    var _ =
        eventually(() -> condition.getAsBoolean() ? Optional.of(true) : Optional.<Boolean>empty());
  }

  private static <T> T eventually(Supplier<Optional<T>> question) {
    var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < end) {
      var answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    throw new AssertionError("it did not come to pass within 30 s");
  }

  @Test
  void idsRiseWithTime() {
    var ids = new MessageIds(random);
    var at = Instant.parse("2026-11-26T15:00:00Z");
    var made = IntStream.range(0, 1_000).mapToObj(i -> ids.outgoing(at.plusMillis(i))).toList();
    assertEquals(made.stream().sorted().toList(), made);
    assertNotEquals(ids.outgoing(at), ids.outgoing(at));
    assertTrue(Stream.of(made.getFirst()).allMatch(id -> id.startsWith("Outgoing_20261126150000")));
  }
}
