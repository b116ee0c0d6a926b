package dev.parley.feature.email;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ServiceClock;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The front door of suppression: addresses that get nothing more from a domain, because they
 * bounced, complained, took themselves off the list, or stand on one of the domain's own lists.
 * Letter case never matters.
 */
public final class Suppressions {
  private final Stores stores;
  private final ServiceClock clock;
  private final SuppressionStore rows = new SuppressionStore();

  Suppressions(Stores stores, ServiceClock clock) {
    this.stores = stores;
    this.clock = clock;
  }

  /** Which of the addresses are suppressed for messages of a sender. */
  Set<String> among(SenderDomain domain, String sender, List<String> addresses) {
    var username = Addresses.local(sender).toLowerCase(Locale.ROOT);
    return stores
        .of(domain.service())
        .read(all ->
            addresses.stream()
                .filter(address ->
                    rows.reason(all, domain, username, Addresses.folded(address)).isPresent())
                .collect(Collectors.toSet()));
  }

  /** Puts an address on the list that is kept by itself. */
  void suppress(SenderDomain domain, String address, String reason) {
    stores
        .of(domain.service())
        .write(
            partition(domain),
            tx -> {
              rows.suppress(tx, domain, address, reason, clock.now(domain.service()));
              return true;
            });
  }

  static PartitionKey partition(SenderDomain domain) {
    return new PartitionKey(domain.service(), "email-service");
  }
}
