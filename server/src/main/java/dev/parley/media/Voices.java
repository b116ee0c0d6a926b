package dev.parley.media;

import dev.parley.media.audio.SpeakerDetector;
import dev.parley.protocol.rtp.ExtensionKind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The voices of a room: who speaks, and which of them are forwarded when there are more than the
 * room forwards at a time (last-n). Belongs to its worker's thread.
 */
final class Voices {
  /** A voice that begins waits at most this long, which is less than a syllable. */
  private static final long TICK_NANOS = 60_000_000L;

  private final Room room;
  private final MediaWorker worker;
  private final Map<Integer, Receiver> receivers = new HashMap<>();
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::tick);
  private final SpeakerDetector detector;
  private List<Integer> chosen = List.of();
  private Speakers now = Speakers.NOBODY;
  private boolean changed;

  Voices(Room room) {
    this.room = room;
    worker = room.worker;
    detector =
        new SpeakerDetector(
            new SpeakerDetector.Listener() {
              @Override
              public void dominant(int source) {
                changed = true;
              }

              @Override
              public void active(List<Integer> sources) {
                changed = true;
              }
            });
  }

  /** A source of audio begins. */
  Voice add(Receiver receiver) {
    if (receivers.isEmpty()) {
      worker.timers().set(timer, worker.now() + TICK_NANOS);
    }
    receivers.put(receiver.number, receiver);
    var levels = receiver.track.section.extensions().id(ExtensionKind.AUDIO_LEVEL);
    return new Voice(detector.add(receiver.number), levels);
  }

  void remove(Receiver receiver) {
    if (receivers.remove(receiver.number) != null) {
      detector.remove(receiver.number);
      changed = true;
      if (receivers.isEmpty()) {
        worker.timers().cancel(timer);
        tell();
      }
    }
  }

  Speakers speakers() {
    return now;
  }

  /** Whether this stream is the one in front. */
  boolean isDominant(String stream) {
    return now.dominant().isPresent() && now.dominant().get().equals(stream);
  }

  private void tick() {
    worker.timers().set(timer, worker.now() + TICK_NANOS);
    detector.tick(worker.now());
    if (changed) {
      tell();
    }
    choose(room.lastN());
  }

  private void tell() {
    changed = false;
    var active = new LinkedHashSet<String>();
    for (var source : detector.active()) {
      stream(source).ifPresent(active::add);
    }
    var dominant = detector.dominant();
    var next =
        new Speakers(
            dominant.isPresent() ? stream(dominant.getAsInt()) : Optional.empty(),
            List.copyOf(active));
    if (!next.equals(now)) {
      now = next;
      room.tell(next);
    }
  }

  private Optional<String> stream(int source) {
    return Optional.ofNullable(receivers.get(source))
        .map(receiver -> receiver.track.publisher.stream);
  }

  private void choose(int lastN) {
    var levelled = 0;
    for (var receiver : receivers.values()) {
      levelled += receiver.voice != null && receiver.voice.isLevelled() ? 1 : 0;
    }
    var all = lastN == 0 || levelled <= lastN;
    chosen = all ? List.of() : detector.loudest(lastN, chosen);
    var turned = false;
    for (var receiver : receivers.values()) {
      var voice = receiver.voice;
      if (voice != null) {
        var audible = all || !voice.isLevelled() || chosen.contains(receiver.number);
        turned |= audible != voice.audible;
        voice.audible = audible;
      }
    }
    if (turned) {
      room.changed();
    }
  }
}
