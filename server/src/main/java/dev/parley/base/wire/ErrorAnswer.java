package dev.parley.base.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.base.words.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The error envelope of the contracts (common.json, {@code CommunicationErrorResponse}). */
final class ErrorAnswer {
  private record Envelope(Fault error) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Fault(
      String code,
      String message,
      @Nullable String target,
      @Nullable List<Fault> details,
      @Nullable Fault innererror) {
    static Fault of(Refusal.Detail detail) {
      return new Fault(detail.code(), detail.message(), detail.target().orElse(null), null, null);
    }
  }

  private ErrorAnswer() {}

  /** The answer that a refusal becomes; what is for the log alone stays out. */
  static Response of(Refusal refusal) {
    var details = refusal.details().stream().map(Fault::of).toList();
    var fault =
        new Fault(
            refusal.code(),
            refusal.message(),
            refusal.target().orElse(null),
            details.isEmpty() ? null : details,
            refusal.inner().map(Fault::of).orElse(null));
    var response =
        Response.json(refusal.status(), new Envelope(fault))
            .header("x-ms-error-code", refusal.code());
    for (var header : refusal.headers().entrySet()) {
      response = response.header(header.getKey(), header.getValue());
    }
    return response;
  }
}
