package dev.parley.feature.usage;

import dev.parley.base.words.ResourceId;
import java.time.LocalDate;

/**
 * What one resource used of one meter in one day (UTC, by service time).
 *
 * @param quantity in the meter's unit
 * @param records how many times something was counted
 */
record UsageDay(ResourceId resource, String meter, LocalDate day, long quantity, long records) {}
