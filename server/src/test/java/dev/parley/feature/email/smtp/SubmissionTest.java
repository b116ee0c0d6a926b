package dev.parley.feature.email.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import dev.parley.base.wire.TestCertificates;
import dev.parley.feature.email.EmailHouse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Abuse of the ways in by SMTP: it is refused in the protocol's words, and queues nothing. */
class SubmissionTest {
  private static final String REPORTS = "bounces.contoso.example";
  private static final String HEAD =
      "From: <" + EmailHouse.SENDER + ">\r\nTo: <ann@a.example>\r\nSubject: Hi\r\n\r\n";

  @TempDir private Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private EmailHouse house;
  private SmtpFeature smtp;

  @BeforeEach
  void open() {
    house = EmailHouse.open(folder);
    smtp = start(Map.of());
  }

  private SmtpFeature start(Map<String, String> more) {
    var settings = new LinkedHashMap<String, String>();
    settings.put("smtp.submission-port", "0");
    settings.put("smtp.bounce-port", "0");
    settings.putAll(more);
    SmtpLogins logins =
        (user, password) ->
            user.equals("app") && new String(password, StandardCharsets.UTF_8).equals("secret")
                ? Optional.of(new SmtpLogin(EmailHouse.CONTOSO, EmailHouse.KEY))
                : Optional.empty();
    var started =
        new SmtpFeature(
            SmtpConfig.of(new Settings(settings), true),
            REPORTS,
            TestCertificates.SHARED::material,
            logins,
            house.feature.email(),
            house.feature.tokens(),
            house.feature.outbox());
    started.start();
    opened.add(started);
    return started;
  }

  @AfterEach
  void close() throws Exception {
    for (var one : opened.reversed()) {
      one.close();
    }
    house.close();
  }

  private SmtpClientTalk talk(String port) throws IOException {
    var number = Integer.parseInt(smtp.environment(EmailHouse.CONTOSO).get(port));
    var talk = new SmtpClientTalk(number, TestCertificates.SHARED.trust());
    opened.add(talk);
    assertTrue(talk.answer().startsWith("220 "));
    return talk;
  }

  private SmtpClientTalk secured() throws IOException {
    var talk = talk("PARLEY_SMTP_PORT");
    assertTrue(talk.say("EHLO me").startsWith("250 "));
    assertTrue(talk.say("STARTTLS").startsWith("220 "));
    talk.secure();
    assertTrue(talk.say("EHLO me").startsWith("250 "));
    return talk;
  }

  private SmtpClientTalk loggedIn() throws IOException {
    var talk = secured();
    assertTrue(talk.say("AUTH PLAIN " + base64("\0app\0secret")).startsWith("235 "));
    return talk;
  }

  /** As far as the message itself. */
  private SmtpClientTalk atData() throws IOException {
    var talk = loggedIn();
    assertTrue(talk.say("MAIL FROM:<" + EmailHouse.SENDER + ">").startsWith("250 "));
    assertTrue(talk.say("RCPT TO:<ann@a.example>").startsWith("250 "));
    assertTrue(talk.say("DATA").startsWith("354 "));
    return talk;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMessageThatKeepsTheRulesIsQueued() throws IOException {
    var talk = atData();
    talk.send(HEAD + "..leading dot\r\n.\r\n");
    assertTrue(talk.answer().startsWith("250 2.0.0 Ok: queued as "));
    assertTrue(house.hasQueued());
    assertTrue(talk.say("QUIT").startsWith("221 "));
  }

  /** What some servers take for the end of a message, and others for a part of it. */
  @ParameterizedTest
  @ValueSource(strings = {"\n.\r\n", "\r\n.\n", "\n.\n", "\r.\r", "\r\n.\r", "\r.\n", "\n\n.\r\n"})
  void nothingIsSmuggledPastTheEndOfAMessage(String end) throws IOException {
    var talk = atData();
    talk.send(
        HEAD
            + "one"
            + end
            + "MAIL FROM:<ceo@bank.example>\r\nRCPT TO:<victim@b.example>\r\nDATA\r\n"
            + HEAD
            + "two\r\n.\r\nQUIT\r\n");
    var answers = talk.untilTheEnd();
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.getFirst().startsWith("550 5.6.11 "), answers::toString);
    assertFalse(house.hasQueued());
  }

