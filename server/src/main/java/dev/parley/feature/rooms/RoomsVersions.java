package dev.parley.feature.rooms;

import dev.parley.base.wire.ApiVersions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one version of the contract has. What a version lacks is neither taken nor shown.
 *
 * @param version of the request
 */
record RoomsVersions(String version) {
  static final ApiVersions ALL =
      ApiVersions.of(
          "2023-03-31-preview",
          "2023-06-14",
          "2023-10-30-preview",
          "2024-04-15",
          "2025-02-28-preview",
          "2025-03-13");

  private static final String PSTN_DIAL_OUT = "2023-10-30-preview";
  private static final String COLLABORATOR = "2025-02-28-preview";

  boolean hasPstnDialOut() {
    return since(PSTN_DIAL_OUT);
  }

  /** The member of a request; an older version does not know it. */
  Optional<Boolean> pstnDialOut(@Nullable Boolean given) {
    return hasPstnDialOut() ? Optional.ofNullable(given) : Optional.empty();
  }

  boolean takes(Role role) {
    return role != Role.COLLABORATOR || since(COLLABORATOR);
  }

  /** Clients of an older version are shown the nearest role that they know. */
  Role shown(Role role) {
    return takes(role) ? role : Role.ATTENDEE;
  }

  /** Versions are dates, so their order is that of their text. */
  private boolean since(String first) {
    return version.compareTo(first) >= 0;
  }
}
