package dev.parley.feature.email;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.email.EmailModels.AddressModel;
import dev.parley.feature.email.EmailModels.AttachmentModel;
import dev.parley.feature.email.EmailModels.MessageModel;
import dev.parley.feature.email.EmailModels.SendResult;
import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Routes of sending, the JSON they take and give, and the checks of its shape. */
final class EmailHttp {
  private static final ApiVersions VERSIONS =
      ApiVersions.of("2023-03-31", "2024-07-01-preview", "2025-09-01");

  private final EmailConfig config;
  private final Email email;

  EmailHttp(EmailConfig config, Email email) {
    this.config = config;
    this.email = email;
  }

  List<Route> routes() {
    return List.of(
        route(
            Method.POST,
            "/emails:send",
            "Email_Send",
            Idempotency.NONE,
            config.requestBytesMax(),
            this::send),
        route(
            Method.GET,
            "/emails/operations/{operationId}",
            "Email_GetSendResult",
            Idempotency.NATURAL,
            0,
            this::status));
  }

  private static Route route(
      Method method,
      String path,
      String operation,
      Idempotency idempotency,
      int bodyBytesMax,
      Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL),
        Set.of(),
        VERSIONS,
        method == Method.POST ? "email.send" : "email.status",
        "EmailSendMailOperational",
        idempotency,
        bodyBytesMax,
        handler);
  }

  private Response send(Request request) {
    var operation = email.send(request.resource(), request.caller(), read(request));
    var location =
        "%s/emails/operations/%s?api-version=%s"
            .formatted(request.resource().endpoint(), operation.key().id(), request.apiVersion());
    return waiting(Response.json(202, SendResult.of(operation)))
        .header("Operation-Location", location);
  }

  private Response status(Request request) {
    var operation = email.operation(request.caller(), request.path("operationId"));
    var answer = Response.json(200, SendResult.of(operation));
    return operation.status() == SendStatus.RUNNING ? waiting(answer) : answer;
  }

  private Response waiting(Response answer) {
    return answer.header("retry-after", Long.toString(config.retryAfter().toSeconds()));
  }

  private static NewEmail read(Request request) {
    var body = request.json(MessageModel.class);
    var content = required("content", body.content());
    var recipients = required("recipients", body.recipients());
    return new NewEmail(
        request.header("operation-id"),
        hash(request.body()),
        required("senderAddress", body.senderAddress()).strip(),
        addresses("recipients.to", recipients.to()),
        addresses("recipients.cc", recipients.cc()),
        addresses("recipients.bcc", recipients.bcc()),
        addresses("replyTo", body.replyTo()),
        required("content.subject", content.subject()),
        text(content.plainText()),
        text(content.html()),
        files(body.attachments(), request.body()),
        headers(body),
        Boolean.TRUE.equals(body.userEngagementTrackingDisabled()));
  }

  private static <T> T required(String member, @Nullable T value) {
    if (value == null) {
      throw EmailProblems.badMember(member, "it is missing");
    }
    return value;
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<MimeAddress> addresses(String member, @Nullable List<AddressModel> models) {
    return models == null
        ? List.of()
        : models.stream().map(model -> required(member, model).address(member)).toList();
  }

  private static List<MimeFile> files(@Nullable List<AttachmentModel> models, byte[] json) {
    return models == null
        ? List.of()
        : models.stream().map(model -> file(required("attachments", model), json)).toList();
  }

  private static MimeFile file(AttachmentModel model, byte[] json) {
    return new MimeFile(
        required("attachments", model.name()),
        required("attachments", model.contentType()).strip(),
        text(model.contentId()),
        required("attachments", model.contentInBase64()).in(json));
  }

  /** Importance as mail programs read it. */
  private static Map<String, String> headers(MessageModel body) {
    var headers = new LinkedHashMap<String, String>();
    var given = body.headers();
    if (given != null) {
      given.forEach((name, value) -> headers.put(name, required("headers", value)));
    }
    var importance = body.importance();
    if (importance != null) {
      var word = importance.toLowerCase(Locale.ROOT);
      switch (word) {
        case "high" -> headers.put("X-Priority", "1");
        case "normal" -> headers.put("X-Priority", "3");
        case "low" -> headers.put("X-Priority", "5");
        default -> throw EmailProblems.badMember("importance", "neither high, normal nor low");
      }
      headers.put("Importance", word);
    }
    return headers;
  }

  private static String hash(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
