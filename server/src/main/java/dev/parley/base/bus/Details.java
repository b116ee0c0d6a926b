package dev.parley.base.bus;

import dev.parley.base.event.EventDetail;
import dev.parley.base.store.JournalRow;
import java.util.Optional;

/**
 * Resolves, after the commit, the content of an event. The feature that publishes the event
 * implements it, so that hearers such as realtime and webhooks need not import the feature.
 */
@FunctionalInterface
public interface Details {
  /**
   * The content as it is now; empty for events of others, and where it has been erased as a whole.
   * Costs nothing when the row carries its content, else a read of the store.
   */
  Optional<EventDetail> of(JournalRow row);
}
