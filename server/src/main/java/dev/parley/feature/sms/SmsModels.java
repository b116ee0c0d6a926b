package dev.parley.feature.sms;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The contract's JSON (specs/sms), version 2026-01-23 with all members. */
final class SmsModels {
  record Recipient(
      @Nullable String to,
      @Nullable String repeatabilityRequestId,
      @Nullable String repeatabilityFirstSent) {}

  record Options(
      @Nullable Boolean enableDeliveryReport,
      @Nullable String tag,
      @Nullable Integer deliveryReportTimeoutInSeconds,
      @Nullable MessagingConnect messagingConnect) {}

  /** Read so that its shape is checked; routing is the operator's. */
  record MessagingConnect(@Nullable String partner, @Nullable Map<String, Object> partnerParams) {}

  record SendRequest(
      @Nullable String from,
      @Nullable List<@Nullable Recipient> smsRecipients,
      @Nullable String message,
      @Nullable Options smsSendOptions) {}

  record SendItem(
      String to,
      Optional<String> messageId,
      int httpStatusCode,
      Optional<String> repeatabilityResult,
      boolean successful,
      Optional<String> errorMessage) {
    static SendItem of(SendResult result) {
      return new SendItem(
          result.to(),
          result.messageId(),
          result.status(),
          result.repeatability(),
          result.successful(),
          result.error());
    }
  }

  record OptOutRecipient(@Nullable String to) {}

  record OptOutRequest(
      @Nullable String from,
      @Nullable List<@Nullable OptOutRecipient> recipients,
      @Nullable String reason) {}

  record OptOutItem(
      String to,
      int httpStatusCode,
      @JsonProperty("isOptedOut") Optional<Boolean> isOptedOut,
      Optional<String> errorMessage) {}

  record Items<T>(List<T> value) {}

  record Attempt(Instant timestamp, int segmentsSucceeded, int segmentsFailed) {}

  record Report(
      String deliveryStatus,
      String deliveryStatusDetails,
      List<Attempt> deliveryAttempts,
      Instant receivedTimestamp,
      Optional<String> tag,
      String messageId,
      String from,
      String to) {
    static Report of(DeliveryReport report) {
      return new Report(
          report.code().delivered() ? "Delivered" : "Failed",
          report.code().details(),
          List.of(
              new Attempt(
                  report.receivedAt(), report.segmentsSucceeded(), report.segmentsFailed())),
          report.receivedAt(),
          Optional.ofNullable(report.tag()),
          report.messageId(),
          report.from(),
          report.to());
    }
  }

  private SmsModels() {}
}
