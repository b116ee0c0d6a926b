/**
 * The house: {@code Main} reads what was asked, {@code House} makes every room, starts it, and
 * stops it in reverse.
 */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;
