package dev.parley.base.wire;

import dev.parley.base.store.RepeatKey;
import dev.parley.base.words.Caller;
import dev.parley.base.words.Resource;
import java.time.Instant;
import java.util.Optional;

/**
 * A request that passed the edge's checks: the caller is proven, the body is whole and within its
 * bound.
 */
public interface Request {
  Route route();

  Resource resource();

  Caller caller();

  /** The caller of a route that lets in users only. */
  Caller.User user();

  /** Id of this request, in the answer's {@code x-ms-request-id} and in every log line. */
  String id();

  /**
   * The api-version served, always one of the route's known ones; empty text when the route has
   * none.
   */
  String apiVersion();

  /** A path parameter, percent-decoded once ({@code +} stays a plus). */
  String path(String name);

  /** The first value of a query parameter, decoded. */
  Optional<String> query(String name);

  /**
   * A query parameter that must be a whole number.
   *
   * @throws dev.parley.base.words.Refusal 400 when it is none or out of bounds
   */
  Optional<Integer> queryInt(String name, int min, int max);

  /**
   * A query parameter that must be an RFC 3339 time.
   *
   * @throws dev.parley.base.words.Refusal 400 when it is none
   */
  Optional<Instant> queryTime(String name);

  /** The first value of a header, by name in any case. */
  Optional<String> header(String name);

  /** The body's bytes; empty when there is none. */
  byte[] body();

  /**
   * The body as a JSON record. An empty body reads as {@code {}}.
   *
   * @throws dev.parley.base.words.Refusal 400 for broken JSON, another shape or text that is no
   *     Unicode (lone surrogates); 415 for another content type than the method's ({@code
   *     application/merge-patch+json} or JSON for PATCH, JSON otherwise)
   */
  <T> T json(Class<T> type);

  /**
   * The client's repeatability id, validated as the route says.
   *
   * @throws dev.parley.base.words.Refusal 400 for a malformed id, or a missing or malformed
   *     first-sent where the contract has it
   */
  Optional<RepeatKey> repeatKey();

  /**
   * An absolute link to the next page of this list: this request's path and query with the given
   * parameters set anew; it holds the api-version, and only characters whose form encoding is the
   * same in both signing forms.
   *
   * @param position opaque position; comes back in the query parameter {@code name}, where {@link
   *     #position} reads it
   */
  String nextLink(String name, String position);

  /**
   * The position of a link made by {@link #nextLink} for this operation.
   *
   * @throws dev.parley.base.words.Refusal 400 when the link was tampered with
   */
  Optional<String> position(String name);
}
