/**
 * What was used: sums per resource, meter and day, of everything that other rooms count.
 *
 * <p>Operation (our own): {@code GET /parley/usage}. Hears {@link
 * dev.parley.base.event.UsageEvent}; publishes nothing. Read {@code UsageSums} first.
 */
@NullMarked
package dev.parley.feature.usage;

import org.jspecify.annotations.NullMarked;
