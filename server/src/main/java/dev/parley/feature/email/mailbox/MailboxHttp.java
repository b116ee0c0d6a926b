package dev.parley.feature.email.mailbox;

import dev.parley.base.wire.ApiVersions;
import dev.parley.base.wire.Callers;
import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Idempotency;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.mailbox.MailboxModels.MailList;
import dev.parley.feature.email.mailbox.MailboxModels.MailModel;
import dev.parley.feature.email.mailbox.MailboxModels.RuleList;
import dev.parley.feature.email.mailbox.MailboxModels.RuleModel;
import dev.parley.protocol.mime.MimeReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Routes of the mailbox for tests. */
final class MailboxHttp {
  private static final String INBOX = "/parley/inbox/email";
  private static final int WAIT_MAX = 120;
  private static final int LIMIT_MAX = 100;

  private final Mailbox mailbox;

  MailboxHttp(Mailbox mailbox) {
    this.mailbox = mailbox;
  }

  List<Route> routes() {
    return List.of(
        route(Method.GET, INBOX, "Parley_ListInboxEmail", this::list),
        route(Method.DELETE, INBOX, "Parley_EmptyInboxEmail", this::empty),
        route(Method.GET, INBOX + "/:rules", "Parley_ListInboxRules", this::rules),
        route(Method.PUT, INBOX + "/:rules", "Parley_SetInboxRule", this::setRule),
        route(Method.DELETE, INBOX + "/:rules", "Parley_DeleteInboxRules", this::deleteRules),
        route(Method.GET, INBOX + "/{id}", "Parley_GetInboxEmail", this::get),
        route(Method.GET, INBOX + "/{id}/raw", "Parley_GetInboxEmailRaw", this::raw),
        route(
            Method.GET,
            INBOX + "/{id}/attachments/{number}",
            "Parley_GetInboxEmailAttachment",
            this::attachment));
  }

  private static Route route(Method method, String path, String operation, Handler handler) {
    return new Route(
        method,
        path,
        operation,
        Set.of(Callers.KEY_HOLDER, Callers.PRINCIPAL),
        Set.of(),
        ApiVersions.NONE,
        "parley.inbox",
        "ParleyAudit",
        Idempotency.NATURAL,
        Route.JSON_BYTES_MAX,
        handler);
  }

  private Response list(Request request) {
    var to = request.query("to");
    if (to.isPresent() && !Addresses.isAddress(to.get())) {
      throw MailboxProblems.badParameter("to", "an address");
    }
    var question =
        new MailQuestion(
            to,
            request.query("from"),
            request.query("subject"),
            request.query("messageId"),
            request.query("status"),
            request.queryTime("since"),
            after(request),
            request.queryInt("limit", 1, LIMIT_MAX).orElse(20));
    var resource = request.resource().id();
    var found = mailbox.find(resource, question, wait(request));
    return Response.json(
        200, new MailList(found.stream().map(mail -> model(resource, mail)).toList()));
  }

  private static long after(Request request) {
    var text = request.query("after").orElse("0");
    if (!text.matches("\\d{1,18}")) {
      throw MailboxProblems.badParameter("after", "the id of a mail");
    }
    return Long.parseLong(text);
  }

  /** Seconds, with or without an s behind them. */
  private static Duration wait(Request request) {
    var text = request.query("wait").orElse("0");
    if (!text.matches("\\d{1,3}s?")) {
      throw MailboxProblems.badParameter("wait", "a number of seconds");
    }
    var seconds = Integer.parseInt(text.replace("s", ""));
    return Duration.ofSeconds(Math.min(seconds, WAIT_MAX));
  }

  private MailModel model(ResourceId resource, CapturedMail mail) {
    var raw = mailbox.raw(resource, mail);
    return MailModel.of(mail, MimeReader.read(raw), raw.length);
  }

  private Response get(Request request) {
    var resource = request.resource().id();
    return Response.json(200, model(resource, mailbox.get(resource, request.path("id"))));
  }

  private Response raw(Request request) {
    var resource = request.resource().id();
    var mail = mailbox.get(resource, request.path("id"));
    return Response.bytes(200, "message/rfc822", mailbox.raw(resource, mail));
  }

  private Response attachment(Request request) {
    var resource = request.resource().id();
    var id = request.path("id");
    var parsed = MimeReader.read(mailbox.raw(resource, mailbox.get(resource, id)));
    return MailboxAnswers.attachment(parsed, id, request.path("number"));
  }

  private Response empty(Request request) {
    mailbox.empty(request.resource().id(), request.query("to"));
    return Response.empty(204);
  }

  private Response rules(Request request) {
    var rules = mailbox.rules(request.resource().id());
    return Response.json(
        200,
        new RuleList(
            rules.stream().map(rule -> new RuleModel(rule.pattern(), rule.outcome())).toList()));
  }

  private Response setRule(Request request) {
    var body = request.json(RuleModel.class);
    mailbox.setRule(
        request.resource().id(),
        new MailboxStore.Rule(
            Optional.ofNullable(body.pattern()).orElse(""),
            Optional.ofNullable(body.outcome()).orElse("")));
    return Response.empty(204);
  }

  private Response deleteRules(Request request) {
    mailbox.deleteRules(request.resource().id());
    return Response.empty(204);
  }
}
