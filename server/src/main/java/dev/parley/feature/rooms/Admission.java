package dev.parley.feature.rooms;

import java.time.Instant;

/**
 * Whether a user may join a room now. The sub-codes are those with which the calling SDK ends a
 * call for the same reason.
 */
public sealed interface Admission {
  /**
   * Come in.
   *
   * @param pstnDialOut whether this participant may have the call dial a telephone number
   * @param until the call ends for everybody then, unless the room is changed before
   */
  record Admitted(Role role, boolean pstnDialOut, Instant until) implements Admission {}

  /** There is no such room in the user's resource; 404 with sub-code 5732. */
  record NoSuchRoom() implements Admission {}

  /** The user is not on the list; 403 with sub-code 5828. Told also outside of the room's time. */
  record NotInvited() implements Admission {}

  /** Too early; 403 with sub-code 5829. */
  record NotYetOpen(Instant validFrom) implements Admission {}

  /** Too late; 403 with sub-code 5829. */
  record Ended(Instant validUntil) implements Admission {}
}
