package dev.parley.media;

import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.Agreement;
import dev.parley.protocol.sdp.Answerer;
import dev.parley.protocol.sdp.MediaPolicy;
import dev.parley.protocol.sdp.PeerDescription;
import dev.parley.protocol.sdp.SdpOutcome;
import dev.parley.protocol.sdp.SdpReason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One sender's connection, which the client offers and offers again: for tracks that come and go,
 * for an ICE restart, and from another connection of the same client. It lives until it is closed,
 * however long the network is silent. Belongs to one thread, whichever that is.
 */
public final class Publishing {
  private final Connections connections;
  private final String room;
  private final String stream;
  private final ConnectionHearer hearer;
  private @Nullable Publisher publisher;
  private @Nullable Peer peer;
  private @Nullable PeerDescription remote;
  private IceCredentials credentials;
  private long session;
  private int version;
  private Set<String> paused = Set.of();
  private Set<String> shown = Set.of();

  Publishing(Connections connections, String room, String stream, ConnectionHearer hearer) {
    this.connections = connections;
    this.room = room;
    this.stream = stream;
    this.hearer = hearer;
    credentials = connections.credentials();
  }

  /**
   * Answers an offer; nothing changes when it cannot be answered.
   *
   * @param live the sections that are shown to others; what else is sent is dropped
   * @throws IllegalStateException when the media core has stopped or does not answer
   */
  public MediaJoin offer(String sdp, Set<String> live) {
    return switch (PeerDescription.readOffer(sdp)) {
      case SdpOutcome.Refused<PeerDescription>(SdpReason reason, String detail) ->
          new MediaJoin.Unacceptable(true, reason + ": " + detail);
      case SdpOutcome.Agreed<PeerDescription>(PeerDescription offered) ->
          answer(sdp, offered, live);
    };
  }

  private MediaJoin answer(String sdp, PeerDescription offered, Set<String> live) {
    var before = remote;
    var goesOn =
        before != null
            && before.fingerprint().equals(offered.fingerprint())
            && peer != null
            && lives(peer);
    var sameNames = goesOn && before != null && before.ice().equals(offered.ice());
    var ours = sameNames ? credentials : connections.credentials();
    var id = goesOn ? session : connections.sessionId();
    var number = goesOn ? version + 1 : 1;
    var policy = new MediaPolicy(MediaPolicy.ALL.audio(), MediaPolicy.ALL.video(), Connections.UP);
    return switch (Answerer.publishing(
        sdp, connections.transport(room, ours, id, number), policy)) {
      case SdpOutcome.Refused<Agreement>(SdpReason reason, String detail) ->
          new MediaJoin.Unacceptable(reason != SdpReason.NO_COMMON_CODEC, reason + ": " + detail);
      case SdpOutcome.Agreed<Agreement>(Agreement agreement) -> {
        if (!goesOn && connections.ask(room, connections::isFull)) {
          yield new MediaJoin.Full();
        }
        credentials = ours;
        session = id;
        version = number;
        remote = offered;
        shown = sending(agreement, live);
        var _ = connections.ask(room, rooms -> take(rooms, agreement, live, goesOn, sameNames));
        yield new MediaJoin.Joined("", agreement.answer());
      }
    };
  }

  private static Set<String> sending(Agreement agreement, Set<String> live) {
    var sending = new HashSet<String>();
    for (var media : agreement.media()) {
      if (media.lives() && media.direction().receives() && live.contains(media.mid())) {
        sending.add(media.mid());
      }
    }
    return sending;
  }

  private boolean lives(Peer itsPeer) {
    return connections.ask(room, _ -> !itsPeer.isClosed());
  }

  /** On the worker's thread. */
  private boolean take(
      Rooms rooms, Agreement agreement, Set<String> live, boolean goesOn, boolean sameNames) {
    var media = agreement.media().stream().filter(AgreedMedia::lives).toList();
    var known = publisher;
    var itsPeer = peer;
    if (!goesOn || known == null || itsPeer == null) {
      var open = rooms.open(room);
      known = new Publisher(open, stream, media, Limits.NONE);
      itsPeer = connections.peer(rooms, credentials, agreement.peer(), known, hearer);
      known.attach(itsPeer);
      known.show(live);
      known.pause(paused);
      known.expect();
      itsPeer.open();
      publisher = known;
      peer = itsPeer;
      return true;
    }
    if (!sameNames) {
      itsPeer.restart(credentials, agreement.peer().ice().fragment());
    }
    known.update(media);
    known.show(live);
    known.pause(paused);
    return true;
  }

  /** The sections that are shown to others since the last offer. */
  public Set<String> live() {
    return shown;
  }

  /** Which of the sections are not handed on for now, though they are sent. */
  public void pause(Set<String> mids) {
    if (!paused.equals(mids)) {
      paused = Set.copyOf(mids);
      var known = publisher;
      if (known != null) {
        connections.run(room, _ -> known.pause(mids));
      }
    }
  }

  /**
   * What has come so far, by track.
   *
   * @throws IllegalStateException when the media core has stopped or does not answer
   */
  public List<PublishedTrack> tracks() {
    var known = publisher;
    return known == null
        ? List.of()
        : connections.ask(room, _ -> known.tracks.stream().map(PublishedTrack::of).toList());
  }

  /** Ends the connection. */
  public void close() {
    var itsPeer = peer;
    if (itsPeer != null) {
      connections.run(room, _ -> itsPeer.close("ended by its owner"));
    }
  }
}
