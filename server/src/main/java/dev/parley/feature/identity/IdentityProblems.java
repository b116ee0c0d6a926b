package dev.parley.feature.identity;

import dev.parley.base.words.Refusal;

/**
 * Every refusal of the identity operations. Codes and words are those of the service, as public
 * recordings of the official SDKs' tests have them; {@code docs/compatibility.md} lists what is our
 * own choice.
 */
final class IdentityProblems {
  private IdentityProblems() {}

  /** A malformed id, or another resource's: the same answer for both, so that it tells nothing. */
  static Refusal notOwned(String why) {
    return Refusal.of(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.")
        .because(why);
  }

  static Refusal notFound(UserKey user) {
    return Refusal.of(404, "IdentityNotFound", "Provided identity doesn't exist.")
        .because(user.id() + " is deleted or was never created");
  }

  static Refusal scopesRequired() {
    return invalid("Invalid scopes - Scopes field is required.", "scopes");
  }

  static Refusal scopeUnknown() {
    return invalid("Invalid scopes - Scopes field contains an unknown scope.", "scopes");
  }

  static Refusal lifetime(int minutes) {
    return invalid(
        "ExpiresInMinutes value %d is invalid. Value must be within the [%d, %d] interval."
            .formatted(minutes, TokenWish.MINUTES_MIN, TokenWish.MINUTES_MAX),
        "ExpiresInMinutes");
  }

  static Refusal externalId() {
    return invalid("ExternalId must have 1 to 256 characters.", "externalId");
  }

  static Refusal externalIdTwice() {
    return invalid("ExternalId and CustomId must not differ.", "externalId");
  }

  static Refusal required(String member) {
    return invalid("%s: The %s field is required.".formatted(member, member), member);
  }

  static Refusal format(String member, String target) {
    return invalid("Provided %s has invalid format.".formatted(member), target);
  }

  static Refusal mismatch(String member, String target) {
    return invalid("Provided %s doesn't match the access token.".formatted(member), target);
  }

  static Refusal principalType() {
    return invalid("PrincipalType must be user or resourceAccount.", "principalType");
  }

  static Refusal tooManyClients(int most) {
    return invalid("ClientIds must have at most %d entries.".formatted(most), "clientIds");
  }

  static Refusal assignmentNotFound() {
    return Refusal.of(404, "AssignmentNotFound", "Provided assignment doesn't exist.");
  }

  static Refusal invalidAccessToken(String why) {
    return Refusal.of(401, "InvalidAccessToken", "Provided access token is not valid.")
        .because(why);
  }

  /** Says what is missing, since nothing the caller sends could help. */
  static Refusal noIssuer() {
    return Refusal.of(
            401,
            "InvalidAccessToken",
            "Provided access token is not valid: no token issuer is configured on this server.")
        .because(
            "set identity.issuers.<name>.issuer, .audience and .keys to take tokens in exchange");
  }

  static Refusal forbidden(String why) {
    return Refusal.of(403, "Forbidden", "User is not allowed to perform specified action.")
        .because(why);
  }

  static Refusal unauthorized(String why) {
    return Refusal.of(401, "Unauthorized", "Request is not authorized.").because(why);
  }

  static Refusal resourceGone() {
    return unauthorized("the resource was deleted meanwhile");
  }

  static Refusal issuerUnavailable(String why) {
    return unavailable().header("Retry-After", "60").because(why);
  }

  static Refusal contested() {
    return unavailable()
        .header("Retry-After", "1")
        .because("the external id's user was deleted each time it was made");
  }

  private static Refusal unavailable() {
    return Refusal.of(
        503, "ServiceUnavailable", "The server is currently unable to handle the request.");
  }

  private static Refusal invalid(String message, String target) {
    return Refusal.of(400, "ValidationError", message).about(target);
  }
}
