package dev.parley.feature.relay;

import dev.parley.base.words.Refusal;

/** Every refusal of network traversal; the contract names no codes of its own. */
final class RelayProblems {
  private RelayProblems() {}

  static Refusal unknownUser() {
    return bad("id", "The identity does not exist.")
        .because("the id is of no user of this resource");
  }

  static Refusal badRouteType() {
    return bad("routeType", "The route type must be any or nearest.");
  }

  static Refusal badTtl() {
    return bad("ttl", "The ttl must not be negative.");
  }

  private static Refusal bad(String target, String message) {
    return Refusal.of(400, "BadRequest", message).about(target);
  }
}
