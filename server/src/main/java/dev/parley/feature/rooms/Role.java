package dev.parley.feature.rooms;

import java.util.Optional;
import java.util.stream.Stream;

/** What a participant may do in the room's call ({@code behaviour.md} section 12). */
public enum Role {
  /** Everything: also mute and remove others, share the screen, and dial out to the telephone. */
  PRESENTER("Presenter"),
  /** Hears, sees, speaks and shows the camera. */
  ATTENDEE("Attendee"),
  /** Hears and sees. */
  CONSUMER("Consumer"),
  /** As an attendee, and may share the screen. */
  COLLABORATOR("Collaborator");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  /** The contract's spelling. */
  public String word() {
    return word;
  }

  static Optional<Role> of(String word) {
    return Stream.of(values()).filter(role -> role.word.equals(word)).findFirst();
  }
}
