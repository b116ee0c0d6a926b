package dev.parley.feature.realtime;

import dev.parley.base.bus.Audience;
import dev.parley.base.bus.Details;
import dev.parley.base.bus.Signal;
import dev.parley.base.event.ChatDetail;
import dev.parley.base.event.ChatEvent;
import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.wire.Session;
import dev.parley.base.words.ResourceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The streams for servers: each begins where its reader stopped, and misses and repeats nothing.
 *
 * <p>A stream that begins in the past reads the journal at its reader's pace on a virtual thread of
 * its own; when it has read all that was heard here, it is told of the rest as it happens.
 */
final class EventStreams {
  /** Streams of one resource. */
  static final int STREAMS_MAX = 1_000;

  private static final int READ_ROWS = 500;

  /** A reader this far behind waits before more of the past is read for it. */
  private static final int UNREAD_BYTES_MAX = 128 << 10;

  private static final Duration READER_PAUSE = Duration.ofMillis(20);
  private static final String HEARTBEAT = ": \n\n";

  private final Store store;
  private final Audience audience;
  private final Details details;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<EventStream> streams = new CopyOnWriteArrayList<>();
  private final Map<Shard, Long> heard = new HashMap<>();
  private final AtomicInteger beats = new AtomicInteger();

  EventStreams(Store store, Audience audience, Details details) {
    this.store = store;
    this.audience = audience;
    this.details = details;
  }

  /** Begins to follow the journal; before the first row is heard. */
  void start() {
    lock.lock();
    try {
      heard.putAll(store.heads());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses where there are too many already.
   *
   * @throws dev.parley.base.words.Refusal 429
   */
  void checkRoom(ResourceId resource) {
    if (streams.stream().filter(stream -> stream.resource().equals(resource)).count()
        >= STREAMS_MAX) {
      throw RealtimeProblems.tooManyStreams(STREAMS_MAX);
    }
  }

  /**
   * Opens a stream.
   *
   * @param userId whose events; empty for all of the resource
   * @param from after which position; empty for what happens from now on
   * @return what is to be done at its end
   */
  Runnable open(
      Session session,
      ResourceId resource,
      Optional<String> userId,
      Optional<StreamPosition> from) {
    EventStream stream;
    lock.lock();
    try {
      var now = StreamPosition.of(heard);
      stream =
          new EventStream(
              session, resource, userId, from.map(given -> given.atMost(now)).orElse(now));
      if (from.isEmpty()) {
        stream.goLive();
      }
      stream.send("retry: 1000\nid: " + stream.position().text() + "\n\n");
      streams.add(stream);
    } finally {
      lock.unlock();
    }
    stream.flush();
    if (from.isPresent()) {
      Thread.ofVirtual().name("stream-catch-up").start(() -> catchUp(stream));
    }
    return () -> {
      stream.ended();
      streams.remove(stream);
    };
  }

  private void catchUp(EventStream stream) {
    try {
      while (stream.isOpen() && !isNowLive(stream)) {
        var read = 0;
        for (var shard : store.heads().keySet()) {
          read += catchUp(stream, shard);
        }
        if (read == 0) {
          Thread.sleep(READER_PAUSE);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // The reader connects again, and goes on where it was.
      stream.close("The past cannot be read now.");
      throw e;
    }
  }

  private int catchUp(EventStream stream, Shard shard) throws InterruptedException {
    var rows = store.journal(shard, stream.position().in(shard), READ_ROWS);
    for (var row : rows) {
      if (row.position() > stream.position().in(shard) + 1) {
        stream.send(
            new StreamEvents.Told("gap", "{\"from\":\"" + stream.position().text() + "\"}")
                .text(""));
      }
      if (row.event() instanceof ChatEvent
          && row.partition().resource().equals(stream.resource())
          && stream.wants(audience.of(row))) {
        tell(stream, row);
      }
      stream.passed(row);
      while (stream.isOpen() && stream.queuedBytes() > UNREAD_BYTES_MAX) {
        Thread.sleep(READER_PAUSE);
      }
    }
    stream.flush();
    return rows.size();
  }

  private void tell(EventStream stream, JournalRow row) {
    told(row)
        .ifPresent(told ->
            stream.send(told.text(stream.position().with(row.shard(), row.position()).text())));
  }

  /** A stream that has read all that was heard is told of what follows. */
  private boolean isNowLive(EventStream stream) {
    lock.lock();
    try {
      for (var head : heard.entrySet()) {
        if (stream.position().in(head.getKey()) < head.getValue()) {
          return false;
        }
      }
      stream.goLive();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** One row, in order; the thread of the hearer. */
  void hear(JournalRow row) {
    lock.lock();
    try {
      heard.put(row.shard(), row.position());
      if (streams.isEmpty() || !(row.event() instanceof ChatEvent)) {
        return;
      }
      var resource = row.partition().resource();
      var wanting =
          streams.stream()
              .filter(stream -> stream.isLive() && stream.resource().equals(resource))
              .toList();
      if (wanting.isEmpty()) {
        return;
      }
      var users = audience.of(row);
      var wanted = wanting.stream().filter(stream -> stream.wants(row, users)).toList();
      if (!wanted.isEmpty()) {
        var position = StreamPosition.of(heard).text();
        told(row)
            .map(told -> told.text(position))
            .ifPresent(text -> wanted.forEach(stream -> stream.send(text)));
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<StreamEvents.Told> told(JournalRow row) {
    return details.of(row).orElse(null) instanceof ChatDetail chat
        ? Optional.of(StreamEvents.of(chat))
        : Optional.empty();
  }

  /** What is worth knowing only now. */
  void hear(Signal signal) {
    if (streams.isEmpty()) {
      return;
    }
    var users = audience.of(signal);
    var text =
        switch (signal) {
          case Signal.Typing typing -> StreamEvents.of(typing).text("");
        };
    for (var stream : streams) {
      if (stream.isLive() && stream.resource().equals(signal.resource()) && stream.wants(users)) {
        stream.send(text);
        stream.flush();
      }
    }
  }

  /** What was queued goes out. */
  void pause() {
    streams.forEach(EventStream::flush);
  }

  /** Says that the stream still stands, every fifteen seconds; proxies cut what is silent. */
  void sweep() {
    if (beats.incrementAndGet() % 15 == 0) {
      for (var stream : streams) {
        stream.send(HEARTBEAT);
        stream.flush();
      }
    }
  }

  /** Ends all streams; their readers come back elsewhere. */
  void closeAll() {
    streams.forEach(stream -> stream.close("The server stops."));
  }
}
