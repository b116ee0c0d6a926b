package dev.parley.feature.events;

import static dev.parley.feature.events.EventMap.object;

import dev.parley.base.event.EmailDetail;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.event.EventDetail;
import java.util.List;
import java.util.Optional;

/** The events of one row about an email. */
final class EmailEvents {
  private final EventMap.Draft draft;
  private final Optional<EmailDetail> detail;

  EmailEvents(EventMap.Draft draft, Optional<EventDetail> detail) {
    this.draft = draft;
    this.detail = detail.filter(EmailDetail.class::isInstance).map(EmailDetail.class::cast);
  }

  List<GridEvent> of(EmailEvent event) {
    return switch (event) {
      case EmailEvent.DeliveryReported report -> List.of(report(report));
      case EmailEvent.Engaged engaged -> List.of(engagement(engaged));
      case EmailEvent.Unwanted _ -> List.of();
    };
  }

  private GridEvent report(EmailEvent.DeliveryReported event) {
    var data = object();
    data.put("sender", sender());
    data.put("recipient", recipient());
    data.put("messageId", event.messageId());
    data.put("status", event.status());
    var details = data.putObject("deliveryStatusDetails");
    details.put("statusMessage", "").put("recipientMailServerHostName", "");
    if (detail.orElse(null) instanceof EmailDetail.DeliveryReport known) {
      data.put("internetMessageId", "<" + known.internetId() + ">");
      details.put("statusMessage", known.reply());
      details.put("recipientMailServerHostName", known.host());
    } else {
      data.put("internetMessageId", "");
    }
    data.put("deliveryAttemptTimestamp", event.at().toString());
    return draft.event("EmailDeliveryReportReceived", subject(event), event.at(), data);
  }

  private GridEvent engagement(EmailEvent.Engaged event) {
    var at = draft.row().at();
    var data = object();
    data.put("sender", sender());
    data.put("recipient", recipient());
    data.put("messageId", event.messageId());
    data.put("userActionTimestamp", at.toString());
    var known = detail.orElse(null) instanceof EmailDetail.Engagement told ? told : null;
    data.put("engagementContext", known == null ? "" : known.context());
    data.put("userAgent", known == null ? "" : known.userAgent());
    data.put("engagementType", event.engagement());
    return draft.event("EmailEngagementTrackingReportReceived", subject(event), at, data);
  }

  private String subject(EmailEvent event) {
    return "sender/" + sender() + "/message/" + event.messageId();
  }

  private String sender() {
    return detail.map(EmailDetail::sender).orElse("");
  }

  private String recipient() {
    return detail.map(EmailDetail::recipient).orElse("");
  }
}
