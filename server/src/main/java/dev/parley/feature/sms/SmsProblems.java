package dev.parley.feature.sms;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.base.kit.Json;
import dev.parley.base.wire.Response;
import dev.parley.base.words.Refusal;
import java.util.List;
import java.util.Map;

/**
 * Every refusal of SMS. A request of a wrong shape, and a report that is not there, get problem
 * details; the rest gets the error envelope (specs/sms/2026-01-23). What is wrong with one
 * recipient is said in that recipient's item.
 */
final class SmsProblems {
  static final String BAD_TO = "Invalid To phone number format.";
  static final String BAD_FIRST_SENT =
      "Request sent with Invalid DateTime value for repeatability-first-sent. Expected is DateTime ,RFC1123 pattern.";
  static final String BAD_REPEAT_ID =
      "Request sent with Invalid value for repeatability-request-id. Expected is a UUID.";
  static final String OTHER_REQUEST =
      "The repeatability-request-id was already used with a different request.";
  static final String NAME_NOT_ALLOWED =
      "Alphanumeric senders are not supported for this destination.";

  private record Problem(
      String type,
      String title,
      int status,
      @JsonProperty("traceId") String traceId,
      @JsonProperty("errors") Map<String, List<String>> errors) {}

  private record NotFound(
      String type, String title, int status, @JsonProperty("traceId") String traceId) {}

  private SmsProblems() {}

  /** What is wrong with the request's members, in the form of the service's validation. */
  static Response invalid(String requestId, Map<String, List<String>> errors) {
    var problem =
        new Problem(
            "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            "One or more validation errors occurred.",
            400,
            requestId,
            errors);
    return problem(400, Json.bytes(problem));
  }

  static Response noReport(String requestId) {
    var problem =
        new NotFound(
            "https://tools.ietf.org/html/rfc7231#section-6.5.4", "Not Found", 404, requestId);
    return problem(404, Json.bytes(problem));
  }

  private static Response problem(int status, byte[] body) {
    return Response.bytes(status, "application/problem+json; charset=utf-8", body);
  }

  static Refusal badFrom() {
    return Refusal.of(400, "BadRequest", "Invalid From phone number format.").about("from");
  }

  /** The service answers 401, not 403, to a sender of somebody else. */
  static Refusal notOwned(String from) {
    return Refusal.of(
            401, "Unauthorized", "The From number does not belong to the authenticated account.")
        .because("the resource does not own the sender " + from);
  }

  static Refusal cannotSend(String from) {
    return Refusal.of(401, "Unauthorized", "The From number is not enabled to send SMS.")
        .because("the sender " + from + " has no outbound SMS capability");
  }

  static Refusal badHandset(String why) {
    return Refusal.of(400, "BadRequest", why).about("number");
  }

  static Refusal badAction(String target, String message) {
    return Refusal.of(400, "BadRequest", message).about(target);
  }

  static Refusal nobodysNumber(String number) {
    return Refusal.of(404, "NotFound", "No resource owns this number, or it cannot receive SMS.")
        .about("to")
        .because("nobody owns " + number);
  }

  static Refusal noResource(String name) {
    return Refusal.of(404, "NotFound", "There is no such resource.")
        .about("resource")
        .because("resource " + name);
  }

  static Refusal noCarrier(String name) {
    return Refusal.of(404, "NotFound", "There is no such HTTP carrier.").because("carrier " + name);
  }

  static Refusal badSignature(String carrier) {
    return Refusal.of(401, "Unauthorized", "Request is not authorized.")
        .because("the webhook's signature does not match the secret of carrier " + carrier);
  }

  static Refusal badWebhook(String why) {
    return Refusal.of(400, "BadRequest", "The webhook's body is not what the settings expect.")
        .because(why);
  }
}
