package dev.parley.base.bus;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.store.JournalRow;
import java.util.Optional;
import java.util.function.Function;

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

  /**
   * What the row carries along; else what is read for an event of this family, and nothing for
   * events of others.
   */
  static <E extends Event> Optional<EventDetail> of(
      JournalRow row, Class<E> family, Function<E, Optional<EventDetail>> read) {
    var along = row.detail();
    if (along != null) {
      return Optional.of(along);
    }
    return family.isInstance(row.event()) ? read.apply(family.cast(row.event())) : Optional.empty();
  }
}
