package dev.parley.media;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who sends and who watches in one place. Belongs to its worker's thread. */
final class Room {
  private static final Logger log = LoggerFactory.getLogger(Room.class);

  final String name;
  final MediaWorker worker;
  final Scratch scratch;
  private final Map<String, Publisher> publishers = new LinkedHashMap<>();
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private final List<TapLines> taps = new ArrayList<>();
  private final Rooms rooms;
  final Voices voices;
  private int numbers;

  /** Takes the headers of packets for whoever looks for a fault; null mostly. */
  @Nullable HeaderCapture capture;

  Room(String name, MediaWorker worker, Scratch scratch, Rooms rooms) {
    this.name = name;
    this.worker = worker;
    this.scratch = scratch;
    this.rooms = rooms;
    voices = new Voices(this);
  }

  /** A number for a source, for the number maps of forwarders. */
  int nextNumber() {
    numbers = numbers % 32_767 + 1;
    return numbers;
  }

  /** Somebody will send under this name; who did before is replaced. */
  void expect(Publisher publisher) {
    var before = publishers.put(publisher.stream, publisher);
    if (before != null) {
      before.end("replaced by a newer connection of the same name");
    }
  }

  void expect(Subscriber subscriber) {
    subscribers.add(subscriber);
  }

  void arrived(Publisher publisher) {
    log.debug("media room {}: {} sends", name, publisher.stream);
    changed();
  }

  void arrived(Subscriber subscriber) {
    assign(subscriber);
  }

  void left(Publisher publisher, String reason) {
    log.debug("media room {}: {} sends no more: {}", name, publisher.stream, reason);
    publishers.remove(publisher.stream, publisher);
    forgetIfEmpty();
    for (var track : publisher.tracks) {
      track.receivers.forEach(voices::remove);
      for (var forwarder : track.forwarders()) {
        forwarder.bind(null);
      }
    }
    changed();
  }

  void left(Subscriber subscriber, String reason) {
    log.debug("media room {}: a viewer left: {}", name, reason);
    subscribers.remove(subscriber);
    forgetIfEmpty();
  }

  private void forgetIfEmpty() {
    if (publishers.isEmpty() && subscribers.isEmpty() && taps.isEmpty()) {
      rooms.emptied(this);
    }
  }

  void arrived(TapLines tap) {
    taps.add(tap);
    tap.begin();
    follow(tap);
  }

  void left(TapLines tap) {
    if (taps.remove(tap)) {
      tap.end();
      forgetIfEmpty();
    }
  }

  private void follow(TapLines tap) {
    var tracks = wanted(tap.stream(), "");
    tracks.removeIf(track -> !tap.hears(track.section.video()));
    tap.follow(tracks);
  }

  /** Sends everybody away. */
  void close(String reason) {
    for (var publisher : publishers()) {
      publisher.end(reason);
    }
    for (var subscriber : subscribers()) {
      if (subscriber.peer() != null) {
        subscriber.peer().close(reason);
      }
    }
  }

  /** Somebody came or went, or a stream began: everybody is given what they want of it. */
  void changed() {
    for (var subscriber : subscribers) {
      if (subscriber.isReady()) {
        assign(subscriber);
        subscriber.aim(worker.now());
      }
    }
    taps.forEach(this::follow);
  }

  /**
   * Gives a viewer's sections the tracks that it wants: those it has stay where they are, free ones
   * take the others in the order in which these came.
   */
  private void assign(Subscriber subscriber) {
    switch (subscriber.wish) {
      case Subscriber.Wish.Any(String stream, String own) ->
          assign(subscriber, wanted(stream, own));
      case Subscriber.Wish.Named named -> {
        if (subscriber.isPaused()) {
          subscriber.forwarders.forEach(forwarder -> forwarder.bind(null));
        } else {
          assign(subscriber, named);
        }
      }
    }
  }

