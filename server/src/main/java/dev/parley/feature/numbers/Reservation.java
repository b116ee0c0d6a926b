package dev.parley.feature.numbers;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Numbers that a resource picked one by one, held until they are bought or time is up.
 *
 * @param id chosen by the caller, who may use it again after deleting
 * @param hold what the numbers are held by, never used again
 */
record Reservation(String id, String hold, State state, List<Item> items, Instant expiresOn) {
  /** The contract's words are those of the constants in lower case. */
  enum State {
    ACTIVE,
    SUBMITTED,
    COMPLETED,
    EXPIRED
  }

  /** What became of one number; the contract's words in lower case. */
  enum ItemState {
    AVAILABLE,
    RESERVED,
    EXPIRED,
    ERROR,
    PURCHASED
  }

  /**
   * One number.
   *
   * @param offer what it is; empty when the operator has no such number
   */
  record Item(
      String number,
      AssignmentType assignment,
      Optional<Capabilities> capabilities,
      Optional<Offer> offer,
      ItemState state,
      Optional<Operation.Fault> fault) {
    Item with(ItemState after) {
      return new Item(number, assignment, capabilities, offer, after, fault);
    }
  }

  /** Whether its numbers are still its own. */
  boolean holds() {
    return state == State.ACTIVE || state == State.SUBMITTED;
  }

  Reservation with(State after, List<Item> changed) {
    return new Reservation(id, hold, after, changed, expiresOn);
  }
}
