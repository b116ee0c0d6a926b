package dev.parley.base.bus;

import dev.parley.base.store.JournalRow;
import java.util.List;

/**
 * Resolves, after the commit, whom an event concerns. The feature that publishes the event
 * implements it, so that hearers such as realtime need not import the feature.
 */
public interface Audience {
  /** Raw ids of the users to be told, the actor included; empty when the event is not for users. */
  List<String> of(JournalRow row);

  /** The same for what is worth knowing only now. */
  List<String> of(Signal signal);
}