  private void assign(Subscriber subscriber, Subscriber.Wish.Named named) {
    var voices = voices(named.own());
    var found = new HashMap<Forwarder, Track>();
    for (var forwarder : subscriber.forwarders) {
      var name = named.tracks().get(forwarder);
      var track = name == null ? null : find(name, forwarder);
      if (track != null) {
        found.put(forwarder, track);
      }
    }
    var shown = new HashSet<Track>(found.values());
    for (var forwarder : subscriber.forwarders) {
      var track = found.get(forwarder);
      var before = forwarder.track();
      var lent = before != null && before.isAudible() && voices.contains(before);
      // What was lent to a voice goes on as long as it speaks and its owner does not.
      if (!(lent && track != null && !track.isAudible() && shown.add(before))) {
        forwarder.bind(track);
      }
    }
    preferAudible(subscriber, voices, shown);
  }

  /** All live audio but one's own. */
  private List<Track> voices(String own) {
    var tracks = new ArrayList<Track>();
    for (var publisher : publishers.values()) {
      if (publisher.isConnected() && !publisher.stream.equals(own)) {
        for (var track : publisher.tracks) {
          if (!track.section.video() && track.isLive()) {
            tracks.add(track);
          }
        }
      }
    }
    return tracks;
  }

  private @Nullable Track find(TrackName name, Forwarder forwarder) {
    var publisher = publishers.get(name.stream());
    var track = publisher == null || !publisher.isConnected() ? null : publisher.track(name.mid());
    return track != null && FormatMatch.any(track.section.formats(), forwarder.section.formats())
        ? track
        : null;
  }

  private static void assign(Subscriber subscriber, List<Track> wanted) {
    var shown = new HashSet<Track>();
    for (var forwarder : subscriber.forwarders) {
      var track = forwarder.track();
      if (track != null && wanted.contains(track)) {
        shown.add(track);
      } else {
        forwarder.bind(null);
      }
    }
    for (var forwarder : subscriber.forwarders) {
      if (forwarder.track() == null) {
        var next = next(wanted, shown, forwarder);
        if (next != null) {
          shown.add(next);
          forwarder.bind(next);
        }
      }
    }
    preferAudible(subscriber, wanted, shown);
  }

  /**
   * Where there are more voices than sections, those that are forwarded take the place of others.
   */
  private static void preferAudible(Subscriber subscriber, List<Track> wanted, Set<Track> shown) {
    for (var track : wanted) {
      if (!track.section.video() && track.isAudible() && !shown.contains(track)) {
        for (var forwarder : subscriber.forwarders) {
          var before = forwarder.track();
          if (before != null && !before.isAudible() && fits(track, forwarder)) {
            shown.remove(before);
            shown.add(track);
            forwarder.bind(track);
            break;
          }
        }
      }
    }
  }

  private List<Track> wanted(String stream, String own) {
    var tracks = new ArrayList<Track>();
    for (var publisher : publishers.values()) {
      var named = stream.isEmpty() || publisher.stream.equals(stream);
      if (named && publisher.isConnected() && !publisher.stream.equals(own)) {
        tracks.addAll(publisher.tracks);
      }
    }
    return tracks;
  }

  private static @Nullable Track next(List<Track> wanted, Set<Track> shown, Forwarder forwarder) {
    for (var track : wanted) {
      if (!shown.contains(track) && fits(track, forwarder)) {
        return track;
      }
    }
    return null;
  }

  private static boolean fits(Track track, Forwarder forwarder) {
    return track.section.video() == forwarder.section.video()
        && FormatMatch.any(track.section.formats(), forwarder.section.formats());
  }

  /** How many voices are forwarded at a time; 0 for all. */
  int lastN() {
    return rooms.lastN(name);
  }

  /** Who speaks has changed. */
  void tell(Speakers speakers) {
    rooms.tell(name, speakers);
  }

  /**
   * The name that binds the sound and the picture of one sender together (RFC 3550 section 6.5.1).
   */
  String canonicalName(Forwarder forwarder) {
    var track = forwarder.track();
    return track == null ? "parley" : track.publisher.stream;
  }

  List<Publisher> publishers() {
    return List.copyOf(publishers.values());
  }

  List<Subscriber> subscribers() {
    return List.copyOf(subscribers);
  }
}
