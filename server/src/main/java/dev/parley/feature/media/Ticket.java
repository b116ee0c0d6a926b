package dev.parley.feature.media;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What the holder may do: once or again, until it expires.
 *
 * @param resource whose room it is
 * @param stream for a publisher its name; for a viewer whose stream it sees, empty text for all
 * @param own for a viewer the name under which the same person publishes, or empty text
 * @param bits video's rate at most, 0 for no limit
 * @param expires seconds since 1970
 */
record Ticket(
    @JsonProperty("v") String resource,
    @JsonProperty("r") String room,
    @JsonProperty("p") boolean publishes,
    @JsonProperty("s") String stream,
    @JsonProperty("o") String own,
    @JsonProperty("a") boolean audio,
    @JsonProperty("w") boolean video,
    @JsonProperty("b") int bits,
    @JsonProperty("e") long expires) {
  /** The room's name in the media core: no resource reaches another one's. */
  String place() {
    return place(resource, room);
  }

  static String place(String resource, String room) {
    return resource + "/" + room;
  }
}
