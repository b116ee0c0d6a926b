package dev.parley.feature.sms;

import dev.parley.base.bus.Details;
import dev.parley.base.event.EventDetail;
import dev.parley.base.event.SmsEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;
import java.util.Optional;

/** What SMS events tell, read from the sender's rows. */
final class SmsDetails implements Details {
  private final Stores stores;
  private final SmsStore outgoing = new SmsStore();
  private final IncomingStore incoming = new IncomingStore();

  SmsDetails(Stores stores) {
    this.stores = stores;
  }

  @Override
  public Optional<EventDetail> of(JournalRow row) {
    return Details.of(
        row,
        SmsEvent.class,
        event -> read(new SenderKey(row.partition().resource(), event.sender()), event));
  }

  private Optional<EventDetail> read(SenderKey key, SmsEvent event) {
    return stores
        .of(key.resource())
        .read(all ->
            switch (event) {
              case SmsEvent.Received received ->
                  incoming.find(all, key, received.messageId()).map(EventDetail.class::cast);
              case SmsEvent.DeliveryReportReceived report ->
                  outgoing
                      .outgoing(all, key, report.messageId())
                      .map(message -> message.detailFrom(key.sender()));
            });
  }
}
