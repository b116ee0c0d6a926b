package dev.parley.feature.events;

import dev.parley.base.event.EventDetail;
import dev.parley.base.event.SmsDetail;
import dev.parley.base.event.SmsEvent;
import java.util.List;
import java.util.Optional;

/**
 * Short messages as Event Grid events. The samples of the service write {@code from} and {@code to}
 * without the plus, and so does the subject.
 */
final class SmsEvents {
  private final EventMap.Draft draft;
  private final Optional<EventDetail> detail;

  SmsEvents(EventMap.Draft draft, Optional<EventDetail> detail) {
    this.draft = draft;
    this.detail = detail;
  }

  List<GridEvent> of(SmsEvent event) {
    return switch (event) {
      case SmsEvent.Received _ ->
          detail.map(SmsDetail.Received.class::cast).map(this::received).stream().toList();
      case SmsEvent.DeliveryReportReceived _ ->
          detail.map(SmsDetail.DeliveryReportReceived.class::cast).map(this::report).stream()
              .toList();
    };
  }

  private GridEvent received(SmsDetail.Received one) {
    var data =
        EventMap.object()
            .put("messageId", one.messageId())
            .put("from", digits(one.from()))
            .put("to", digits(one.to()))
            .put("message", one.message())
            .put("receivedTimestamp", one.receivedOn().toString());
    return draft.event("SMSReceived", "/phonenumber/" + digits(one.to()), one.receivedOn(), data);
  }

  private GridEvent report(SmsDetail.DeliveryReportReceived one) {
    var data =
        EventMap.object()
            .put("messageId", one.messageId())
            .put("from", digits(one.from()))
            .put("to", digits(one.to()))
            .put("deliveryStatus", one.delivered() ? "Delivered" : "Failed")
            .put("deliveryStatusDetails", one.deliveryStatusDetails());
    data.putArray("deliveryAttempts")
        .addObject()
        .put("timestamp", one.attemptedOn().toString())
        .put("segmentsSucceeded", one.segmentsSucceeded())
        .put("segmentsFailed", one.segmentsFailed());
    data.put("receivedTimestamp", one.receivedOn().toString());
    if (one.tag() != null) {
      data.put("tag", one.tag());
    }
    return draft.event(
        "SMSDeliveryReportReceived", "/phonenumber/" + digits(one.from()), one.receivedOn(), data);
  }

  private static String digits(String number) {
    return number.startsWith("+") ? number.substring(1) : number;
  }
}
