package dev.parley.feature.email.arm;

import dev.parley.base.arm.ArmId;
import dev.parley.base.words.Refusal;

/** Every refusal of email's management plane. */
final class EmailArmProblems {
  private EmailArmProblems() {}

  static Refusal badName(String name, String type) {
    return Refusal.of(
        400,
        "InvalidResourceName",
        "The name '%s' is not valid for type '%s'.".formatted(name, type));
  }

  static Refusal badProperty(String property, String what) {
    return Refusal.of(400, "BadRequest", "The property '" + property + "' must be " + what + ".")
        .about("properties." + property);
  }

  static Refusal linked(ArmId domain) {
    return Refusal.of(
        409,
        "DomainLinked",
        "The domain '"
            + domain.name()
            + "' is linked to a communication service. Unlink it first.");
  }

  static Refusal taken(String username) {
    return Refusal.of(
            409, "Conflict", "The user name '" + username + "' is used by another service.")
        .about("properties.username");
  }

  static Refusal tooMany(String type, int max) {
    return Refusal.of(409, "QuotaExceeded", "There are at most " + max + " " + type + ".");
  }

  static Refusal managed() {
    return Refusal.of(
        400, "InvalidOperation", "A domain that is managed for you needs no verification.");
  }
}
