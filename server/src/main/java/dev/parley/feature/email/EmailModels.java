package dev.parley.feature.email;

import dev.parley.base.kit.Base64Text;
import dev.parley.protocol.mime.MimeAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON of the email contract. */
final class EmailModels {
  private EmailModels() {}

  record AddressModel(@Nullable String address, @Nullable String displayName) {
    MimeAddress address(String member) {
      if (address == null) {
        throw EmailProblems.badMember(member, "an entry without an address");
      }
      return new MimeAddress(address.strip(), displayName == null ? "" : displayName);
    }
  }

  record ContentModel(
      @Nullable String subject, @Nullable String plainText, @Nullable String html) {}

  record RecipientsModel(
      @Nullable List<AddressModel> to,
      @Nullable List<AddressModel> cc,
      @Nullable List<AddressModel> bcc) {}

  record AttachmentModel(
      @Nullable String name,
      @Nullable String contentType,
      @Nullable Base64Text contentInBase64,
      @Nullable String contentId) {}

  /**
   * What is sent.
   *
   * @param importance of older contracts: {@code high}, {@code normal} or {@code low}
   */
  record MessageModel(
      @Nullable Map<String, String> headers,
      @Nullable String senderAddress,
      @Nullable ContentModel content,
      @Nullable RecipientsModel recipients,
      @Nullable List<AttachmentModel> attachments,
      @Nullable List<AddressModel> replyTo,
      @Nullable String importance,
      @Nullable Boolean userEngagementTrackingDisabled) {}

  record FailureModel(String code, String message) {}

  record SendResult(String id, String status, Optional<FailureModel> error) {
    static SendResult of(SendOperation operation) {
      return new SendResult(
          operation.key().id(),
          operation.status().word(),
          operation.error().map(failure -> new FailureModel(failure.code(), failure.message())));
    }
  }
}
