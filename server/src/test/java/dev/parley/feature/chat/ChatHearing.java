package dev.parley.feature.chat;

import dev.parley.base.bus.BusConfig;
import dev.parley.base.bus.LocalBus;
import dev.parley.base.store.DueJobRows;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.RepeatRows;
import dev.parley.base.store.Store;
import dev.parley.base.words.Caller;
import dev.parley.base.words.CommunicationIdentifier.CommunicationUser;
import dev.parley.base.words.Origin;
import dev.parley.base.words.ResourceId;
import dev.parley.base.words.Scope;
import dev.parley.base.words.ServiceClock;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Chat on a store, and one who hears all that it commits. */
final class ChatHearing implements AutoCloseable {
  private static final ResourceId CONTOSO = new ResourceId("11111111-aaaa-4000-8000-000000000001");

  final Chat chat;
  final ChatThreads threads;
  final ChatAudience audience;
  final ChatDetails details;
  private final Store store;
  private final LocalBus bus;
  private final LinkedBlockingQueue<JournalRow> heard = new LinkedBlockingQueue<>();

  ChatHearing(Store store) {
    this.store = store;
    ServiceClock clock = _ -> InstantSource.system().instant();
    bus = new LocalBus(store, BusConfig.DEFAULT, InstantSource.system());
    var dueJobs = new DueJobRows(store, clock);
    chat = new Chat(ChatConfig.DEFAULT, _ -> store, bus, clock);
    threads =
        new ChatThreads(
            ChatConfig.DEFAULT,
            _ -> store,
            (_, _) -> true,
            new RepeatRows(clock),
            dueJobs,
            bus,
            clock,
            new SecureRandom());
    audience = new ChatAudience(_ -> store);
    details = new ChatDetails(_ -> store);
    bus.live("test", heard::add);
  }

  /** A user of the resource; the name is part of the id. */
  static Caller.User user(String name) {
    var id = "8:acs:" + CONTOSO + "_" + name;
    return new Caller.User(
        CONTOSO, new CommunicationUser(id), Set.of(Scope.CHAT), new Origin(id, "PRIMARY", "r"));
  }

  static List<Participant> named(Caller.User... users) {
    var all = new ArrayList<Participant>();
    for (var user : users) {
      var id = user.id().rawId();
      all.add(
          new Participant(id, id.substring(id.lastIndexOf('_') + 1), Optional.empty(), Map.of()));
    }
    return all;
  }

  /** The next event that was committed. */
  JournalRow next() throws InterruptedException {
    var row = heard.poll(10, TimeUnit.SECONDS);
    if (row == null) {
      throw new AssertionError("Nothing was heard.");
    }
    return row;
  }

  @Override
  public void close() {
    bus.close();
    store.close();
  }
}
