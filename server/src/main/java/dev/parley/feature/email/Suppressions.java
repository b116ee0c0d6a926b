package dev.parley.feature.email;

import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Stores;
import dev.parley.base.words.Page;
import dev.parley.base.words.ServiceClock;
import java.util.ArrayList;
import java.util.Comparator;
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

  /**
   * A page of who is suppressed for any of the domains, with the reason.
   *
   * @param address only this one, in any letter case; empty text for all
   */
  Page<Suppression> list(
      List<SenderDomain> domains, String address, Suppression.Place after, int size) {
    var found = new ArrayList<Suppression>();
    var wanted = address.isEmpty() ? "" : Addresses.folded(address);
    for (var domain : sorted(domains)) {
      var order = domain.domain().compareTo(after.domain());
      if (order < 0 || found.size() > size) {
        continue;
      }
      var from = order == 0 ? after : Suppression.Place.START;
      var left = size + 1 - found.size();
      found.addAll(
          stores
              .of(domain.service())
              .read(all -> rows.list(all, domain, wanted, from.address(), from.list(), left)));
    }
    return Page.of(found, size, last -> last.place().text());
  }

  /**
   * Takes an address off the lists that the domains keep by themselves; false when it was on none.
   * What stands on a domain's own lists is taken off there.
   */
  boolean remove(List<SenderDomain> domains, String address) {
    var removed = false;
    for (var domain : sorted(domains)) {
      removed |=
          stores
              .of(domain.service())
              .write(partition(domain), tx -> rows.remove(tx, domain, address));
    }
    return removed;
  }

  private static List<SenderDomain> sorted(List<SenderDomain> domains) {
    return domains.stream().sorted(Comparator.comparing(SenderDomain::domain)).toList();
  }

  static PartitionKey partition(SenderDomain domain) {
    return new PartitionKey(domain.service(), "email-service");
  }
}
