/**
 * Phone numbers: an operator's own inventory, bought and released by resources; every operation of
 * the ACS Phone Numbers contract.
 *
 * <p>A number's row belongs to the house, and the house's partition decides who gets it; {@code
 * Inventory} has that side. Read {@link dev.parley.feature.numbers.Numbers} first.
 */
@NullMarked
package dev.parley.feature.numbers;

import org.jspecify.annotations.NullMarked;
