package dev.parley.feature.chat;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a thread lives after its creation ({@code ChatRetentionPolicy}).
 *
 * @param days 30 to 90, or 0 for the kind {@code none}
 */
record Retention(int days) {
  static final int DAYS_MIN = 30;
  static final int DAYS_MAX = 90;
  static final Retention NONE = new Retention(0);

  boolean ends() {
    return days > 0;
  }

  Instant end(Instant createdOn) {
    return createdOn.plus(Duration.ofDays(days));
  }
}
