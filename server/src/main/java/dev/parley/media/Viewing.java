package dev.parley.media;

import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.Agreement;
import dev.parley.protocol.sdp.MediaPolicy;
import dev.parley.protocol.sdp.Offerer;
import dev.parley.protocol.sdp.SdpOutcome;
import dev.parley.protocol.sdp.SdpReason;
import dev.parley.protocol.sdp.Track;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One viewer's connection, which we offer: each track that is to be heard or seen has a section,
 * and sections of what is gone wait for what comes. A track flows when the offer that names it is
 * answered. Sections of audio are lent to other voices while their own is not among those that are
 * forwarded, so that few sections are enough for a large room. It lives until it is closed, however
 * long the network is silent. Belongs to one thread, whichever that is.
 */
public final class Viewing {
  /** A section and what it carries. */
  public record Shown(String mid, TrackName track) {}

  /**
   * An offer.
   *
   * @param number grows with each offer; the answer names it
   */
  public record Offer(int number, String sdp, List<Shown> shown) {}

  private static final class Slot {
    final String mid;
    final boolean video;
    int ssrc;
    int repairSsrc;
    @Nullable TrackName track;

    /** Whether an offer said that nothing comes here. */
    boolean rested;

    Slot(String mid, boolean video, int ssrc, int repairSsrc) {
      this.mid = mid;
      this.video = video;
      this.ssrc = ssrc;
      this.repairSsrc = repairSsrc;
    }

    Offerer.Slot offered() {
      return new Offerer.Slot(mid, video, Optional.ofNullable(track).map(this::sent));
    }

    private Track sent(TrackName name) {
      var codecs = video ? MediaPolicy.ALL.video() : MediaPolicy.ALL.audio();
      var label = name.stream() + "-" + name.mid();
      return new Track(
          name.stream(), label, name.stream(), List.<Codec>copyOf(codecs), ssrc, repairSsrc);
    }
  }

  private final Connections connections;
  private final String room;
  private final String own;
  private final ConnectionHearer hearer;
  private final List<Slot> slots = new ArrayList<>();
  private final long session;
  private IceCredentials credentials;
  private int number;
  private Map<TrackName, Sight> sights = Map.of();
  private boolean paused;

  // Of the worker's thread, but for whether they are there.
  private @Nullable Subscriber subscriber;
  private @Nullable Peer peer;
  private final Map<String, Forwarder> forwarders = new HashMap<>();

  Viewing(Connections connections, String room, String own, ConnectionHearer hearer) {
    this.connections = connections;
    this.room = room;
    this.own = own;
    this.hearer = hearer;
    credentials = connections.credentials();
    session = connections.sessionId();
  }

  /**
   * An offer of these tracks and of no others, each in the section that it had. The first one has
   * sections also when there are no tracks yet: the connection then stands when one comes.
   *
   * @param restart whether to offer new names, so that the client looks for another way (RFC 8445
   *     section 9); the answer may then also come from another connection of the client's
   * @return nothing when the last offer says the same already
   */
  public Optional<Offer> offer(List<TrackName> wanted, boolean restart) {
    var changed = number == 0;
    if (changed) {
      free(false);
      free(true);
    }
    changed |= assign(wanted);
    if (!changed && !restart) {
      return Optional.empty();
    }
    if (restart) {
      credentials = connections.credentials();
    }
    number++;
    for (var slot : slots) {
      slot.rested |= slot.track == null;
    }
    var local = connections.transport(room, credentials, session, number);
    var sdp = Offerer.offer(local, Connections.DOWN, slots.stream().map(Slot::offered).toList());
    return Optional.of(new Offer(number, sdp, shown()));
  }

  /** The number of the last offer; 0 before the first. */
  public int number() {
    return number;
  }

  private boolean assign(List<TrackName> wanted) {
    var changed = false;
    var missing = new ArrayList<>(wanted);
    for (var slot : slots) {
      if (slot.track != null && !missing.remove(slot.track)) {
        slot.track = null;
        changed = true;
      }
    }
    for (var track : missing) {
      awake(free(track.video())).track = track;
      changed = true;
    }
    return changed;
  }

