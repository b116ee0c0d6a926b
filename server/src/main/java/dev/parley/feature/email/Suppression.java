package dev.parley.feature.email;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address that gets nothing from a domain.
 *
 * @param address in lower case
 * @param list of the domain's own lists the one that it stands on; empty text for the list that is
 *     kept by itself
 * @param reason bounce, complaint, unsubscribe or list
 * @param since when it came on the list that is kept by itself
 */
record Suppression(String domain, String address, String list, String reason, Instant since) {
  /** Where a page of suppressed addresses ended: the next one begins after it. */
  record Place(String domain, String address, String list) {
    static final Place START = new Place("", "", "");
    private static final Pattern FORM = Pattern.compile("([^/]{0,253})/([^/]{0,400})/(.{0,400})");

    /**
     * As text for a link. A domain holds no slash, and what an address holds is written otherwise.
     */
    String text() {
      return domain + "/" + address.replace("%", "%25").replace("/", "%2F") + "/" + list;
    }

    /** Reads what {@link #text} wrote; empty for anything else. */
    static Optional<Place> parse(String text) {
      var parts = FORM.matcher(text);
      return parts.matches()
          ? Optional.of(
              new Place(
                  parts.group(1),
                  parts.group(2).replace("%2F", "/").replace("%25", "%"),
                  parts.group(3)))
          : Optional.empty();
    }
  }

  Place place() {
    return new Place(domain, address, list);
  }

  boolean isAutomatic() {
    return list.equals(SuppressionStore.AUTOMATIC);
  }
}
