package dev.parley.protocol.rtp;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The ids that one connection gave to header extensions. They differ from peer to peer. */
public final class ExtensionMap {
  /** No extension at all. */
  public static final ExtensionMap EMPTY = new ExtensionMap(Map.of());

  private final Map<ExtensionKind, Integer> ids = new EnumMap<>(ExtensionKind.class);
  private final ExtensionKind[] kinds = new ExtensionKind[256];

  /**
   * A map from kinds to ids.
   *
   * @throws IllegalArgumentException for an id outside of 1 to 255, or one that is used twice
   */
  public ExtensionMap(Map<ExtensionKind, Integer> ids) {
    for (var entry : ids.entrySet()) {
      var id = entry.getValue();
      if (id < 1 || id > 255 || kinds[id] != null) {
        throw new IllegalArgumentException("The id " + id + " for " + entry.getKey());
      }
      this.ids.put(entry.getKey(), id);
      kinds[id] = entry.getKey();
    }
  }

  /** The id, or 0 when the kind was not negotiated. */
  public int id(ExtensionKind kind) {
    return ids.getOrDefault(kind, 0);
  }

  /** What an id stands for. */
  public Optional<ExtensionKind> kind(int id) {
    return id < 1 || id > 255 ? Optional.empty() : Optional.ofNullable(kinds[id]);
  }

  /**
   * For each id of this map the id of another one, or 0 for what must not be forwarded. Made once
   * per pair of connections, then used for every packet ({@link RtpWriter#extensions}).
   */
  public byte[] to(ExtensionMap other, ExtensionKind... forwarded) {
    var table = new byte[256];
    for (var kind : forwarded) {
      if (id(kind) != 0) {
        table[id(kind)] = (byte) other.id(kind);
      }
    }
    return table;
  }

  /** The kinds and their ids. */
  public Map<ExtensionKind, Integer> ids() {
    return Map.copyOf(ids);
  }

  @Override
  public String toString() {
    return ids().toString();
  }
}
