package dev.parley.feature.usage;

import java.util.Optional;

/** Where a page of sums ended: the next one begins after it. */
record UsagePosition(String resource, String meter, long day) {
  static final UsagePosition START = new UsagePosition("", "", Long.MIN_VALUE);

  static UsagePosition of(UsageDay last) {
    return new UsagePosition(last.resource().value(), last.meter(), last.day().toEpochDay());
  }

  /** As text for a link; no resource id and no meter holds a tilde. */
  String text() {
    return resource + "~" + meter + "~" + day;
  }

  /** Reads what {@link #text} wrote; empty for anything else. */
  static Optional<UsagePosition> parse(String text) {
    var parts = text.split("~", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(new UsagePosition(parts[0], parts[1], Long.parseLong(parts[2])));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
