package dev.parley.feature.numbers;

import java.util.Optional;

/**
 * One number that a reservation is to hold.
 *
 * @param capabilities empty for all that the number has
 */
record Wanted(String number, AssignmentType assignment, Optional<Capabilities> capabilities) {}
