package dev.parley.feature.events;

import dev.parley.base.words.ResourceId;
import java.util.Optional;

/**
 * Issues the signed tokens that deliveries carry, so that a receiver can check who calls. Safe on
 * every thread; cheap, since every delivery asks.
 */
@FunctionalInterface
public interface DeliveryTokens {
  /** For a server that issues none. */
  DeliveryTokens NONE = (_, _, _) -> Optional.empty();

  /**
   * A JWT that is valid for some time.
   *
   * @param resource whose events are delivered
   * @param tenantId as the subscription names it; empty text where it names none
   * @param application id or URI of the application that the token is for
   * @return empty when there is no issuer for the tenant
   */
  Optional<String> token(ResourceId resource, String tenantId, String application);
}
