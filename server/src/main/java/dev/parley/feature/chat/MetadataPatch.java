package dev.parley.feature.chat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A merge patch of metadata (RFC 7396).
 *
 * @param all whether everything is taken away first
 * @param values new values; an empty one takes the name away
 */
record MetadataPatch(boolean all, Map<String, Optional<String>> values) {
  /** Names and values together; the contract's 1 KB. */
  static final int BYTES_MAX = 1024;

  /**
   * The metadata after the patch.
   *
   * @throws dev.parley.base.words.Refusal 400 when they grow too large
   */
  Map<String, String> applied(Map<String, String> before) {
    var after = new TreeMap<String, String>(all ? Map.of() : before);
    values.forEach((name, value) ->
        value.ifPresentOrElse(text -> after.put(name, text), () -> after.remove(name)));
    return checked(after);
  }

  /** The same metadata, when they are within the bound. */
  static Map<String, String> checked(Map<String, String> metadata) {
    var bytes = 0;
    for (var entry : metadata.entrySet()) {
      bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > BYTES_MAX) {
      throw ChatProblems.metadataTooLarge(bytes);
    }
    return metadata;
  }
}
