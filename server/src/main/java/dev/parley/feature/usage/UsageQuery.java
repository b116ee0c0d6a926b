package dev.parley.feature.usage;

import dev.parley.base.words.ResourceId;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Which sums are asked for.
 *
 * @param resource empty for all of the server
 * @param meter empty for all
 * @param from the first day
 * @param to the last day
 */
record UsageQuery(
    Optional<ResourceId> resource, Optional<String> meter, LocalDate from, LocalDate to) {}
