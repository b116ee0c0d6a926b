package dev.parley.feature.email.mailbox;

import dev.parley.base.wire.Handler;
import dev.parley.base.wire.Method;
import dev.parley.base.wire.PageGuard;
import dev.parley.base.wire.Request;
import dev.parley.base.wire.Response;
import dev.parley.base.wire.Route;
import dev.parley.feature.email.Addresses;
import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeMail;
import dev.parley.protocol.mime.MimeReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The page that lists captured mails and shows them. What a mail holds comes from anybody: its HTML
 * is shown in a frame that runs nothing, sends nothing and loads nothing from elsewhere.
 */
final class MailboxPage {
  private static final String PAGE = "/parley/mail";
  private static final int LISTED = 50;
  private static final int PICTURE_MAX = 1 << 20;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;margin:0;color:#1b1b1f;background:#f6f7f9}
      header{background:#1f3a5f;color:#fff;padding:.7rem 1.4rem;display:flex;gap:1rem;align-items:center}
      header a{color:#fff;text-decoration:none;font-weight:600}header form{margin-left:auto}
      main{max-width:64rem;margin:1.2rem auto;padding:0 1rem}
      table{width:100%;border-collapse:collapse;background:#fff;border-radius:8px;overflow:hidden}
      td,th{padding:.5rem .8rem;text-align:left;border-bottom:1px solid #eceef1;vertical-align:top}
      tr:hover td{background:#f2f6fb}a{color:#1f5fa8}
      .s{font-size:12px;border-radius:9px;padding:.1rem .5rem;background:#e3f4e6;color:#1c6b2c}
      .b{background:#fbe6e4;color:#98251b}
      dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;background:#fff;padding:1rem;border-radius:8px}
      dt{color:#666}dd{margin:0;overflow-wrap:anywhere}
      iframe{width:100%;height:26rem;border:1px solid #dcdfe4;border-radius:8px;background:#fff}
      pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#fff;padding:1rem;border-radius:8px}
      input,button{font:inherit;padding:.2rem .5rem}code{font-weight:600}
      """;

  private final Mailbox mailbox;
  private final PageGuard guard;

  MailboxPage(Mailbox mailbox, PageGuard guard) {
    this.mailbox = mailbox;
    this.guard = guard;
  }

  List<Route> routes() {
    return List.of(
        route(PAGE, "Parley_MailPage", this::list),
        route(PAGE + "/{id}", "Parley_MailPageMail", this::mail),
        route(PAGE + "/{id}/html", "Parley_MailPageHtml", this::html),
        route(PAGE + "/{id}/attachments/{number}", "Parley_MailPageAttachment", this::attachment));
  }

  private Route route(String path, String operation, Handler shown) {
    return PageGuard.route(Method.GET, path, operation, "parley.mail", guard.guarded(shown));
  }

  private Response list(Request request) {
    var to = request.query("to").filter(Addresses::isAddress);
    var question =
        new MailQuestion(
            to,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            LISTED);
    var mails = mailbox.find(request.resource().id(), question, Duration.ZERO);
    var rows =
        mails.stream()
            .map(mail ->
                "<tr><td>%s</td><td>%s</td><td><a href=\"%s/%d\">%s</a></td><td>%s</td></tr>"
                    .formatted(
                        time(mail),
                        escaped(mail.recipient()),
                        PAGE,
                        mail.number(),
                        escaped(mail.subject().isEmpty() ? "(no subject)" : mail.subject()),
                        state(mail)))
            .collect(Collectors.joining());
    var body =
        mails.isEmpty()
            ? "<p>No mail yet. Send one to any address: it lands here.</p>"
            : "<table><tr><th>Received</th><th>To</th><th>Subject</th><th>Status</th></tr>"
                + rows
                + "</table>";
    return page("Mail", to.orElse(""), body);
  }

  private Response mail(Request request) {
    var mail = mailbox.get(request.resource().id(), request.path("id"));
    var raw = mailbox.raw(request.resource().id(), mail);
    var parsed = MimeReader.read(raw);
    var model = MailboxModels.MailModel.of(mail, parsed, raw.length);
    var body = new StringBuilder("<h2>" + escaped(parsed.subject()) + "</h2><dl>");
    field(body, "From", escaped(parsed.from().toString()));
    field(body, "To", addresses(parsed.to()));
    field(body, "Cc", addresses(parsed.cc()));
    field(body, "Delivered to", escaped(mail.recipient()));
    field(body, "Status", state(mail));
    field(body, "Received", time(mail));
    field(body, "Code", model.code().map(code -> "<code>" + escaped(code) + "</code>").orElse(""));
    field(body, "Link", model.link().map(MailboxPage::escaped).orElse(""));
    field(body, "Files", files(mail, parsed));
    body.append("</dl>");
    if (!parsed.html().isEmpty()) {
      // An empty sandbox: no scripts, no forms, no way out, an origin of its own.
      body.append(
          "<h3>HTML</h3><iframe sandbox=\"\" title=\"The mail\" src=\"%s/%d/html\"></iframe>"
              .formatted(PAGE, mail.number()));
    }
    if (!parsed.plainText().isEmpty()) {
      body.append("<h3>Text</h3><pre>").append(escaped(parsed.plainText())).append("</pre>");
    }
    return page(parsed.subject(), "", body.toString());
  }

  private static void field(StringBuilder body, String name, String value) {
    if (!value.isEmpty()) {
      body.append("<dt>").append(name).append("</dt><dd>").append(value).append("</dd>");
    }
  }

  private static String files(CapturedMail mail, MimeMail parsed) {
    var files = new StringBuilder();
    for (var i = 0; i < parsed.attachments().size(); i++) {
      var file = parsed.attachments().get(i);
      files.append(
          "<a href=\"%s/%d/attachments/%d\">%s</a> (%s, %d bytes) "
              .formatted(
                  PAGE,
                  mail.number(),
                  i,
                  escaped(file.name().isEmpty() ? "unnamed" : file.name()),
                  escaped(file.mediaType()),
                  file.bytes().length));
    }
    return files.toString();
  }

  /** The HTML as it is, where it can do no harm; inline pictures are put into it. */
  private Response html(Request request) {
    var resource = request.resource().id();
    var parsed = MimeReader.read(mailbox.raw(resource, mailbox.get(resource, request.path("id"))));
    var html = parsed.html();
    for (var file : parsed.attachments()) {
      if (!file.contentId().isEmpty()
          && file.mediaType().matches("image/(?:png|jpeg|gif|webp)")
          && file.bytes().length <= PICTURE_MAX) {
        var data =
            "data:"
                + file.mediaType()
                + ";base64,"
                + Base64.getEncoder().encodeToString(file.bytes());
        html = html.replace("cid:" + file.contentId(), data);
      }
    }
    return PageGuard.secured(
        Response.bytes(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)),
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:;"
            + " form-action 'none'; base-uri 'none'; frame-ancestors 'self'");
  }

  private Response attachment(Request request) {
    var resource = request.resource().id();
    var id = request.path("id");
    var parsed = MimeReader.read(mailbox.raw(resource, mailbox.get(resource, id)));
    return MailboxAnswers.attachment(parsed, id, request.path("number"));
  }

  private static String addresses(List<MimeAddress> addresses) {
    return addresses.stream()
        .map(address -> escaped(address.toString()))
        .collect(Collectors.joining(", "));
  }

  private static String state(CapturedMail mail) {
    var good = mail.outcome().equals("Delivered");
    return "<span class=\"%s\">%s</span>".formatted(good ? "s" : "s b", escaped(mail.outcome()));
  }

  private static String time(CapturedMail mail) {
    return TIME.format(mail.received().atZone(ZoneId.systemDefault()));
  }

  private static Response page(String title, String to, String body) {
    var html =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>"
            + escaped(title)
            + "</title><meta name=\"viewport\" content=\"width=device-width\"><style>"
            + STYLE
            + "</style><header><a href=\"/parley/mail\">Parley mail</a><form><input name=\"to\""
            + " placeholder=\"an address\" value=\""
            + escaped(to)
            + "\"> <button>Find</button></form></header><main>"
            + body
            + "</main></html>";
    return PageGuard.secured(
        Response.bytes(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
