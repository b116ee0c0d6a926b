package dev.parley.feature.chat;

import dev.parley.base.bus.Hearer;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.SideBySide;
import dev.parley.base.store.Stores;
import dev.parley.base.words.ServiceClock;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A durable hearer: keeps each user's list of threads, a unit in each user's partition. Lists say
 * where a user is or was; whether the user is there now is asked of the thread.
 */
final class ThreadLists implements Hearer {
  static final String HEARER = "chat.threads";

  private final Stores stores;
  private final Users users;
  private final ServiceClock clock;
  private final ThreadStore rows = new ThreadStore();
  private final BiConsumer<ThreadKey, String> stranded;

  /**
   * A keeper of lists.
   *
   * @param stranded told of a user who was deleted while being added, and must leave the thread
   */
  ThreadLists(
      Stores stores, Users users, ServiceClock clock, BiConsumer<ThreadKey, String> stranded) {
    this.stores = stores;
    this.users = users;
    this.clock = clock;
    this.stranded = stranded;
  }

  @Override
  public void hear(JournalRow row) {
    switch (row.event()) {
      case ChatEvent.ThreadCreated created -> {
        var key = new ThreadKey(row.partition().resource(), created.thread());
        var members =
            stores.of(key.resource()).read(all -> rows.membersAt(all, key, created.membership()));
        enlist(key, members);
      }
      case ChatEvent.ParticipantsAdded added ->
          enlist(new ThreadKey(row.partition().resource(), added.thread()), added.userIds());
      default -> {}
    }
  }

  private void enlist(ThreadKey key, List<String> userIds) {
    var since = clock.now(key.resource()).toEpochMilli();
    for (var from = 0; from < userIds.size(); from += SideBySide.ITEMS_MAX) {
      var to = Math.min(userIds.size(), from + SideBySide.ITEMS_MAX);
      SideBySide.each(
          userIds.subList(from, to),
          userId -> {
            stores
                .of(key.resource())
                .write(
                    ThreadStore.list(key.resource(), userId),
                    tx -> {
                      rows.enlist(tx, key, userId, since);
                      return true;
                    });
            if (!users.exist(key.resource(), userId)) {
              stranded.accept(key, userId);
            }
          });
    }
  }
}
