package dev.parley.feature.numbers;

import java.util.List;

/**
 * What an operation is to do in the inventory; stored with it as JSON, so that it can be finished
 * after a crash.
 */
sealed interface Intent {
  /**
   * Hold numbers for a search.
   *
   * @param prefix what the numbers begin with
   * @param pivot where among them to begin, so that a number just released is not the next one
   *     found
   */
  record Search(String searchId, SearchWish wish, String prefix, String pivot) implements Intent {}

  /** Buy what a search holds. */
  record PurchaseSearch(String searchId) implements Intent {}

  /** Buy what a reservation holds. */
  record PurchaseReservation(String reservationId, String hold) implements Intent {}

  /**
   * Hold and free single numbers for a reservation.
   *
   * @param removed numbers
   */
  record ChangeReservation(
      String reservationId, String hold, List<Wanted> added, List<String> removed)
      implements Intent {}

  /** Give a number back; the purchase says which time of owning it is meant. */
  record Release(String number, String purchaseId) implements Intent {}

  record Update(String number, String purchaseId, Capabilities capabilities) implements Intent {}
}
