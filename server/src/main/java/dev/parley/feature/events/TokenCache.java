package dev.parley.feature.events;

import dev.parley.base.kit.LruCache;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Tokens of deliveries, signed now and then instead of for every request. */
final class TokenCache implements DeliveryTokens {
  private static final int TOKENS_MAX = 1_000;

  /** Well before a token ends, which is an hour after it was signed. */
  private static final Duration KEPT = Duration.ofMinutes(20);

  private record Wanted(ResourceId resource, String tenantId, String application) {}

  private record Kept(String token, Instant until) {}

  private final DeliveryTokens issuer;
  private final InstantSource clock;
  private final LruCache<Wanted, Kept> tokens = new LruCache<>(TOKENS_MAX);

  TokenCache(DeliveryTokens issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  @Override
  public Optional<String> token(ResourceId resource, String tenantId, String application) {
    var wanted = new Wanted(resource, tenantId, application);
    var now = clock.instant();
    var kept = tokens.find(wanted).filter(token -> token.until().isAfter(now));
    if (kept.isPresent()) {
      return kept.map(Kept::token);
    }
    var fresh = issuer.token(resource, tenantId, application);
    fresh.ifPresent(token -> tokens.put(wanted, new Kept(token, now.plus(KEPT))));
    return fresh;
  }
}
