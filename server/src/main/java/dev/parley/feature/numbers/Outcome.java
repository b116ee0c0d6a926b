package dev.parley.feature.numbers;

import java.util.List;

/** What the inventory made of an {@link Intent}. */
sealed interface Outcome {
  /** A search found and holds these, perhaps none. */
  record Holding(Search.Found found) implements Outcome {}

  /** These now belong to the resource. */
  record Bought(List<PurchasedNumber> numbers) implements Outcome {}

  /** What became of the numbers that a reservation asked for. */
  record Reserved(List<Reservation.Item> items) implements Outcome {}

  /** The number is as the intent says. */
  record Done() implements Outcome {}

  record Failed(Operation.Fault fault) implements Outcome {}
}
