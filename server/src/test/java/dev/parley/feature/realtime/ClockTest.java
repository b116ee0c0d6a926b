package dev.parley.feature.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Signal;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.SqliteStore;
import dev.parley.base.store.Store;
import dev.parley.base.store.StoreOptions;
import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the clock decides, and what it must not: it may jump either way at any time. */
class ClockTest {
  private static final ResourceId CONTOSO = new ResourceId("contoso");
  private static final Caller.User ANN =
      new Caller.User(
          CONTOSO,
          new CommunicationUser("8:acs:contoso_ann"),
          Set.of(Scope.CHAT),
          new Origin("8:acs:contoso_ann", "PRIMARY", ""));
  private static final Instant START = Instant.parse("2030-01-01T12:00:00Z");

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;
  private final List<String> sent = new ArrayList<>();
  private Store store;
  private Realtime realtime;

  @BeforeEach
  void open() {
    store = new SqliteStore(folder.resolve("db"), Marks.MIGRATIONS, StoreOptions.DEFAULT);
    var nobody =
        new Audience() {
          @Override
          public List<String> of(JournalRow row) {
            return List.of();
          }

          @Override
          public List<String> of(Signal signal) {
            return List.of();
          }
        };
    var receipts =
        new Endpoint.Receipts() {
          @Override
          public void received(int status) {}

          @Override
          public void lost(int events) {}
        };
    realtime =
        new Realtime(
            RealtimeConfig.DEFAULT,
            new OneResource(CONTOSO),
            nobody,
            _ -> Optional.empty(),
            clock,
            receipts,
            new EventStreams(store, nobody, _ -> Optional.empty()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Link connect(Duration life) {
    var transport =
        new LinkTransport() {
          @Override
          public boolean queue(byte[]... pieces) {
            sent.add(new String(pieces[0], StandardCharsets.UTF_8));
            return true;
          }

          @Override
          public boolean queuePatiently(byte[]... pieces) {
            return queue(pieces);
          }

          @Override
          public void flush() {}

          @Override
          public void close(String reason) {}

          @Override
          public String name() {
            return "test";
          }
        };
    var endpoint = realtime.expect(ANN, "tab");
    var link = new Link("c1", ANN, START.plus(life), START, "test", transport, endpoint);
    realtime.attach(link);
    return link;
  }

  @Test
  void aTokenEndsItsConnectionWhenItsTimeHasCome() {
    var link = connect(Duration.ofMinutes(60));
    realtime.sweep();
    assertTrue(link.isOpen());
    now.set(START.plus(Duration.ofMinutes(60)));
    realtime.sweep();
    assertFalse(link.isOpen());
    assertEquals(List.of("0:::{\"reason\":\"unauthorized\"}"), sent);
  }

  @Test
  void aClockThatJumpsMakesNobodySilentOrLate() {
    var link = connect(Duration.ofDays(30));
    for (var jump : List.of(Duration.ofDays(20), Duration.ofDays(-400), Duration.ofHours(3))) {
      now.set(START.plus(jump));
      realtime.sweep();
      assertTrue(link.isOpen(), jump.toString());
    }
    link.left();
    now.set(START.plus(Duration.ofDays(3)));
    realtime.sweep();
    assertTrue(realtime.find(ANN, "tab").isPresent(), "two minutes of real time are not over");
  }

  @Test
  void parametersHoldForTheirWeek() {
    var allocations =
        new Allocations(
            new OneResource(CONTOSO), RealtimeConfig.DEFAULT, clock, new SecureRandom());
    var resource = new OneResource(CONTOSO).byId(CONTOSO).orElseThrow();
    var none = new ConnectParams("", "", "");
    var given = allocations.allocate(resource, ANN, "tab", none).connectparams();
    var params = new ConnectParams(given.get("sr"), given.get("se"), given.get("sig"));
    assertTrue(allocations.check(ANN, "tab", params).isPresent());
    assertTrue(allocations.check(ANN, "other", params).isEmpty());
    now.set(START.minus(Duration.ofDays(400)));
    assertTrue(allocations.check(ANN, "tab", params).isPresent());
    now.set(START.plus(Duration.ofDays(7)));
    assertTrue(allocations.check(ANN, "tab", params).isEmpty());
  }
}