  /**
   * A section that goes on after a rest has other sources: Chromium decodes what comes again from
   * the same one, and hands it to nobody.
   */
  private Slot awake(Slot slot) {
    if (slot.rested) {
      slot.rested = false;
      slot.ssrc = connections.ssrc();
      slot.repairSsrc = connections.ssrc();
    }
    return slot;
  }

  private Slot free(boolean video) {
    for (var slot : slots) {
      if (slot.track == null && slot.video == video) {
        return slot;
      }
    }
    var slot =
        new Slot(Integer.toString(slots.size()), video, connections.ssrc(), connections.ssrc());
    slots.add(slot);
    return slot;
  }

  private List<Shown> shown() {
    var shown = new ArrayList<Shown>();
    for (var slot : slots) {
      if (slot.track != null) {
        shown.add(new Shown(slot.mid, slot.track));
      }
    }
    return shown;
  }

  /**
   * Takes the answer to an offer. That of an older offer is passed by: the newer one says more.
   *
   * @throws IllegalStateException when the media core has stopped or does not answer
   */
  public MediaJoin answer(int offer, String sdp) {
    if (offer != number) {
      return new MediaJoin.Joined("", "");
    }
    var offered = slots.stream().map(Slot::offered).toList();
    return switch (Offerer.accept(Connections.DOWN, offered, sdp)) {
      case SdpOutcome.Refused<Agreement>(SdpReason reason, String detail) ->
          new MediaJoin.Unacceptable(true, reason + ": " + detail);
      case SdpOutcome.Agreed<Agreement>(Agreement agreement) -> {
        var names = new HashMap<String, TrackName>();
        shown().forEach(each -> names.put(each.mid(), each.track()));
        var ours = credentials;
        yield connections.ask(room, rooms -> take(rooms, agreement, names, ours));
      }
    };
  }

  /** On the worker's thread. */
  private MediaJoin take(
      Rooms rooms, Agreement agreement, Map<String, TrackName> names, IceCredentials ours) {
    var remote = agreement.peer();
    var known = subscriber;
    var itsPeer = peer;
    if (known == null || itsPeer == null || !Connections.isOf(itsPeer, remote)) {
      if (connections.isFull(rooms)) {
        return new MediaJoin.Full();
      }
      if (itsPeer != null) {
        itsPeer.close("replaced by a newer connection of the same viewer");
      }
      forwarders.clear();
      known = new Subscriber(rooms.open(room), new Subscriber.Wish.Named(own, new HashMap<>()), 0);
      itsPeer = connections.peer(rooms, ours, remote, known, hearer);
      known.attach(itsPeer);
      known.expect();
      itsPeer.open();
      subscriber = known;
      peer = itsPeer;
    } else if (!itsPeer.isNamed(ours, remote.ice().fragment())) {
      itsPeer.restart(ours, remote.ice().fragment());
    }
    for (var media : agreement.media()) {
      show(known, media, names.get(media.mid()));
    }
    known.look(sights, paused);
    return new MediaJoin.Joined("", "");
  }

  private void show(Subscriber viewer, AgreedMedia media, @Nullable TrackName name) {
    var known = forwarders.get(media.mid());
    if (media.track().isPresent()) {
      var track = media.track().get();
      if (known == null || known.ssrc != track.ssrc()) {
        var before = known;
        known =
            new Forwarder(
                viewer, media, track.ssrc(), track.repairSsrc(), connections.firstSequence());
        forwarders.put(media.mid(), known);
        viewer.add(known, before);
      }
    }
    if (known != null) {
      viewer.name(known, media.track().isPresent() ? name : null);
    }
  }

  /**
   * Says how the viewer looks at what it sees, and whether it looks at all.
   *
   * @param paused whether nothing is sent for now, though the connection stays
   */
  public void look(Map<TrackName, Sight> looks, boolean paused) {
    if (!sights.equals(looks) || this.paused != paused) {
      sights = Map.copyOf(looks);
      this.paused = paused;
      var copy = sights;
      connections.run(
          room,
          _ -> {
            var known = subscriber;
            if (known != null) {
              known.look(copy, paused);
            }
          });
    }
  }

  /** Ends the connection. */
  public void close() {
    connections.run(
        room,
        _ -> {
          var itsPeer = peer;
          if (itsPeer != null) {
            itsPeer.close("ended by its owner");
          }
        });
  }
}
