package dev.parley.feature.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.base.store.StoreUnavailable;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LastTokensTest {
  private static final ResourceId RESOURCE = new ResourceId("r");
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  @Test
  void manyTokensOfAUserAreOneWriteOfTheNewestTime() {
    var written = new ConcurrentLinkedQueue<String>();
    var tokens =
        new LastTokens(Duration.ofDays(1), (user, at) -> written.add(user.id() + " " + at));
    for (var i = 0; i < 100; i++) {
      tokens.note(user("a"), NOON.plusSeconds(i % 50));
    }
    tokens.close();
    assertEquals("[a 2026-11-24T12:00:49Z]", written.toString());
  }

  @Test
  void aWaitingTimeIsSeenBeforeItIsWritten() {
    try (var tokens = new LastTokens(Duration.ofDays(1), (_, _) -> {})) {
      assertEquals(Optional.of(NOON), tokens.newest(stored(Optional.of(NOON))));
      tokens.note(user("a"), NOON.plusSeconds(1));
      assertEquals(Optional.of(NOON.plusSeconds(1)), tokens.newest(stored(Optional.of(NOON))));
      assertEquals(Optional.of(NOON.plusSeconds(1)), tokens.newest(stored(Optional.empty())));
    }
  }

  @Test
  void timesAreWrittenAfterTheInterval() throws InterruptedException {
    var written = new CountDownLatch(300);
    try (var tokens = new LastTokens(Duration.ofMillis(5), (_, _) -> written.countDown())) {
      for (var i = 0; i < 300; i++) {
        tokens.note(user("u" + i), NOON);
      }
      assertTrue(written.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aFailedWriteIsTriedAgain() throws InterruptedException {
    var tries = new AtomicInteger();
    var written = new CountDownLatch(1);
    try (var tokens =
        new LastTokens(
            Duration.ofMillis(5),
            (_, _) -> {
              if (tries.incrementAndGet() < 3) {
                throw new StoreUnavailable("full", null);
              }
              written.countDown();
            })) {
      tokens.note(user("a"), NOON);
      assertTrue(written.await(10, TimeUnit.SECONDS));
    }
  }

  private static UserKey user(String id) {
    return new UserKey(RESOURCE, id);
  }

  private static StoredUser stored(Optional<Instant> lastTokenOn) {
    return StoredUser.fresh(user("a"), NOON, Optional.empty(), lastTokenOn);
  }
}
