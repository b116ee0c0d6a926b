package dev.parley.feature.email.mailbox;

import dev.parley.base.kit.OneTimeCodes;
import dev.parley.protocol.mime.MimeAddress;
import dev.parley.protocol.mime.MimeAttachment;
import dev.parley.protocol.mime.MimeMail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON of the mailbox for tests. */
final class MailboxModels {
  private MailboxModels() {}

  record AddressModel(String address, String displayName) {
    static AddressModel of(MimeAddress address) {
      return new AddressModel(address.address(), address.name());
    }
  }

  record HeaderModel(String name, String value) {}

  record AttachmentModel(String name, String contentType, String contentId, int size) {
    static AttachmentModel of(MimeAttachment file) {
      return new AttachmentModel(
          file.name(), file.mediaType(), file.contentId(), file.bytes().length);
    }
  }

  /**
   * A captured mail.
   *
   * @param messageId the send operation's id
   * @param recipient of the envelope; {@code to} and {@code cc} are what the mail says
   * @param status what the delivery report says
   * @param code the one-time code, where the mail has one
   * @param link the link that the mail was sent for, where there is one
   */
  record MailModel(
      String id,
      String messageId,
      String recipient,
      String status,
      Instant receivedOn,
      AddressModel from,
      List<AddressModel> to,
      List<AddressModel> cc,
      String subject,
      String plainText,
      String html,
      Optional<String> code,
      Optional<String> link,
      List<String> links,
      List<AttachmentModel> attachments,
      List<HeaderModel> headers,
      int size) {
    static MailModel of(CapturedMail mail, MimeMail parsed, int size) {
      var text = parsed.plainText().isBlank() ? MailText.of(parsed.html()) : parsed.plainText();
      var found = OneTimeCodes.find(text);
      var links = new ArrayList<>(found.links());
      MailText.links(parsed.html()).stream()
          .filter(link -> !links.contains(link))
          .forEach(links::add);
      return new MailModel(
          Long.toString(mail.number()),
          mail.messageId(),
          mail.recipient(),
          mail.outcome(),
          mail.received(),
          AddressModel.of(parsed.from()),
          parsed.to().stream().map(AddressModel::of).toList(),
          parsed.cc().stream().map(AddressModel::of).toList(),
          parsed.subject(),
          parsed.plainText(),
          parsed.html(),
          found.code(),
          found.link().or(() -> links.stream().findFirst()),
          links,
          parsed.attachments().stream().map(AttachmentModel::of).toList(),
          parsed.headers().stream()
              .map(header -> new HeaderModel(header.name(), header.value()))
              .toList(),
          size);
    }
  }

  record MailList(List<MailModel> value) {}

  record RuleModel(@Nullable String pattern, @Nullable String outcome) {}

  record RuleList(List<RuleModel> value) {}
}
