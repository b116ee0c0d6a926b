/**
 * The smallest tools of the house: clocks, ids, JSON, secrets, settings.
 *
 * <p>Nothing here knows a resource, a protocol or a feature.
 */
@NullMarked
package dev.parley.base.kit;

import org.jspecify.annotations.NullMarked;
