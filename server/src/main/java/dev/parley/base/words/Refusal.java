package dev.parley.base.words;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The caller's mistake. Made in {@code <Feature>Problems} with Azure's status, code and words;
 * {@code base.wire} turns it into the answer, and nothing else catches it.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One entry of {@code error.details}. */
  public record Detail(String code, String message, Optional<String> target) {}

  private final int status;
  private final String code;
  private final transient Optional<String> target;
  private final transient List<Detail> details;
  private final transient Optional<Detail> inner;
  private final transient Map<String, String> headers;
  private final String why;

  private Refusal(
      int status,
      String code,
      String message,
      Optional<String> target,
      List<Detail> details,
      Optional<Detail> inner,
      Map<String, String> headers,
      String why) {
    // Refusals are answers, not faults: no stack trace is worth its cost.
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.target = target;
    this.details = details;
    this.inner = inner;
    this.headers = headers;
    this.why = why;
  }

  /** A refusal with an HTTP status, Azure's code, and the message that the caller reads. */
  public static Refusal of(int status, String code, String message) {
    return new Refusal(
        status, code, message, Optional.empty(), List.of(), Optional.empty(), Map.of(), "");
  }

  /**
   * The same, explained for the log; the answer never shows {@code why}. It must hold no secret.
   */
  public Refusal because(String why) {
    return new Refusal(status, code, message(), target, details, inner, headers, why);
  }

  /** The same, naming the member, header or parameter at fault. */
  public Refusal about(String target) {
    return new Refusal(status, code, message(), Optional.of(target), details, inner, headers, why);
  }

  /** The same with an {@code error.details} list. */
  public Refusal with(List<Detail> details) {
    return new Refusal(status, code, message(), target, List.copyOf(details), inner, headers, why);
  }

  /** The same with an {@code error.innererror}, which says more exactly what is wrong. */
  public Refusal inside(String innerCode, String innerMessage) {
    var more = Optional.of(new Detail(innerCode, innerMessage, Optional.empty()));
    return new Refusal(status, code, message(), target, details, more, headers, why);
  }

  /** The same with one more response header, {@code Retry-After} for instance. */
  public Refusal header(String name, String value) {
    var more = new java.util.LinkedHashMap<>(headers);
    more.put(name, value);
    return new Refusal(status, code, message(), target, details, inner, Map.copyOf(more), why);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  /** The words of the answer. */
  public String message() {
    var message = getMessage();
    return message == null ? "" : message;
  }

  public Optional<String> target() {
    return target;
  }

  public List<Detail> details() {
    return details;
  }

  public Optional<Detail> inner() {
    return inner;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** The explanation for the log, or empty text. */
  public String why() {
    return why;
  }
}
