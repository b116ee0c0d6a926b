package dev.parley.base.wire;

import dev.parley.base.words.Refusal;
import java.net.URI;
import java.util.Collection;

/**
 * Every refusal of the edge itself, in the words of the services ({@code behaviour.md} section 3 of
 * the contracts).
 */
final class WireProblems {
  private WireProblems() {}

  static Refusal unauthorized(String why) {
    return Refusal.of(401, "Unauthorized", "Request is not authorized.")
        .header("WWW-Authenticate", "HMAC-SHA256, Bearer")
        .because(why);
  }

  /** What the management plane answers to nobody, in the words of the resource manager. */
  static Refusal tokenNeeded(URI authority) {
    return Refusal.of(
            401,
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.")
        .header("WWW-Authenticate", "Bearer authorization_uri=\"" + authority + "\"")
        .because("there is no Authorization header");
  }

  /** What the service answers to a signed request that does not verify. */
  static Refusal denied(String message, String why) {
    return Refusal.of(401, "Denied", message)
        .header("WWW-Authenticate", "HMAC-SHA256, Bearer")
        .because(why);
  }

  static Refusal forbidden(String why) {
    return Refusal.of(403, "Forbidden", "User is not allowed to perform specified action.")
        .because(why);
  }

  static Refusal keysDisabled() {
    return Refusal.of(
            403,
            "AuthenticationTypeDisabled",
            "Key based authentication is disabled for this resource.")
        .because("disableLocalAuth is set");
  }

  static Refusal networkRefused(String why) {
    return Refusal.of(
            403,
            "PublicNetworkAccessDisabled",
            "Public network access is disabled for this resource.")
        .because(why);
  }

  static Refusal badRequest(String message) {
    return Refusal.of(400, "BadRequest", message);
  }

  static Refusal badParameter(String name, String message) {
    return Refusal.of(400, "BadRequest", message).about(name);
  }

  static Refusal noRoute() {
    return Refusal.of(404, "NotFound", "The requested resource was not found.");
  }

  static Refusal noResource(String host) {
    return Refusal.of(
            404, "ResourceNotFound", "There is no communication resource at this address.")
        .because("host " + host + " names no resource");
  }

  static Refusal wrongMethod(Collection<Method> allowed) {
    return Refusal.of(405, "MethodNotAllowed", "The HTTP method is not supported here.")
        .header("Allow", String.join(", ", allowed.stream().map(Enum::name).sorted().toList()));
  }

  static Refusal tooLarge(int bytesMax) {
    return Refusal.of(
        413, "RequestEntityTooLarge", "The request body is larger than " + bytesMax + " bytes.");
  }

  static Refusal wrongMediaType(String expected) {
    return Refusal.of(
        415, "UnsupportedMediaType", "The request's content type must be " + expected + ".");
  }

  static Refusal badJson(String why) {
    return Refusal.of(400, "BadRequest", "The request body is not valid JSON for this operation.")
        .because(why);
  }

  static Refusal versionMissing() {
    return Refusal.of(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.")
        .about("api-version");
  }

  static Refusal versionInvalid(ApiVersions versions) {
    return Refusal.of(
            400,
            "InvalidApiVersionParameter",
            "The api-version is invalid. The supported versions are '%s'."
                .formatted(String.join(",", versions.known())))
        .about("api-version");
  }

  static Refusal busy() {
    return Refusal.of(
            503, "ServiceUnavailable", "The server is currently unable to handle the request.")
        .header("Retry-After", "1");
  }

  static Refusal fault() {
    return Refusal.of(500, "InternalServerError", "The server could not handle the request.");
  }
}
