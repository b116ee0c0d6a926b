package dev.parley.base.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHttpTest {
  private static final OutboundConfig DEVELOPER =
      new OutboundConfig(true, List.of(), Duration.ofSeconds(5), Duration.ofSeconds(20), 1000);
  private static final OutboundConfig PRODUCTION =
      new OutboundConfig(false, List.of(), Duration.ofSeconds(5), Duration.ofSeconds(20), 1000);

  private HttpServer peer;
  private URI base;
  private final AtomicInteger hits = new AtomicInteger();

  @BeforeEach
  void startPeer() throws IOException {
    peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    peer.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
    base = URI.create("http://127.0.0.1:" + peer.getAddress().getPort() + "/");
    answer("/ok", 200, "fine");
    peer.start();
  }

  @AfterEach
  void stopPeer() {
    peer.stop(0);
  }

  @Test
  void aDeveloperReachesLoopbackOverPlainHttp() throws IOException {
    try (var http = new OutboundHttp(DEVELOPER)) {
      var answer = http.get(base.resolve("/ok"), Map.of());
      assertEquals(200, answer.status());
      assertEquals("fine", new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "localhost."
      })
  void productionReachesNoPrivateAddress(String host) throws IOException {
    try (var http = new OutboundHttp(PRODUCTION)) {
      var address = URI.create("https://" + host + ":" + base.getPort() + "/ok");
      assertThrows(IOException.class, () -> http.get(address, Map.of()));
    }
    assertEquals(0, hits.get());
  }

  @Test
  void productionRefusesPlainHttpAndCredentialsInTheAddress() throws IOException {
    try (var http = new OutboundHttp(PRODUCTION)) {
      assertThrows(
          OutboundRefused.class, () -> http.get(URI.create("http://example.com/"), Map.of()));
      assertThrows(
          OutboundRefused.class, () -> http.get(URI.create("https://a:b@example.com/"), Map.of()));
      assertThrows(OutboundRefused.class, () -> http.get(URI.create("file:///etc/x"), Map.of()));
    }
  }

  @Test
  void aNameThatChangesItsAddressIsCheckedWhereItIsConnectedTo() throws IOException {
    var lookups = new AtomicInteger();
    var inside = InetAddress.getLoopbackAddress();
    try (var http =
        new OutboundHttp(
            PRODUCTION,
            host -> {
              lookups.incrementAndGet();
              return new InetAddress[] {inside};
            })) {
      var address = URI.create("https://rebinding.example:" + base.getPort() + "/ok");
      var failure = assertThrows(IOException.class, () -> http.get(address, Map.of()));
      assertTrue(failure.getMessage().contains("not public"), failure.getMessage());
    }
    assertEquals(1, lookups.get());
    assertEquals(0, hits.get());
  }

  @Test
  void oneForbiddenAddressAmongSeveralIsEnoughToRefuse() throws IOException {
    var addresses =
        new InetAddress[] {
          InetAddress.getByName("93.184.216.34"), InetAddress.getByName("10.1.2.3")
        };
    try (var http = new OutboundHttp(PRODUCTION, _ -> addresses)) {
      assertThrows(
          IOException.class, () -> http.get(URI.create("https://mixed.example/"), Map.of()));
    }
  }

  @Test
  void redirectsAreFollowedAFewTimesAndLoseCredentialsElsewhere() throws IOException {
    redirect("/hop", "/ok");
    redirect("/loop", "/loop");
    var elsewhere = "http://localhost:" + base.getPort() + "/secret";
    redirect("/away", elsewhere);
    peer.createContext(
        "/secret",
        exchange -> {
          var seen = exchange.getRequestHeaders().containsKey("Authorization");
          exchange.sendResponseHeaders(seen ? 500 : 204, -1);
          exchange.close();
        });
    try (var http = new OutboundHttp(DEVELOPER)) {
      assertEquals(200, http.get(base.resolve("/hop"), Map.of()).status());
      assertThrows(OutboundRefused.class, () -> http.get(base.resolve("/loop"), Map.of()));
      var headers = Map.of("Authorization", "Bearer x");
      assertEquals(204, http.get(base.resolve("/away"), headers).status());
      assertEquals(
          302, http.post(base.resolve("/hop"), headers, "text/plain", new byte[1]).status());
    }
  }

  @Test
  void anAnswerLargerThanTheBoundIsNotRead() throws IOException {
    answer("/large", 200, "x".repeat(1001));
    try (var http = new OutboundHttp(DEVELOPER)) {
      assertThrows(OutboundRefused.class, () -> http.get(base.resolve("/large"), Map.of()));
    }
  }

  @Test
  void ofALongAnswerTheBeginningIsGivenWhereThatIsEnough() throws IOException {
    answer("/large", 200, "x".repeat(100_000));
    try (var http = new OutboundHttp(DEVELOPER)) {
      var bounds = new OutboundHttp.Bounds(Duration.ofSeconds(5), 10);
      for (var i = 0; i < 40; i++) {
        var answer = http.post(base.resolve("/large"), Map.of(), "text/plain", new byte[1], bounds);
        assertEquals("x".repeat(10), new String(answer.body(), StandardCharsets.UTF_8));
      }
      assertEquals(200, http.options(base.resolve("/ok"), Map.of(), bounds).status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "127.0.0.0/8, true",
    "0.0.0.0/0, true",
    "127.0.0.2, false",
    "127.0.1.0/24, false",
    "hooks.example, false",
    "::/0, false",
  })
  void whatTheOperatorAllowsIsReachedAlsoWhenItIsPrivate(String entry, boolean reached)
      throws IOException {
    var config =
        new OutboundConfig(
            false, List.of(entry), Duration.ofSeconds(5), Duration.ofSeconds(20), 1000);
    try (var http = new OutboundHttp(config)) {
      if (reached) {
        assertEquals(200, http.get(base.resolve("/ok"), Map.of()).status());
      } else {
        assertThrows(IOException.class, () -> http.get(base.resolve("/ok"), Map.of()));
      }
    }
  }

  @Test
  void anAllowedNameMayBeAnywhereAndOthersStillMayNot() throws IOException {
    var config =
        new OutboundConfig(
            false, List.of("hooks.example"), Duration.ofSeconds(5), Duration.ofSeconds(20), 1000);
    var inside = InetAddress.getLoopbackAddress();
    try (var http = new OutboundHttp(config, _ -> new InetAddress[] {inside})) {
      var port = base.getPort();
      var named = URI.create("http://Hooks.example:" + port + "/ok");
      assertEquals(200, http.get(named, Map.of()).status());
      var other = URI.create("http://other.example:" + port + "/ok");
      assertThrows(OutboundRefused.class, () -> http.get(other, Map.of()));
      var secure = URI.create("https://other.example:" + port + "/ok");
      assertThrows(IOException.class, () -> http.get(secure, Map.of()));
    }
    assertEquals(1, hits.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/x", "a b", "http://x", "::1/129"})
  void anAllowedEntryThatIsNoneStopsTheStart(String entry) {
    var settings = new Settings(Map.of("outbound.allow", entry));
    assertThrows(SettingsProblem.class, () -> OutboundConfig.of(settings, false));
  }

  @Test
  void aPeerThatNeverAnswersIsCutAtTheDeadline() throws IOException {
    var release = new CountDownLatch(1);
    peer.createContext(
        "/silent",
        exchange -> {
          try {
            release.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    var hasty =
        new OutboundConfig(true, List.of(), Duration.ofSeconds(5), Duration.ofMillis(200), 1000);
    try (var http = new OutboundHttp(hasty)) {
      assertThrows(IOException.class, () -> http.get(base.resolve("/silent"), Map.of()));
    } finally {
      release.countDown();
    }
  }

  @Test
  void publicAddressesArePublic() throws IOException {
    for (var address : new String[] {"93.184.216.34", "8.8.8.8", "2606:4700::1111", "172.32.0.1"}) {
      assertTrue(OutboundAddresses.isPublic(InetAddress.getByName(address)), address);
    }
    for (var address : new String[] {"224.0.0.1", "255.255.255.255", "2001:db8::1", "198.18.0.1"}) {
      assertFalse(OutboundAddresses.isPublic(InetAddress.getByName(address)), address);
    }
  }

  private void answer(String path, int status, String body) {
    peer.createContext(
        path,
        exchange -> {
          hits.incrementAndGet();
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void redirect(String path, String location) {
    peer.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }
}
