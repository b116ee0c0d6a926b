package dev.parley.feature.numbers;

import dev.parley.base.event.UsageEvent;
import dev.parley.base.kit.Json;
import dev.parley.base.store.DueJobs;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Tx;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Months that numbers are leased for, as usage: the first one at the purchase, the others each at
 * its beginning, by the resource's own clock. A month begun is a month used.
 */
final class Leases {
  /** Due job: another month of a number begins. */
  static final String LEASE = "numbers.lease";

  private final DueJobs dueJobs;
  private final InventoryStore inventory = new InventoryStore();

  /**
   * One number's lease.
   *
   * @param months those counted already
   */
  private record Lease(String number, String purchaseId, Instant since, int months) {
    /** The same day of a later month, or that month's last. */
    Instant next() {
      return since.atOffset(ZoneOffset.UTC).plusMonths(months).toInstant();
    }
  }

  Leases(DueJobs dueJobs) {
    this.dueJobs = dueJobs;
  }

  void begin(Tx tx, PurchasedNumber number) {
    count(
        tx,
        NumberStore.partition(number.owned().resource()),
        number,
        new Lease(number.number(), number.purchaseId(), number.purchasedOn(), 0));
  }

  /** Counts the month that has begun, unless the number has gone meanwhile. */
  void go(Tx tx, PartitionKey partition, String detail) {
    var lease = Json.read(detail, Lease.class);
    inventory
        .owned(tx, lease.number())
        .filter(number -> number.owned().resource().equals(partition.resource()))
        .filter(number -> number.purchaseId().equals(lease.purchaseId()))
        .ifPresent(number -> count(tx, partition, number, lease));
  }

  private void count(Tx tx, PartitionKey partition, PurchasedNumber number, Lease lease) {
    tx.publish(
        new UsageEvent.Recorded(meter(number.offer()), 1, number.number(), lease.next()),
        Origin.service("numbers"));
    var later = new Lease(lease.number(), lease.purchaseId(), lease.since(), lease.months() + 1);
    dueJobs.schedule(tx, partition, LEASE, lease.number(), later.next(), Json.text(later));
  }

  void end(Tx tx, ResourceId resource, String number) {
    dueJobs.cancel(tx, NumberStore.partition(resource), LEASE, number);
  }

  /** Months by what they cost: {@code numbers.months.us.toll-free}. */
  static String meter(Offer offer) {
    var type =
        switch (offer.type()) {
          case GEOGRAPHIC -> "geographic";
          case TOLL_FREE -> "toll-free";
          case MOBILE -> "mobile";
        };
    return "numbers.months." + offer.country().toLowerCase(Locale.ROOT) + "." + type;
  }
}
