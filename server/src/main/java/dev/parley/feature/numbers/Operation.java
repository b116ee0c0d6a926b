package dev.parley.feature.numbers;

import java.time.Instant;
import java.util.Optional;

/** A long-running operation of a resource. */
record Operation(
    String id,
    OperationType type,
    Status status,
    Intent intent,
    Instant createdOn,
    Instant changedOn,
    Optional<Fault> fault) {
  /** The contract's words are those of the constants in lower case. */
  enum Status {
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  /** Why an operation failed. */
  record Fault(String code, String message) {}

  /** The id without the kind before it. */
  String guid() {
    return id.substring(id.indexOf('_') + 1);
  }

  /** A relative address of what came out of it. */
  Optional<String> resultPath() {
    return switch (intent) {
      case Intent.Search search ->
          Optional.of("/availablePhoneNumbers/searchResults/" + search.searchId());
      case Intent.Update update -> Optional.of("/phoneNumbers/%2B" + update.number().substring(1));
      case Intent.PurchaseSearch _,
          Intent.PurchaseReservation _,
          Intent.ChangeReservation _,
          Intent.Release _ ->
          Optional.empty();
    };
  }
}
