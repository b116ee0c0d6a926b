package dev.parley.base.store;

import dev.parley.base.event.Event;
import dev.parley.base.event.EventDetail;
import dev.parley.base.words.Origin;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a unit works with. It sees its own writes. */
public interface Tx extends Rows {
  /** Runs an INSERT, UPDATE or DELETE now and says how many rows changed. */
  int run(String sql, @Nullable Object... values);

  /** One row to insert. It goes out with the commit, or before this unit's next question. */
  void add(String sql, @Nullable Object... values);

  /**
   * Journals the event in the same commit, under the unit's partition; hearers get it afterwards.
   */
  default void publish(Event event, Origin origin) {
    publish(event, origin, null);
  }

  /**
   * The same with the event's content, for the hearers of this process: they need not read what was
   * just written. The content is never journaled, and may be left behind under pressure.
   */
  void publish(Event event, Origin origin, @Nullable EventDetail detail);

  /**
   * What the unit before this one has left with {@link #remember}, or this one itself, so that it
   * need not ask again. It may be empty at any time.
   */
  <T> Optional<T> remembered(Class<T> type);

  /**
   * Leaves something that does not change to the partition's next unit, in the place of what was
   * left before. Every change that follows, by this unit or by another one, forgets it: a unit that
   * changes something remembers last.
   */
  void remember(Object knowledge);
}
