package dev.parley.feature.media;

import dev.parley.base.words.Refusal;

/** Every refusal of the media rooms. */
final class MediaProblems {
  private MediaProblems() {}

  static Refusal badTicket() {
    return Refusal.of(403, "Forbidden", "The ticket is not valid here, or has expired.");
  }

  static Refusal badField(String field, String what) {
    return Refusal.of(400, "BadRequest", "The field " + field + " must be " + what + ".")
        .about(field);
  }

  static Refusal noSession() {
    return Refusal.of(404, "NotFound", "There is no such media session.");
  }

  static Refusal noRoom() {
    return Refusal.of(404, "NotFound", "Nobody is in such a room.");
  }

  static Refusal notSdp(String type) {
    return Refusal.of(415, "UnsupportedMediaType", "The body must be of type " + type + ".");
  }

  static Refusal badOffer(boolean malformed, String detail) {
    return Refusal.of(
        malformed ? 400 : 422,
        malformed ? "BadRequest" : "UnprocessableEntity",
        "The session description cannot be used: " + detail + ".");
  }

  static Refusal full() {
    return Refusal.of(503, "ServiceUnavailable", "No more media connections can be taken now.")
        .header("Retry-After", "5");
  }

  static Refusal closedRoom() {
    return Refusal.of(403, "Forbidden", "The room was closed.");
  }
}
