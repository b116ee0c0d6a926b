package dev.parley.feature.directory;

import dev.parley.base.words.Refusal;

/**
 * Every refusal of the operator's operations on principals; {@link OAuthRefusal} has the issuer's.
 */
final class DirectoryProblems {
  private DirectoryProblems() {}

  static Refusal badName() {
    return Refusal.of(
            400,
            "InvalidPrincipalName",
            "A principal's name has 1 to 120 letters, digits, dots, hyphens, underscores and @.")
        .about("name");
  }

  static Refusal badKind() {
    return Refusal.of(400, "BadRequest", "kind must be application or user.").about("kind");
  }

  static Refusal badRedirect() {
    return Refusal.of(
            400,
            "BadRequest",
            "A redirect address is https, or http on localhost, without a fragment.")
        .about("redirects");
  }

  static Refusal badPassword() {
    return Refusal.of(400, "BadRequest", "A password has 12 to 256 characters.").about("password");
  }

  static Refusal nameTaken(String name) {
    return Refusal.of(409, "NameUnavailable", "There is already a principal '" + name + "'.")
        .about("name");
  }

  static Refusal notFound(String id) {
    return Refusal.of(404, "PrincipalNotFound", "There is no principal '" + id + "'.");
  }

  static Refusal noSecret(String id) {
    return Refusal.of(404, "SecretNotFound", "There is no secret '" + id + "'.");
  }

  static Refusal tooManySecrets() {
    return Refusal.of(409, "Conflict", "An application has at most 10 secrets.");
  }

  static Refusal onlyApplications() {
    return Refusal.of(409, "Conflict", "Only applications have secrets; a user has a password.");
  }

  static Refusal onlyUsers() {
    return Refusal.of(409, "Conflict", "Only users have passwords; an application has secrets.");
  }

  static Refusal tooMany() {
    return Refusal.of(409, "Conflict", "The directory is full.");
  }

  /** A bearer token proves nobody. */
  static Refusal unauthorized(String why) {
    return Refusal.of(401, "InvalidAuthenticationToken", "The access token is invalid.")
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"")
        .because(why);
  }

  static Refusal unavailable(String why) {
    return Refusal.of(
            503, "ServiceUnavailable", "The server is currently unable to handle the request.")
        .header("Retry-After", "60")
        .because(why);
  }
}
