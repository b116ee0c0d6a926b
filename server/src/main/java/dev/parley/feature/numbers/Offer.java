package dev.parley.feature.numbers;

import java.util.List;
import java.util.Optional;

/**
 * A kind of numbers that the operator has.
 *
 * @param country ISO 3166-1 alpha-2, upper case
 * @param assignment empty when a number may be given to either
 * @param capabilities the most that a number of this kind can do
 */
record Offer(
    String country,
    NumberType type,
    Optional<AssignmentType> assignment,
    Capabilities capabilities,
    Cost cost) {
  /** What a row of a number names it by; everything but the cost, which may change. */
  String id() {
    return String.join(
        "/",
        country,
        type.word(),
        assignment.map(AssignmentType::word).orElse("any"),
        capabilities.calling().word(),
        capabilities.sms().word());
  }

  /** Those it may be given to. */
  List<AssignmentType> assignments() {
    return assignment.map(List::of).orElse(List.of(AssignmentType.values()));
  }

  boolean fits(NumberType wantedType, AssignmentType wanted, Capabilities needed) {
    return type == wantedType && assignments().contains(wanted) && capabilities.include(needed);
  }
}
