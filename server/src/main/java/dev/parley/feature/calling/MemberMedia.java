package dev.parley.feature.calling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.media.Publishing;
import dev.parley.media.TrackName;
import dev.parley.media.Viewing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one participant sends, and what it is shown; belongs to the call's thread. */
final class MemberMedia {
  /**
   * A track that is sent.
   *
   * @param id unique in the participant; 0 for audio
   * @param lines the height of its best layer in pixels
   */
  record Sent(String mid, StreamType type, int id, int lines) {}

  /**
   * What the participant wants to see.
   *
   * @param lines the height at which it is shown, in pixels; 0 when that was not said
   */
  record Wanted(String participant, int stream, int lines) {}

  /** By section of the sending connection. */
  Map<String, Sent> sent = new LinkedHashMap<>();

  List<Wanted> wanted = List.of();
  @Nullable Publishing publishing;

  /** Null until it asks for something. */
  @Nullable Viewing viewing;

  /** When the last offer went out that was not answered, in nanoseconds of this machine; else 0. */
  long offeredNanos;

  private int ids;

  int nextId() {
    return ++ids;
  }

  Optional<Sent> audio() {
    return sent.values().stream().filter(one -> one.type() == StreamType.AUDIO).findFirst();
  }

  Optional<Sent> stream(int id) {
    return sent.values().stream()
        .filter(one -> one.type() != StreamType.AUDIO && one.id() == id)
        .findFirst();
  }

  /** The name in the media core of what a participant sends. */
  static TrackName name(Member member, Sent sent) {
    return new TrackName(member.id, sent.mid(), sent.type() != StreamType.AUDIO);
  }

  /** {@code streams} of a participant. */
  void putStreams(ObjectNode participant) {
    var list = participant.putArray("streams");
    for (var one : sent.values()) {
      if (one.type() != StreamType.AUDIO) {
        list.addObject().put("id", one.id()).put("type", one.type().word());
      }
    }
  }
}
