package dev.parley.feature.email.mailbox;

import dev.parley.base.wire.Response;
import dev.parley.protocol.mime.MimeAttachment;
import dev.parley.protocol.mime.MimeMail;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Answers with bytes that come from mail, and so from anybody: never shown as a page of this
 * server.
 */
final class MailboxAnswers {
  private MailboxAnswers() {}

  /** The attachment of that number, to save. */
  static Response attachment(MimeMail mail, String id, String number) {
    var index = number.matches("\\d{1,4}") ? Integer.parseInt(number) : -1;
    if (index < 0 || index >= mail.attachments().size()) {
      throw MailboxProblems.notFound(id + "/" + number);
    }
    return attachment(mail.attachments().get(index));
  }

  /** A file to save. */
  private static Response attachment(MimeAttachment file) {
    var name = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return Response.bytes(200, "application/octet-stream", file.bytes())
        .header("Content-Disposition", "attachment; filename*=UTF-8''" + name)
        .header("X-Content-Type-Options", "nosniff")
        .header("Content-Security-Policy", "sandbox");
  }
}
