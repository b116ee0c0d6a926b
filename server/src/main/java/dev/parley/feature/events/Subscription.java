package dev.parley.feature.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An event subscription as stored.
 *
 * @param key unique in its resource
 * @param state only {@link State#SUCCEEDED} ones get events
 * @param validation what is open of the handshake
 */
record Subscription(
    SubscriptionKey key,
    Settings settings,
    State state,
    Optional<Validation> validation,
    Instant createdOn,
    String createdBy,
    Instant changedOn,
    String changedBy) {
  /**
   * What its owner says.
   *
   * @param name as its owner writes it
   * @param deadLetters where undeliverable events go; empty for nowhere
   */
  record Settings(
      String name,
      Endpoint endpoint,
      EventFilter filter,
      DeliverySchema schema,
      RetryPolicy retry,
      Optional<DeadLetterPlace> deadLetters,
      List<String> labels,
      Optional<Instant> expires) {
    Settings {
      labels = List.copyOf(labels);
    }

    boolean expired(Instant now) {
      return expires.isPresent() && !expires.get().isAfter(now);
    }
  }

  /** How long and how often delivery is tried. */
  record RetryPolicy(int attemptsMax, int minutesToLive) {
    static final int ATTEMPTS_MAX = 30;
    static final int MINUTES_MAX = 1440;
    static final RetryPolicy DEFAULT = new RetryPolicy(ATTEMPTS_MAX, MINUTES_MAX);
  }

  /** A storage container as the request names it; files lie in a folder of its name. */
  record DeadLetterPlace(String storageAccount, String container) {}

  /** {@code EventSubscriptionProvisioningState}. */
  enum State {
    CREATING("Creating"),
    AWAITING_MANUAL_ACTION("AwaitingManualAction"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    /** States in which the handshake is not over. */
    static final Set<State> OPEN = Set.of(CREATING, AWAITING_MANUAL_ACTION);
  }

  /**
   * An open handshake.
   *
   * @param code what the endpoint proves that it got
   * @param until when it fails
   */
  record Validation(String code, Instant until) {}

  Subscription with(State other, Optional<Validation> open) {
    return new Subscription(key, settings, other, open, createdOn, createdBy, changedOn, changedBy);
  }
}
