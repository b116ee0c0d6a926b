package dev.parley.feature.realtime;

import dev.parley.base.words.Refusal;

/** Every refusal of real time. Clients look at the status alone; the words are for people. */
final class RealtimeProblems {
  private RealtimeProblems() {}

  static Refusal noToken() {
    return Refusal.of(401, "Unauthorized", "The header X-Skypetoken must hold an access token.");
  }

  static Refusal notAllowed(String why) {
    return Refusal.of(403, "Forbidden", "User is not allowed to perform specified action.")
        .because(why);
  }

  static Refusal missing(String parameter) {
    return Refusal.of(400, "BadRequest", "The query parameter " + parameter + " is required.")
        .about(parameter);
  }

  static Refusal badParameters() {
    return Refusal.of(
        403, "Forbidden", "The connection parameters were not made for this user and endpoint.");
  }

  static Refusal noSession() {
    return Refusal.of(404, "NotFound", "There is no such session; start with a new allocation.");
  }

  static Refusal foreignSession() {
    return Refusal.of(403, "Forbidden", "The session belongs to somebody else.");
  }

  static Refusal badPackets() {
    return Refusal.of(400, "BadRequest", "The body holds no packets.");
  }

  static Refusal badRegistration() {
    return Refusal.of(400, "BadRequest", "registrationId is required.").about("registrationId");
  }

  static Refusal tooManyEndpoints(int max) {
    return Refusal.of(
            429, "TooManyRequests", "At most " + max + " endpoints of a user connect at once.")
        .header("Retry-After", "30");
  }

  static Refusal tooManyStreams(int max) {
    return Refusal.of(429, "TooManyRequests", "At most " + max + " streams are open at once.")
        .header("Retry-After", "30");
  }

  static Refusal badPosition(String position) {
    return Refusal.of(400, "BadRequest", "The position was not made by this stream.")
        .about("position")
        .because("a position of %d characters".formatted(position.length()));
  }

  static Refusal tooManyHandshakes() {
    return Refusal.of(503, "ServiceUnavailable", "Too many connections are being made.")
        .header("Retry-After", "1");
  }

  static Refusal draining() {
    return Refusal.of(503, "ServiceUnavailable", "This server is about to stop.")
        .header("Retry-After", "1");
  }

  static Refusal resourceGone() {
    return Refusal.of(404, "ResourceNotFound", "The communication resource was deleted.");
  }
}
