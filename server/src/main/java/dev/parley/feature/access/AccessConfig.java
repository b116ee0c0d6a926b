package dev.parley.feature.access;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of rights and their log.
 *
 * @param activityRetention how long entries of the activity log are kept
 */
public record AccessConfig(Duration activityRetention) {
  /** Reads the settings. */
  public static AccessConfig of(Settings settings) {
    return new AccessConfig(
        settings.duration(
            "activity.retention",
            Duration.ofDays(90),
            "How long entries of the activity log are kept."));
  }
}
