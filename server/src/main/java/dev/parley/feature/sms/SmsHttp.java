package dev.parley.feature.sms;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Routes of the ACS SMS contract, and the shape of their bodies. */
final class SmsHttp {
  static final int RECIPIENTS_MAX = 100;
  static final int CHARACTERS_MAX = 2_048;
  private static final int TAG_MAX = 1_024;
  private static final int TIMEOUT_MIN = 60;
  private static final int TIMEOUT_MAX = 43_200;
  private static final int REASON_MAX = 256;

  private static final ApiVersions VERSIONS =
      ApiVersions.of(
          "2021-03-07",
          "2024-01-02",
          "2024-02-05-preview",
          "2024-02-05",
          "2025-05-29-preview",
          "2025-09-17",
          "2026-01-23");

  private final Sms sms;
  private final OptOuts optOuts;

  SmsHttp(Sms sms, OptOuts optOuts) {
    this.sms = sms;
    this.optOuts = optOuts;
  }

  List<Route> routes() {
    return List.of(
        // Repeatability is in the body, for each recipient.
        route(Method.POST, "/sms", "Sms_Send", "sms.send", this::send),
        route(Method.POST, "/sms/optouts:add", "OptOuts_Add", "sms.optOuts", this::add),
        route(Method.POST, "/sms/optouts:remove", "OptOuts_Remove", "sms.optOuts", this::remove),
        route(Method.POST, "/sms/optouts:check", "OptOuts_Check", "sms.optOuts", this::check),
        route(
            Method.GET,
            "/deliveryReports/{outgoingMessageId}",
            "DeliveryReports_Get",
            "sms.deliveryReports",
            this::report));
  }

  private static Route route(
      Method method, String path, String operation, String bucket, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL),
        Set.of(),
        VERSIONS,
        bucket,
        "SMSOperational",
        method == Method.POST ? Idempotency.NONE : Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response send(Request request) {
    var body = request.json(SmsModels.SendRequest.class);
    var errors = errors(body);
    var urgency = Urgency.of(request.header(Urgency.HEADER).orElse(Urgency.NORMAL.word()));
    if (urgency.isEmpty()) {
      errors.put(Urgency.HEADER, List.of(Urgency.EXPLANATION));
    }
    if (!errors.isEmpty()) {
      return SmsProblems.invalid(request.id(), errors);
    }
    var results = sms.send(request.caller(), wish(body, urgency.orElseThrow()));
    return Response.json(
        202, new SmsModels.Items<>(results.stream().map(SmsModels.SendItem::of).toList()));
  }

  private static Map<String, List<String>> errors(SmsModels.SendRequest body) {
    var errors = new LinkedHashMap<String, List<String>>();
    if (isEmpty(body.from())) {
      errors.put("From", List.of("The From field is required."));
    }
    var message = body.message();
    if (message == null || plain(message).isEmpty()) {
      errors.put("Message", List.of("The Message field is required."));
    } else if (message.length() > CHARACTERS_MAX) {
      errors.put(
          "Message",
          List.of(
              "The field Message must be a string with a maximum length of "
                  + CHARACTERS_MAX
                  + "."));
    }
    var recipients = body.smsRecipients();
    if (recipients == null) {
      errors.put("SmsRecipients", List.of("The SmsRecipients field is required."));
    } else if (recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
      errors.put(
          "SmsRecipients",
          List.of("The field SmsRecipients must have 1 to " + RECIPIENTS_MAX + " items."));
    }
    errors.putAll(errors(body.smsSendOptions()));
    return errors;
  }

  private static Map<String, List<String>> errors(SmsModels.@Nullable Options options) {
    var errors = new LinkedHashMap<String, List<String>>();
    if (options == null) {
      return errors;
    }
    var timeout = options.deliveryReportTimeoutInSeconds();
    if (timeout != null && (timeout < TIMEOUT_MIN || timeout > TIMEOUT_MAX)) {
      errors.put(
          "SmsSendOptions.DeliveryReportTimeoutInSeconds",
          List.of(
              "The field DeliveryReportTimeoutInSeconds must be between %d and %d."
                  .formatted(TIMEOUT_MIN, TIMEOUT_MAX)));
    }
    var tag = options.tag();
    if (tag != null && tag.length() > TAG_MAX) {
      errors.put(
          "SmsSendOptions.Tag",
          List.of("The field Tag must be a string with a maximum length of " + TAG_MAX + "."));
    }
    return errors;
  }