  @Test
  void commandsEndWithCrAndLfToo() throws IOException {
    var talk = secured();
    talk.send("NOOP\nNOOP\r\n");
    var answers = talk.untilTheEnd();
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.getFirst().startsWith("500 5.5.2 "), answers::toString);
  }

  @Test
  void nothingFollowsStartTlsInTheClear() throws IOException {
    var talk = talk("PARLEY_SMTP_PORT");
    talk.say("EHLO me");
    talk.send("STARTTLS\r\nEHLO evil\r\nAUTH PLAIN " + base64("\0app\0secret") + "\r\n");
    var answers = talk.untilTheEnd();
    assertEquals(1, answers.size(), answers::toString);
    assertTrue(answers.getFirst().startsWith("421 "), answers::toString);
  }

  @Test
  void nobodySendsInTheClearOrUnknown() throws IOException {
    var clear = talk("PARLEY_SMTP_PORT");
    clear.say("EHLO me");
    assertTrue(clear.say("AUTH PLAIN " + base64("\0app\0secret")).startsWith("538 5.7.11 "));
    assertTrue(clear.say("MAIL FROM:<" + EmailHouse.SENDER + ">").startsWith("530 5.7.0 "));
    var unknown = secured();
    assertTrue(unknown.say("MAIL FROM:<" + EmailHouse.SENDER + ">").startsWith("530 5.7.0 "));
    assertTrue(unknown.say("AUTH PLAIN " + base64("\0app\0wrong")).startsWith("535 "));
    assertTrue(unknown.say("AUTH PLAIN " + base64("app")).startsWith("535 "));
    assertTrue(unknown.say("AUTH PLAIN ***").startsWith("421 "));
    assertEquals(List.of(), unknown.untilTheEnd());
  }

  @Test
  void whatIsPipelinedBehindARefusalIsNoMessage() throws IOException {
    var talk = loggedIn();
    // The client takes it for granted that it may send, and its message for commands is nonsense.
    talk.send(
        "MAIL FROM:<ceo@bank.example>\r\nRCPT TO:<ann@a.example>\r\nDATA\r\n"
            + HEAD
            + "x\r\n.\r\n");
    var answers = new ArrayList<String>();
    for (var i = 0; i < 9; i++) {
      answers.add(talk.answer());
    }
    assertTrue(answers.get(0).startsWith("550 5.1.7 "), answers::toString);
    assertTrue(answers.stream().skip(1).allMatch(one -> one.startsWith("50")), answers::toString);
    assertFalse(house.hasQueued());
  }

  @Test
  void aClientThatErrsTooOftenIsShownOut() throws IOException {
    var talk = secured();
    talk.send("NONSENSE\r\n".repeat(1000));
    var answers = talk.untilTheEnd();
    assertEquals(10, answers.size(), answers::toString);
    assertTrue(answers.getLast().startsWith("421 4.7.0 "), answers::toString);
  }

  @Test
  void aClientThatAsksAndNeverReadsIsCutOff() throws Exception {
    smtp = start(Map.of("smtp.message-time", "1s", "smtp.connections-max", "1"));
    var flooding = talk("PARLEY_SMTP_PORT");
    // Nobody reads the answers, so that both sides wait to write until the server has enough.
    var flood = "EHLO x\r\n".repeat(1000);
    var ended = false;
    for (var i = 0; i < 100_000 && !ended; i++) {
      try {
        flooding.send(flood);
      } catch (IOException _) {
        ended = true;
      }
    }
    assertTrue(ended);
    // Its place is free again.
    var next = Optional.<SmtpClientTalk>empty();
    while (next.isEmpty()) {
      try {
        next = Optional.of(talk("PARLEY_SMTP_PORT"));
      } catch (IOException | AssertionError _) {
        Thread.onSpinWait();
      }
    }
    assertTrue(next.get().say("QUIT").startsWith("221 "));
  }

  @Test
  void aClientThatDripsIsCutOff() throws Exception {
    smtp = start(Map.of("smtp.message-time", "1s"));
    var talk = talk("PARLEY_SMTP_PORT");
    try {
      // Each byte comes well within the idle time; together they never make a line.
      for (var sent = 0; sent < 2000 && !talk.hasAnswer(); sent++) {
        talk.send("x");
        Thread.sleep(20);
      }
    } catch (IOException _) {
      // Cut off.
    }
    var answers = talk.untilTheEnd();
    assertTrue(answers.isEmpty() || answers.getFirst().startsWith("421 4.4.2 "), answers::toString);
  }

  @Test
  void boundsAreTold() throws IOException {
    var talk = loggedIn();
    var mail = "MAIL FROM:<" + EmailHouse.SENDER + ">";
    assertTrue(talk.say(mail + " SIZE=99999999999999999999").startsWith("552 5.3.4 "));
    assertTrue(talk.say(mail + " SIZE=-1").startsWith("501 "));
    assertTrue(talk.say(mail + " SIZE=1").startsWith("250 "));
    for (var i = 0; i < 50; i++) {
      assertTrue(talk.say("RCPT TO:<r" + i + "@a.example>").startsWith("250 "));
    }
    assertTrue(talk.say("RCPT TO:<r50@a.example>").startsWith("452 4.5.3 "));
    assertTrue(talk.say("DATA").startsWith("354 "));
    // It said that it is small.
    talk.send(HEAD + ("x".repeat(998) + "\r\n").repeat(11_000) + ".\r\n");
    assertTrue(talk.answer().startsWith("552 5.3.4 "));
    talk.send("A".repeat(16_000) + "\r\n");
    assertTrue(talk.untilTheEnd().getFirst().startsWith("500 5.5.6 "));
    assertFalse(house.hasQueued());
  }

  @Test
  void mailThatGoesInCirclesIsStopped() throws IOException {
    var talk = atData();
    talk.send(
        "Received: from a by b; Thu, 26 Nov 2026 10:00:00 +0000\r\n".repeat(51) + HEAD + ".\r\n");
    assertTrue(talk.answer().startsWith("554 5.4.6 "));
    assertFalse(house.hasQueued());
  }

  @Test
  void headersOfOthersAreNotSentInTheirName() throws IOException {
    var talk = atData();
    talk.send(HEAD.replace(EmailHouse.SENDER, "ceo@bank.example") + ".\r\n");
    assertTrue(talk.answer().startsWith("550 5.1.7 "));
    assertFalse(house.hasQueued());
  }

  /** Readers show each of them, wherever in the header it stands. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: <" + EmailHouse.SENDER + ">, <ceo@bank.example>\r\n",
        "From: <" + EmailHouse.SENDER + ">\r\nFrom: <ceo@bank.example>\r\n",
        "From: <" + EmailHouse.SENDER + ">\r\nfrom : ceo@bank.example\r\n",
        "From: <" + EmailHouse.SENDER + ">\r\nSender: <ceo@bank.example>\r\n",
        "From: x: <ceo@bank.example>;\r\n",
        "From: <ceo@bank.example> <" + EmailHouse.SENDER + ">\r\n",
        "Sender: <" + EmailHouse.SENDER + ">\r\n",
        "From:\r\n",
        "From: " + EmailHouse.SENDER + " ceo@bank.example\r\n"
      })
  void nobodyElseIsShownAsSender(String fields) throws IOException {
    var talk = atData();
    talk.send(fields + "Subject: x\r\n\r\nbuy\r\n.\r\n");
    var answer = talk.answer();
    assertTrue(answer.startsWith("550 5."), answer);
    assertFalse(house.hasQueued());
  }

  @Test
  void aLargeMessageLosesItsBlindCopiesAndNothingElse() throws IOException {
    var talk = atData();
    var line = "Bcc: not a header\r\n";
    talk.send(
        "Bcc: <secret@a.example>,\r\n <more@a.example>\r\n" + HEAD + line.repeat(6000) + ".\r\n");
    assertTrue(talk.answer().startsWith("250 "));
    var mail = house.outgoing();
    assertFalse(mail.contains("secret@a.example"));
    assertFalse(mail.contains("more@a.example"));
    assertTrue(mail.contains("Message-ID: <"));
    assertTrue(mail.endsWith("Subject: Hi\r\n\r\n" + line.repeat(6000)));
  }

  @Test
  void anAddressWhoseBytesAreNoUtf8IsNone() throws IOException {
    var talk = loggedIn();
    assertTrue(talk.say("MAIL FROM:<" + EmailHouse.SENDER + ">").startsWith("250 "));
    talk.send(
        new byte[] {
          'R',
          'C',
          'P',
          'T',
          ' ',
          'T',
          'O',
          ':',
          '<',
          (byte) 0xc3,
          '@',
          'a',
          '.',
          'd',
          'e',
          '>',
          '\r',
          '\n'
        });
    assertTrue(talk.answer().startsWith("553 5.1.3 "));
  }

  @Test
  void messagesThatArePipelinedAreTakenOneByOne() throws IOException {
    var talk = loggedIn();
    var one =
        "MAIL FROM:<%s>\r\nRCPT TO:<ann@a.example>\r\nDATA\r\n%sx\r\n.\r\n"
            .formatted(EmailHouse.SENDER, HEAD);
    var stranger = one.replaceFirst(EmailHouse.SENDER, "ceo@bank.example");
    talk.send(one + "RSET\r\n" + one + "QUIT\r\n" + stranger);
    var answers = talk.untilTheEnd();
    assertEquals(
        List.of("250", "250", "354", "250", "250", "250", "250", "354", "250", "221"),
        answers.stream().map(answer -> answer.substring(0, 3)).toList());
  }

  @Test
  void theReceiverOfReportsRelaysToNobodyAndAnswersNobody() throws IOException {
    var talk = talk("PARLEY_BOUNCE_PORT");
    talk.say("EHLO mx.a.example");
    assertTrue(talk.say("AUTH PLAIN " + base64("\0app\0secret")).startsWith("502 "));
    assertTrue(talk.say("MAIL FROM:<>").startsWith("250 "));
    assertTrue(talk.say("RCPT TO:<victim@b.example>").startsWith("554 5.7.1 "));
    assertTrue(talk.say("RCPT TO:<nobody@" + REPORTS + ">").startsWith("550 5.1.1 "));
    assertTrue(talk.say("RCPT TO:<" + "a".repeat(61) + "@" + REPORTS + ">").startsWith("550 "));
    assertTrue(talk.say("RCPT TO:<complaints@" + REPORTS + ">").startsWith("250 "));
    assertTrue(talk.say("DATA").startsWith("354 "));
    talk.send("Subject: x\r\n\r\nbuy this\r\n.\r\n");
    assertTrue(talk.answer().startsWith("250 "));
    assertFalse(house.hasQueued());
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Anybody may bring a large report; of none more than its beginning is kept. */
  @Test
  void largeReportsOfManyTakeLittleMemory() throws IOException {
    var talks = new ArrayList<SmtpClientTalk>();
    var before = used();
    var line = "x".repeat(998) + "\r\n";
    for (var i = 0; i < 40; i++) {
      var talk = talk("PARLEY_BOUNCE_PORT");
      talk.say("EHLO mx.a.example");
      talk.say("MAIL FROM:<> SIZE=9000000");
      talk.say("RCPT TO:<complaints@" + REPORTS + ">");
      assertTrue(talk.say("DATA").startsWith("354 "));
      talk.send(line.repeat(4000));
      talks.add(talk);
    }
    var more = used() - before;
    assertTrue(more < 80L << 20, "bytes used by 160 MB of reports: " + more);
    for (var talk : talks) {
      talk.send(".\r\n");
      assertTrue(talk.answer().startsWith("250 "));
    }
  }
}
