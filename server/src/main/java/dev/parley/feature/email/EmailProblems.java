package dev.parley.feature.email;

import dev.parley.base.words.Refusal;

/** Every refusal of email, in the service's words. */
final class EmailProblems {
  private EmailProblems() {}

  /** What the service says of a member that is missing or malformed. */
  static Refusal badMember(String member, String why) {
    return coded(400, "BadRequest", "Request body validation error. See property '" + member + "'")
        .about(member)
        .because(why);
  }

  static Refusal badAddress(String member, String address) {
    return coded(400, "InvalidEmailAddress", "Invalid email address: '" + address + "'.")
        .about(member);
  }

  static Refusal tooManyRecipients(int recipientsMax) {
    return coded(
            400,
            "EmailRecipientLimitExceeded",
            "The email has more than " + recipientsMax + " recipients.")
        .about("recipients");
  }

  static Refusal tooLarge(int bytesMax) {
    return coded(413, "RequestEntityTooLarge", "The email is larger than " + bytesMax + " bytes.");
  }

  static Refusal badOperationId() {
    return coded(400, "BadRequest", "The header 'Operation-Id' must be a UUID.")
        .about("Operation-Id");
  }

  static Refusal otherBody(String id) {
    return coded(400, "BadRequest", "The operation id was already used with a different request.")
        .about("Operation-Id")
        .because("operation " + id + " has another body");
  }

  static Refusal notLinked(String domain) {
    return coded(404, "DomainNotLinked", "The specified sender domain has not been linked.")
        .about("senderAddress")
        .because(domain + " is not linked to the resource");
  }

  static Refusal notVerified(String domain) {
    return coded(400, "DomainNotVerified", "The specified sender domain has not been verified.")
        .about("senderAddress")
        .because(domain + " is linked, but its records are not verified");
  }

  static Refusal unknownSender(String username) {
    return coded(
            400,
            "InvalidSenderUserName",
            "Invalid sender username: '" + username + "'. The sender username must be provisioned.")
        .about("senderAddress");
  }

  static Refusal operationNotFound(String id) {
    return coded(404, "NotFound", "The operation was not found.").because("no operation " + id);
  }

  static Refusal noManagedDomains() {
    return coded(
            400, "BadRequest", "Domains that are managed for you are not available on this server.")
        .because("email.managed-domain is not set");
  }

  static Refusal badLink() {
    return coded(404, "NotFound", "This link leads nowhere.");
  }

  static Refusal badPosition() {
    return coded(400, "BadRequest", "The parameter 'after' is not what a nextLink holds.")
        .about("after");
  }

  static Refusal notSuppressed(String domain) {
    return coded(404, "NotFound", "The address was not suppressed by itself for " + domain + ".");
  }

  static Refusal noResource(String name) {
    return coded(404, "ResourceNotFound", "There is no resource '" + name + "'.").about("resource");
  }

  private static Refusal coded(int status, String code, String message) {
    return Refusal.of(status, code, message).header("x-ms-error-code", code);
  }
}
