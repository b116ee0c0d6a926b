package dev.parley.feature.email.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.kit.Settings;
import dev.parley.base.wire.OutboundConfig;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.feature.email.EmailHouse;
import dev.parley.feature.email.RecipientState;
import dev.parley.feature.email.dns.Dns;
import dev.parley.feature.email.dns.DnsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that misbehave cost an attempt, and no more: nothing is lost, and nothing hangs. */
@Timeout(120)
class RudeServerTest {
  @TempDir private Path folder;
  private EmailHouse house;
  private RudeServer server;
  private DeliveryFeature delivery;

  @BeforeEach
  void open() {
    house = EmailHouse.open(folder);
    house.runClock();
  }

  @AfterEach
  void close() throws IOException {
    delivery.close();
    server.close();
    house.close();
  }

  /** Sends one message to a server that behaves so; its id. */
  private String sendTo(RudeServer.Behaviour behaviour, String... more) throws IOException {
    server = new RudeServer(behaviour);
    var settings = new LinkedHashMap<String, String>();
    settings.put("email.smarthost", "127.0.0.1:" + server.port());
    settings.put("email.smarthost-security", "opportunistic");
    settings.put("email.attempt-time", "2s");
    settings.put("email.back-off-min", "1s");
    for (var i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    var all = new Settings(settings);
    var outbound = OutboundConfig.of(all, true);
    delivery =
        new DeliveryFeature(
            DeliveryConfig.of(all, true),
            RelayConfig.of(all),
            house.feature.outbox(),
            house.feature.outgoing(),
            new Dns(DnsConfig.of(all)),
            new OutboundTcp(outbound),
            outbound,
            Optional.empty(),
            _ -> house.time(),
            house::time);
    var id = house.send("ann@a.example");
    delivery.start();
    return id;
  }

  private EmailHouse.Known await(String id, Predicate<EmailHouse.Known> wanted) {
    while (true) {
      var known = house.known(id);
      if (wanted.test(known)) {
        return known;
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  private EmailHouse.Known awaitWords(String id) {
    return await(id, known -> !known.words().isEmpty());
  }

  /** The first connection is rude, the next ones are polite: the message arrives all the same. */
  private void arrivesAtLast(RudeServer.Behaviour rude, String... more) throws IOException {
    var id =
        sendTo(
            (number, talk) -> {
              if (number == 0) {
                rude.serve(number, talk);
              } else {
                talk.begin();
                talk.data();
                talk.say("250 2.0.0 taken\r\n");
                talk.hear();
              }
            },
            more);
    var known = await(id, one -> one.state() != RecipientState.QUEUED);
    assertEquals(RecipientState.DELIVERED, known.state(), known::words);
    assertTrue(server.connections.get() >= 2);
  }

  @Test
  void aServerThatDripsItsGreetingIsLeft() throws Exception {
    var id =
        sendTo((_, talk) -> {
          while (true) {
            talk.say("2");
            Thread.sleep(20);
          }
        });
    assertTrue(awaitWords(id).words().startsWith("451 4.4.1 "));
  }

  @Test
  void aServerThatDripsAnswersIsLeft() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin();
      talk.hear();
      while (true) {
        talk.say("2");
        Thread.sleep(20);
      }
    });
  }

  @Test
  void aServerThatDoesNotReadIsLeft() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin();
      talk.envelope("354 go");
      Thread.sleep(Long.MAX_VALUE);
    });
  }

  @Test
  void anEndlessAnswerIsNone() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.say("220 rude\r\n");
      talk.hear();
      while (true) {
        talk.say("250-MORE\r\n");
      }
    });
  }

  @Test
  void anEndlessLineIsNone() throws Exception {
    arrivesAtLast((_, talk) -> {
      while (true) {
        talk.say("220 " + "x".repeat(1000));
      }
    });
  }

  @Test
  void aServerThatBreaksOffInTheMessageGetsItAgain() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin();
      talk.envelope("354 go");
      talk.hear();
    });
  }

  @Test
  void aServerThatNeverSaysWhetherItTookTheMessageGetsItAgain() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin("PIPELINING");
      talk.data();
    });
  }

  @Test
  void aServerThatOffersTlsAndDropsItGetsTheMailInTheClear() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin("STARTTLS");
      talk.answer("STARTTLS", "220 go");
    });
    assertEquals(2, server.connections.get());
  }

  @Test
  void aServerThatSpeaksNonsenseForTlsGetsTheMailInTheClear() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin("STARTTLS");
      talk.answer("STARTTLS", "220 go");
      talk.say("HTTP/1.1 400 Bad Request\r\n\r\n");
      talk.hear();
    });
  }

  @Test
  void nothingIsSentInTheClearWhereTlsIsWanted() throws Exception {
    var heard = new ConcurrentLinkedQueue<String>();
    var id =
        sendTo(
            (_, talk) -> {
              talk.begin();
              for (var line = talk.hear(); !line.isEmpty(); line = talk.hear()) {
                heard.add(line);
              }
            },
            "email.smarthost-security",
            "starttls");
    assertTrue(awaitWords(id).words().contains("offers no TLS"));
    assertEquals(RecipientState.QUEUED, house.known(id).state());
    assertEquals(List.of(), List.copyOf(heard));
  }

  @Test
  void aServerThatLiesAboutItsSizeIsBelievedWhenItRefuses() throws Exception {
    var id =
        sendTo((_, talk) -> {
          talk.begin("SIZE 999999999");
          talk.data();
          talk.say("552 5.3.4 Message too big\r\n");
          talk.answer("QUIT", "221 bye");
        });
    var known = await(id, one -> one.state() != RecipientState.QUEUED);
    assertEquals(RecipientState.FAILED, known.state());
    assertEquals("552 5.3.4 Message too big", known.words());
  }

  /** An answer too many would be taken for that to the next command, and so on. */
  @Test
  void anAnswerTooManyIsNotTakenForTheNextOne() throws Exception {
    var id =
        sendTo((number, talk) -> {
          talk.begin("PIPELINING");
          talk.data();
          talk.say("250 2.0.0 taken\r\n" + (number == 0 ? "250 2.0.0 and more\r\n" : ""));
          talk.hear();
        });
    await(id, known -> known.state() == RecipientState.DELIVERED);
    var second = house.send("ben@a.example");
    var known = await(second, one -> one.state() != RecipientState.QUEUED);
    assertEquals(RecipientState.DELIVERED, known.state());
    assertEquals("250 2.0.0 taken", known.words());
    assertEquals(2, server.connections.get());
  }

  @Test
  void aServerThatSaysYesBeforeItHasTheMessageHasNothing() throws Exception {
    arrivesAtLast((_, talk) -> {
      talk.begin();
      talk.envelope("250 ok");
      talk.hear();
    });
  }

  /** Whoever is on the way could say it; what counts is said under TLS. */
  @Test
  void whatIsSaidInTheClearBehindStartTlsIsForgotten() throws Exception {
    var heard = new ConcurrentLinkedQueue<String>();
    arrivesAtLast(
        (_, talk) -> {
          talk.begin("STARTTLS");
          talk.answer("STARTTLS", "220 go\r\n250-evil\r\n250 AUTH PLAIN");
          talk.secure();
          talk.answer("EHLO", "250-rude\r\n250 PIPELINING");
          heard.add(talk.hear());
          heard.add(talk.hear());
        },
        // A handshake on a busy machine.
        "email.attempt-time",
        "60s");
    assertTrue(heard.stream().anyMatch(line -> line.startsWith("RCPT")), heard::toString);
  }

  @Test
  void aServerThatIsFullAtOnceIsAskedAgain() throws Exception {
    arrivesAtLast((_, talk) -> talk.say("421 4.3.2 too busy\r\n"));
  }

  @Test
  void aConnectionThatTheServerEndedWhileItRestedCostsNoAttempt() throws Exception {
    var id =
        sendTo((number, talk) -> {
          talk.begin();
          talk.data();
          talk.say("250 2.0.0 taken\r\n");
          if (number == 0) {
            talk.close();
          } else {
            talk.hear();
          }
        });
    await(id, known -> known.state() == RecipientState.DELIVERED);
    var second = house.send("ben@a.example");
    var known = await(second, one -> one.state() == RecipientState.DELIVERED);
    assertEquals(1, known.attempts());
    assertEquals(2, server.connections.get());
  }
}
