package dev.parley.feature.numbers;

/** The kinds of long-running operations, in the contract's words. */
enum OperationType {
  SEARCH("search", "search", Intent.Search.class),
  PURCHASE("purchase", "purchase", Intent.PurchaseSearch.class),
  RESERVATION_PURCHASE("reservationPurchase", "reservation", Intent.PurchaseReservation.class),
  /** Not of the contract, which changes reservations at once; it survives a crash all the same. */
  RESERVATION_CHANGE("reservationChange", "change", Intent.ChangeReservation.class),
  RELEASE("releasePhoneNumber", "release", Intent.Release.class),
  CAPABILITIES("updatePhoneNumberCapabilities", "capabilities", Intent.Update.class);

  private final String word;
  private final String prefix;
  private final Class<? extends Intent> intent;

  OperationType(String word, String prefix, Class<? extends Intent> intent) {
    this.word = word;
    this.prefix = prefix;
    this.intent = intent;
  }

  /** The contract's spelling. */
  String word() {
    return word;
  }

  /** The id of an operation, such as {@code search_<guid>}. */
  String id(String guid) {
    return prefix + "_" + guid;
  }

  Class<? extends Intent> intent() {
    return intent;
  }

  static OperationType of(Intent intent) {
    return switch (intent) {
      case Intent.Search _ -> SEARCH;
      case Intent.PurchaseSearch _ -> PURCHASE;
      case Intent.PurchaseReservation _ -> RESERVATION_PURCHASE;
      case Intent.ChangeReservation _ -> RESERVATION_CHANGE;
      case Intent.Release _ -> RELEASE;
      case Intent.Update _ -> CAPABILITIES;
    };
  }
}
