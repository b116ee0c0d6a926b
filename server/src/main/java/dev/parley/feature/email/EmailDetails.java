package dev.parley.feature.email;

import dev.parley.base.bus.Details;
import dev.parley.base.event.EmailDetail;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.event.EventDetail;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;
import java.util.Optional;

/** The addresses and words behind the events of email, as long as the message is remembered. */
final class EmailDetails implements Details {
  private final Stores stores;
  private final EmailStore rows = new EmailStore();

  EmailDetails(Stores stores) {
    this.stores = stores;
  }

  @Override
  public Optional<EventDetail> of(JournalRow row) {
    if (row.detail() instanceof EmailDetail detail) {
      return Optional.of(detail);
    }
    var resource = row.partition().resource();
    return switch (row.event()) {
      case EmailEvent.DeliveryReported report ->
          delivery(new MessageKey(resource, report.messageId()), report.recipient());
      case EmailEvent.Engaged engaged ->
          engagement(new MessageKey(resource, engaged.messageId()), engaged);
      default -> Optional.empty();
    };
  }

  private record Done(String context, String userAgent) {}

  private Optional<EventDetail> engagement(MessageKey key, EmailEvent.Engaged engaged) {
    return stores
        .of(key.resource())
        .read(all -> {
          var message = rows.message(all, key);
          var recipient = rows.recipient(all, key, engaged.recipient());
          var done =
              all.one(
                  "SELECT context, user_agent FROM email_engagement"
                      + " WHERE resource_id = ? AND message_id = ? AND number = ?",
                  row -> new Done(row.text(1), row.text(2)),
                  key.resource().value(),
                  key.id(),
                  engaged.number());
          return message.isPresent() && recipient.isPresent() && done.isPresent()
              ? Optional.of(
                  new EmailDetail.Engagement(
                      message.get().sender(),
                      recipient.get().address(),
                      done.get().context(),
                      done.get().userAgent()))
              : Optional.empty();
        });
  }

  private Optional<EventDetail> delivery(MessageKey key, int number) {
    return stores
        .of(key.resource())
        .read(all ->
            rows.message(all, key)
                .flatMap(message ->
                    rows.recipient(all, key, number)
                        .map(recipient ->
                            new EmailDetail.DeliveryReport(
                                message.sender(),
                                recipient.address(),
                                message.internetId(),
                                recipient.host(),
                                recipient.reply()))));
  }
}
