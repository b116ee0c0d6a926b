package dev.parley.media;

import java.util.ArrayList;
import java.util.List;

/** The worker's half of a {@link Tap}: a line for each track that it hears. */
final class TapLines {
  private static final long TICK_NANOS = 50_000_000L;

  private final Tap tap;
  private final Room room;
  private final List<TapLine> lines = new ArrayList<>();
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::tick);

  TapLines(Tap tap, Room room) {
    this.tap = tap;
    this.room = room;
  }

  void begin() {
    room.worker.timers().set(timer, room.worker.now() + TICK_NANOS);
  }

  String stream() {
    return tap.wish().stream();
  }

  boolean hears(boolean video) {
    return video ? tap.wish().video() : tap.wish().audio();
  }

  /** These tracks are there now. */
  void follow(List<Track> tracks) {
    var kept = new ArrayList<Track>();
    for (var line : List.copyOf(lines)) {
      if (tracks.contains(line.track)) {
        kept.add(line.track);
      } else {
        lines.remove(line);
        line.end();
      }
    }
    for (var track : tracks) {
      if (!kept.contains(track)) {
        lines.add(new TapLine(tap, room, track));
      }
    }
    lines.forEach(line -> line.tick(room.worker.now()));
  }

  private void tick() {
    var now = room.worker.now();
    room.worker.timers().set(timer, now + TICK_NANOS);
    lines.forEach(line -> line.tick(now));
  }

  void end() {
    room.worker.timers().cancel(timer);
    lines.forEach(TapLine::end);
    lines.clear();
  }
}
