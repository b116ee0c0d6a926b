/**
 * The resources of this server: which there are, where they listen, and their keys.
 *
 * <p>Operations (our own, under {@code /parley/resources}): create, list, clone, reset, delete,
 * regenerate a key. Events: {@link dev.parley.base.event.ResourceEvent}. Read {@code Resources}
 * first.
 */
@NullMarked
package dev.parley.feature.manage;

import org.jspecify.annotations.NullMarked;
