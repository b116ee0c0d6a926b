package dev.parley.feature.events;

import java.util.List;

/**
 * Where events go. Webhooks are one; whatever takes events in batches and says how that ended fits
 * here. Blocking; safe on every thread.
 */
interface Destination {
  /**
   * Tries once, and never throws.
   *
   * @param events at least one, all wanted by the subscription
   * @param count how often these were tried before
   */
  Outcome deliver(Subscription subscription, List<GridEvent> events, int count);
}
