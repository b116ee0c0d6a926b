package dev.parley.feature.chat;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.kit.LruCache;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Stores;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Whom a chat event concerns: those who were in the thread at the event's version of the
 * membership, and those whom a removal took out. Asked after the commit, so that a message to 250
 * people journals one number.
 *
 * <p>The newest list of a thread is remembered: a version of the membership never changes.
 */
final class ChatAudience implements Audience {
  /**
   * Larger lists have a cache of their own, so that both together stay at a few dozen megabytes.
   */
  private static final int SMALL_MEMBERS_MAX = 16;

  private static final int SMALL_LISTS_MAX = 16_384;
  private static final int LARGE_LISTS_MAX = 512;

  /** Who was in a thread at one version. */
  private record Members(long version, List<String> userIds) {}

  private final Stores stores;
  private final ThreadStore rows = new ThreadStore();
  private final LruCache<ThreadKey, Members> small = new LruCache<>(SMALL_LISTS_MAX);
  private final LruCache<ThreadKey, Members> large = new LruCache<>(LARGE_LISTS_MAX);

  ChatAudience(Stores stores) {
    this.stores = stores;
  }

  @Override
  public List<String> of(JournalRow row) {
    if (!(row.event() instanceof ChatEvent event)) {
      return List.of();
    }
    var key = new ThreadKey(row.partition().resource(), event.thread());
    var members = membersAt(key, event.membership());
    if (event instanceof ChatEvent.ParticipantsRemoved removed) {
      var all = new LinkedHashSet<>(members);
      all.addAll(removed.userIds());
      return List.copyOf(all);
    }
    return members;
  }

  @Override
  public List<String> of(Signal signal) {
    return switch (signal) {
      case Signal.Typing typing ->
          membersAt(new ThreadKey(typing.resource(), typing.thread()), typing.membership());
    };
  }

  private List<String> membersAt(ThreadKey key, long version) {
    var known = small.find(key).or(() -> large.find(key));
    if (known.isPresent() && known.get().version() == version) {
      return known.get().userIds();
    }
    var userIds =
        List.copyOf(stores.of(key.resource()).read(all -> rows.membersAt(all, key, version)));
    var isSmall = userIds.size() <= SMALL_MEMBERS_MAX;
    // An older list in the other cache would only be found in vain.
    (isSmall ? large : small).forget(key);
    (isSmall ? small : large).put(key, new Members(version, userIds));
    return userIds;
  }
}