  private static NewSms wish(SmsModels.SendRequest body, Urgency urgency) {
    var recipients = new ArrayList<NewSms.Recipient>();
    for (var recipient : Objects.requireNonNull(body.smsRecipients())) {
      recipients.add(
          recipient == null
              ? new NewSms.Recipient("", null, null)
              : new NewSms.Recipient(
                  plain(recipient.to()),
                  recipient.repeatabilityRequestId(),
                  recipient.repeatabilityFirstSent()));
    }
    var options = Optional.ofNullable(body.smsSendOptions());
    return new NewSms(
        plain(body.from()),
        recipients,
        plain(body.message()),
        options.map(SmsModels.Options::enableDeliveryReport).orElse(false),
        options.map(SmsModels.Options::tag).map(SmsHttp::plain).orElse(null),
        options.map(SmsModels.Options::deliveryReportTimeoutInSeconds).map(Duration::ofSeconds),
        urgency.priority(),
        "");
  }

  /** No text of a message or a number holds U+0000, and not every store could keep it. */
  static String plain(@Nullable String text) {
    return text == null ? "" : text.replace("\0", "");
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private Response add(Request request) {
    return change(request, (from, to, reason) -> optOuts.add(request.caller(), from, to, reason));
  }

  private Response remove(Request request) {
    return change(
        request, (from, to, reason) -> optOuts.remove(request.caller(), from, to, reason));
  }

  /** A change of opt-outs. */
  @FunctionalInterface
  private interface Change {
    void apply(String from, List<String> recipients, String reason);
  }

  private Response change(Request request, Change change) {
    var body = request.json(SmsModels.OptOutRequest.class);
    var errors = errors(body);
    if (!errors.isEmpty()) {
      return SmsProblems.invalid(request.id(), errors);
    }
    var reason = plain(body.reason());
    var good = numbers(body);
    change.apply(
        plain(body.from()),
        good,
        reason.isEmpty() ? "request" : reason.substring(0, Math.min(reason.length(), REASON_MAX)));
    return items(body, Set.of(), false);
  }

  private Response check(Request request) {
    var body = request.json(SmsModels.OptOutRequest.class);
    var errors = errors(body);
    if (!errors.isEmpty()) {
      return SmsProblems.invalid(request.id(), errors);
    }
    var out = optOuts.check(request.caller(), plain(body.from()), numbers(body));
    return items(body, out, true);
  }

  private static Map<String, List<String>> errors(SmsModels.OptOutRequest body) {
    var errors = new LinkedHashMap<String, List<String>>();
    if (isEmpty(body.from())) {
      errors.put("From", List.of("The From field is required."));
    }
    var recipients = body.recipients();
    if (recipients == null || recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
      errors.put(
          "Recipients",
          List.of("The field Recipients must have 1 to " + RECIPIENTS_MAX + " items."));
    }
    return errors;
  }

  private static Stream<String> recipients(SmsModels.OptOutRequest body) {
    return Objects.requireNonNull(body.recipients()).stream()
        .map(recipient -> recipient == null ? "" : plain(recipient.to()));
  }

  private static List<String> numbers(SmsModels.OptOutRequest body) {
    return recipients(body).filter(Senders::isNumber).distinct().toList();
  }

  private static Response items(SmsModels.OptOutRequest body, Set<String> out, boolean told) {
    var items =
        recipients(body)
            .map(to ->
                Senders.isNumber(to)
                    ? new SmsModels.OptOutItem(
                        to,
                        200,
                        told ? Optional.of(out.contains(to)) : Optional.empty(),
                        Optional.empty())
                    : new SmsModels.OptOutItem(
                        to, 400, Optional.empty(), Optional.of(SmsProblems.BAD_TO)))
            .toList();
    return Response.json(200, new SmsModels.Items<>(items));
  }

  private Response report(Request request) {
    return sms.report(request.caller(), request.path("outgoingMessageId"))
        .map(report -> Response.json(200, SmsModels.Report.of(report)))
        .orElseGet(() -> SmsProblems.noReport(request.id()));
  }
}
