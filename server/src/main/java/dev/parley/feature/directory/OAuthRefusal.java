package dev.parley.feature.directory;

/**
 * What the issuer refuses, as OAuth 2.0 (RFC 6749 section 5.2) and Entra word it; clients read both
 * the word and the number.
 */
final class OAuthRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String error;
  private final int number;

  private OAuthRefusal(int status, String error, int number, String message) {
    super(message, null, false, false);
    this.status = status;
    this.error = error;
    this.number = number;
  }

  int status() {
    return status;
  }

  String error() {
    return error;
  }

  int number() {
    return number;
  }

  String words() {
    return "AADSTS%d: %s".formatted(number, getMessage());
  }

  static OAuthRefusal noTenant(String tenant) {
    return new OAuthRefusal(400, "invalid_tenant", 90002, "Tenant '" + tenant + "' not found.");
  }

  static OAuthRefusal missing(String parameter) {
    return new OAuthRefusal(
        400,
        "invalid_request",
        900144,
        "The request body must contain the following parameter: '" + parameter + "'.");
  }

  static OAuthRefusal twice(String parameter) {
    return new OAuthRefusal(
        400, "invalid_request", 900144, "The parameter '" + parameter + "' is given twice.");
  }

  static OAuthRefusal badGrant() {
    return new OAuthRefusal(
        400,
        "unsupported_grant_type",
        70003,
        "The app requested an unsupported grant type. Supported are client_credentials and authorization_code.");
  }

  static OAuthRefusal noClient() {
    return new OAuthRefusal(
        400, "unauthorized_client", 700016, "The application was not found in the directory.");
  }

  static OAuthRefusal badSecret() {
    return new OAuthRefusal(401, "invalid_client", 7000215, "Invalid client secret provided.");
  }

  static OAuthRefusal expiredSecret() {
    return new OAuthRefusal(
        401, "invalid_client", 7000222, "The provided client secret keys are expired.");
  }

  static OAuthRefusal secretNeeded() {
    return new OAuthRefusal(
        401,
        "invalid_client",
        7000218,
        "The request body must contain the following parameter: 'client_secret'.");
  }

  static OAuthRefusal busy() {
    return new OAuthRefusal(
        503, "temporarily_unavailable", 90033, "The service is busy; try again in a while.");
  }

  static OAuthRefusal locked() {
    return new OAuthRefusal(
        400, "invalid_grant", 50053, "Too many wrong attempts; try again in a while.");
  }

  static OAuthRefusal disabled() {
    return new OAuthRefusal(400, "invalid_grant", 50057, "The account is disabled.");
  }

  static OAuthRefusal badPassword() {
    return new OAuthRefusal(
        400,
        "invalid_grant",
        50126,
        "Error validating credentials due to invalid username or password.");
  }

  static OAuthRefusal badScope(String scope) {
    return new OAuthRefusal(
        400,
        "invalid_scope",
        70011,
        "The provided value for the input parameter 'scope' is not valid: " + scope);
  }

  static OAuthRefusal noResource(String audience) {
    return new OAuthRefusal(
        400,
        "invalid_resource",
        500011,
        "The resource principal named " + audience + " was not found in the directory.");
  }

  static OAuthRefusal badCode() {
    return new OAuthRefusal(
        400,
        "invalid_grant",
        70008,
        "The provided authorization code is expired, used or unknown.");
  }

  static OAuthRefusal badVerifier() {
    return new OAuthRefusal(
        400,
        "invalid_grant",
        501481,
        "The code_verifier does not match the code_challenge of the authorization request.");
  }

  static OAuthRefusal badRedirect() {
    return new OAuthRefusal(
        400,
        "invalid_request",
        50011,
        "The redirect URI of the request does not match those of the application.");
  }

  static OAuthRefusal badResponseType() {
    return new OAuthRefusal(
        400, "unsupported_response_type", 700051, "response_type must be code.");
  }

  static OAuthRefusal pkceNeeded() {
    return new OAuthRefusal(
        400,
        "invalid_request",
        9002325,
        "Proof Key for Code Exchange is required: code_challenge with code_challenge_method S256.");
  }
}
