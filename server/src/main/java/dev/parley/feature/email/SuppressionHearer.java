package dev.parley.feature.email;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.EmailEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;

/** A durable hearer: who bounced, complained or left gets nothing more from that domain. */
final class SuppressionHearer implements Hearer {
  static final String HEARER = "email.suppression";

  private final Stores stores;
  private final Suppressions suppressions;
  private final EmailStore messages = new EmailStore();
  private final DomainStore domains = new DomainStore();

  SuppressionHearer(Stores stores, Suppressions suppressions) {
    this.stores = stores;
    this.suppressions = suppressions;
  }

  @Override
  public void hear(JournalRow row) {
    switch (row.event()) {
      case EmailEvent.DeliveryReported report
          when report.status().equals(RecipientState.BOUNCED.word()) ->
          suppress(row, report.messageId(), report.recipient(), "bounce");
      case EmailEvent.Unwanted unwanted ->
          suppress(row, unwanted.messageId(), unwanted.recipient(), unwanted.reason());
      default -> {}
    }
  }

  private void suppress(JournalRow row, String messageId, int number, String reason) {
    var key = new MessageKey(row.partition().resource(), messageId);
    var store = stores.of(key.resource());
    var message = store.read(all -> messages.message(all, key));
    var recipient = store.read(all -> messages.recipient(all, key, number));
    if (message.isPresent() && recipient.isPresent()) {
      var service = message.get().service();
      stores
          .of(service)
          .read(all -> domains.domain(all, service, message.get().domainName()))
          .ifPresent(domain -> suppressions.suppress(domain, recipient.get().address(), reason));
    }
  }
}
