package dev.parley.feature.numbers;

import java.time.Instant;

/**
 * A number as its owner's lists show it.
 *
 * @param offer what kind of number it is, and the most that it can do
 * @param purchaseId names this time of owning it
 */
record PurchasedNumber(
    OwnedNumber owned,
    AssignmentType assignment,
    Offer offer,
    String purchaseId,
    Instant purchasedOn) {
  String number() {
    return owned.number();
  }
}
