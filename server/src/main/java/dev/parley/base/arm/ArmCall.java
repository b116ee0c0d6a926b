package dev.parley.base.arm;

import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Origin;
import java.util.Arrays;
import java.util.Optional;

/**
 * A management call that passed the checks.
 *
 * @param caller who asks
 * @param id what the call is about: the scope of its operation, in the caller's spelling
 */
public record ArmCall(Request request, Caller.Principal caller, ArmId id) {
  /** What the journal writes beside a change. */
  public Origin origin() {
    return caller.origin();
  }

  /** The body as a JSON record; {@link Request#json} has the refusals. */
  public <T> T json(Class<T> type) {
    return request.json(type);
  }

  /** A parameter of the path. */
  public String path(String name) {
    return request.path(name);
  }

  /** An absolute address on this server. */
  public String link(String path) {
    return request.resource().endpoint() + path;
  }

  /**
   * Checks {@code If-Match} and {@code If-None-Match} against what is there (RFC 9110 section 13).
   *
   * @param etag of what is there, with its quotes; empty when there is nothing
   * @throws dev.parley.base.words.Refusal 412
   */
  public void checkEtag(Optional<String> etag) {
    var match = request.header("if-match");
    if (match.isPresent() && (etag.isEmpty() || !names(match.get(), etag.get()))) {
      throw ArmProblems.precondition("The resource is not the one that If-Match names.");
    }
    var noneMatch = request.header("if-none-match");
    if (noneMatch.isPresent() && etag.isPresent() && names(noneMatch.get(), etag.get())) {
      throw ArmProblems.precondition("The resource is one that If-None-Match names.");
    }
  }

  private static boolean names(String header, String etag) {
    return Arrays.stream(header.split(",", 50))
        .map(String::strip)
        .anyMatch(name -> name.equals("*") || name.equals(etag));
  }

  /**
   * The answer with the addresses where clients follow a long-running operation, in both styles:
   * {@code Azure-AsyncOperation} gives its status, {@code Location} answers 202 until it is over.
   *
   * @param status id from {@link ArmStatuses#begin}
   * @param seconds when to ask first; 0 where it is over already
   */
  public Response followed(Response response, String status, int seconds) {
    var namespace = id.type().substring(0, id.type().indexOf('/'));
    var base =
        link(id.subscriptionId() + "/providers/" + namespace + "/locations/global/operation");
    var query = "/" + status + "?api-version=" + request.apiVersion();
    return response
        .header("Azure-AsyncOperation", base + "Statuses" + query)
        .header("Location", base + "Results" + query)
        .header("Retry-After", Integer.toString(seconds));
  }
}
