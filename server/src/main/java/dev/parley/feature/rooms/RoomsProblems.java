package dev.parley.feature.rooms;

import dev.parley.base.words.Refusal;
import dev.parley.base.words.Refusal.Detail;
import dev.parley.base.words.RoomId;
import java.util.List;
import java.util.Optional;

/**
 * Every refusal of rooms. Codes, words and details are those of recorded answers of the service,
 * where there are any.
 */
final class RoomsProblems {
  private RoomsProblems() {}

  static Refusal notFound(RoomId room) {
    return Refusal.of(404, "NotFound", "The server cannot find the requested resource.")
        .because("no room " + room);
  }

  static Refusal badIdLength() {
    return bad("Invalid room ID length.");
  }

  static Refusal badId() {
    return bad("Invalid room ID.");
  }

  static Refusal badIdentifier() {
    return bad("Invalid format for communication identifier.")
        .because("a participant is no user of a communication resource");
  }

  static Refusal endInThePast() {
    return argument("ValidUntil", "The time range end is in the past.");
  }

  static Refusal badStart() {
    return argument("ValidFrom", "Value is incorrect or more than 180 days in the future.");
  }

  static Refusal badRange() {
    return argument("ValidUntil", "The time range is incorrect, or larger than 180 days.");
  }

  static Refusal badParticipant(String userId) {
    return argument(
        "$.participants." + userId, "The JSON value could not be converted to a participant.");
  }

  static Refusal badRole(String userId) {
    return argument(
        "$.participants." + userId + ".role", "The JSON value could not be converted to a role.");
  }

  static Refusal tooMany(int max) {
    return argument("Participants", "A room has at most " + max + " participants.");
  }

  private static Refusal argument(String target, String message) {
    return bad("The request could not be understood by the server due to malformed syntax.")
        .with(List.of(new Detail("BadArgument", message, Optional.of(target))))
        .because(target + ": " + message);
  }

  private static Refusal bad(String message) {
    return Refusal.of(400, "BadRequest", message);
  }
}
