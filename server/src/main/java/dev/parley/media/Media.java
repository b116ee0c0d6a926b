package dev.parley.media;

import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.Packetizer;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.Agreement;
import dev.parley.protocol.sdp.Answerer;
import dev.parley.protocol.sdp.IceFragment;
import dev.parley.protocol.sdp.LocalTransport;
import dev.parley.protocol.sdp.MediaPolicy;
import dev.parley.protocol.sdp.PeerMedia;
import dev.parley.protocol.sdp.SdpOutcome;
import dev.parley.protocol.sdp.SdpReason;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door of the media core: peers come with an SDP offer and are answered. Rooms are names
 * that the caller makes; whoever knows one may be let in, so the caller checks that. Thread-safe.
 * Nothing is opened before the first peer comes, or {@link #prepare}.
 */
public final class Media implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Media.class);

  /** A connection that was answered. */
  private record Session(String room, MediaEngine.Place place, Peer peer, String mid) {}

  private final MediaConfig config;
  private final InstantSource clock;
  private final SecureRandom random;
  private final MeterRegistry registry;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private volatile @Nullable MediaEngine engine;
  private final ConnectionLog log;
  private boolean closed;
  private final Connections connections;

  public Media(
      MediaConfig config, InstantSource clock, SecureRandom random, MeterRegistry registry) {
    this.registry = registry;
    this.config = config;
    this.clock = clock;
    this.random = random;
    log = new ConnectionLog(clock, registry);
    connections = new Connections(this::engine, this::started, config, random, log);
  }

  /**
   * A sender's connection that goes on for as long as its owner wants.
   *
   * @param stream its name in the room; who sends under this name is replaced
   */
  public Publishing publishing(String room, String stream, ConnectionHearer hearer) {
    return new Publishing(connections, room, stream, hearer);
  }

  /**
   * A viewer's connection for which we make the offers.
   *
   * @param own the name under which the same person sends, which is never played to it
   */
  public Viewing viewing(String room, String own, ConnectionHearer hearer) {
    return new Viewing(connections, room, own, hearer);
  }

  /**
   * Tells of each connection that ends, from now on.
   *
   * @param listener is called on the worker's thread: it must not wait
   */
  public void onEnd(Consumer<ConnectionRecord> listener) {
    log.listenBy(listener);
  }

  /**
   * Lets in a peer that sends.
   *
   * @param stream its name in the room; who sends under this name is replaced
   */
  public MediaJoin publish(String room, String stream, Limits limits, String offer) {
    var policy =
        new MediaPolicy(
            limits.audio() ? MediaPolicy.ALL.audio() : List.of(),
            limits.video() ? MediaPolicy.ALL.video() : List.of(),
            Connections.UP);
    return join(
        room,
        local -> Answerer.publishing(offer, local, policy),
        (place, agreement) -> {
          var media = agreement.media().stream().filter(AgreedMedia::lives).toList();
          var publisher = new Publisher(place.rooms().open(room), stream, media, limits);
          return new Arrival(publisher, publisher::attach, publisher::expect);
        });
  }

  /**
   * Lets in a peer that watches.
   *
   * @param stream whose stream it wants; empty text for everybody's, as far as the offer has
   *     sections for it
   * @param own the name under which the same person sends, which is left out; or empty text
   */
  public MediaJoin play(String room, String stream, String own, Limits limits, String offer) {
    var sections = new int[2];
    return join(
        room,
        local ->
            Answerer.subscribing(
                offer,
                local,
                Connections.DOWN,
                media -> {
                  var kind = media.isVideo() ? 1 : 0;
                  var allowed = media.isVideo() ? limits.video() : limits.audio();
                  return allowed
                      ? Optional.of(outgoing(media, sections[kind]++))
                      : Optional.empty();
                }),
        (place, agreement) -> {
          var wish = new Subscriber.Wish.Any(stream, own);
          var subscriber =
              new Subscriber(place.rooms().open(room), wish, limits.bitsPerSecondMax());
          for (var media : agreement.media()) {
            media
                .track()
                .ifPresent(track ->
                    subscriber.add(
                        new Forwarder(
                            subscriber,
                            media,
                            track.ssrc(),
                            track.repairSsrc(),
                            connections.firstSequence())));
          }
          return new Arrival(subscriber, subscriber::attach, subscriber::expect);
        });
  }

  /** Sound and picture of the same number belong together. */
  private dev.parley.protocol.sdp.Track outgoing(PeerMedia media, int number) {
    var codecs = media.isVideo() ? MediaPolicy.ALL.video() : MediaPolicy.ALL.audio();
    var name = "parley-" + number;
    return new dev.parley.protocol.sdp.Track(
        name,
        name + (media.isVideo() ? "-video" : "-audio"),
        name,
        List.<Codec>copyOf(codecs),
        connections.ssrc(),
        connections.ssrc());
  }

  /** Who arrives, how it learns of its peer, and how its room learns of it. */
  private record Arrival(Peer.Streams streams, Consumer<Peer> attach, Runnable expect) {}

  private interface Maker {
    Arrival make(MediaEngine.Place place, Agreement agreement);
  }

  private MediaJoin join(
      String room, Function<LocalTransport, SdpOutcome<Agreement>> negotiation, Maker maker) {
    var ready = engine();
    var place = ready.place(room);
    var credentials = connections.credentials();
    var local = connections.transport(room, credentials, connections.sessionId(), 1);
    return switch (negotiation.apply(local)) {
      case SdpOutcome.Refused<Agreement>(SdpReason reason, String detail) ->
          new MediaJoin.Unacceptable(reason != SdpReason.NO_COMMON_CODEC, reason + ": " + detail);
      case SdpOutcome.Agreed<Agreement>(Agreement agreement) ->
          place.worker().ask(() -> enter(room, place, credentials, agreement, maker));
    };
  }

  private MediaJoin enter(
      String room,
      MediaEngine.Place place,
      IceCredentials credentials,
      Agreement agreement,
      Maker maker) {
    if (connections.isFull(place.rooms())) {
      return new MediaJoin.Full();
    }
    var hex = HexFormat.of();
    var session = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    var arrival = maker.make(place, agreement);
    var streams = new Leaving(arrival.streams(), session);
    var peer = connections.peer(place.rooms(), credentials, agreement.peer(), streams, null);
    arrival.attach().accept(peer);
    arrival.expect().run();
    peer.open();
    var mid = agreement.media().isEmpty() ? "0" : agreement.media().getFirst().mid();
    sessions.put(session, new Session(room, place, peer, mid));
    return new MediaJoin.Joined(session, agreement.answer());
  }

  /** Forgets the session when its connection ends. */
  private final class Leaving implements Peer.Streams {
    private final Peer.Streams streams;
    private final String session;

    Leaving(Peer.Streams streams, String session) {
      this.streams = streams;
      this.session = session;
    }

    @Override
    public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
      streams.rtp(bytes, offset, length, nowNanos);
    }

    @Override
    public void rtcp(byte[] bytes, int offset, int length, long nowNanos) {
      streams.rtcp(bytes, offset, length, nowNanos);
    }

    @Override
    public void connected(long nowNanos) {
      streams.connected(nowNanos);
    }

    @Override
    public ConnectionRecord record(Instant began, Instant end, String transport, String reason) {
      return streams.record(began, end, transport, reason);
    }

    @Override
    public void closed(String reason) {
      sessions.remove(session);
      streams.closed(reason);
    }
  }

  /**
   * Takes what a client trickles (RFC 8840). Candidates are of no use to an ICE-lite side; new
   * credentials are a restart.
   *
   * @return the answer to a restart, empty text for mere candidates; nothing when there is no such
   *     session
   */
  public Optional<SdpOutcome<String>> trickle(String room, String session, String text) {
    var known = session(room, session);
    if (known == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (IceFragment.read(text)) {
          case SdpOutcome.Refused<IceFragment>(SdpReason reason, String detail) ->
              new SdpOutcome.Refused<>(reason, detail);
          case SdpOutcome.Agreed<IceFragment>(IceFragment fragment) ->
              new SdpOutcome.Agreed<>(restart(known, fragment));
        });
  }

  private String restart(Session session, IceFragment fragment) {
    var remote = fragment.ice().fragment();
    var ours = IceCredentials.random(random);
    var restarted =
        session
            .place()
            .worker()
            .ask(() -> {
              if (session.peer().isClosed() || session.peer().isNamed(remote)) {
                return false;
              }
              session.peer().restart(ours, remote);
              return true;
            });
    if (!restarted) {
      return "";
    }
    var credentials = new dev.parley.protocol.sdp.IceCredentials(ours.fragment(), ours.password());
    return new IceFragment(credentials, session.place().candidates(), true).write(session.mid());
  }

  private @Nullable Session session(String room, String session) {
    var known = sessions.get(session);
    return known != null && known.room().equals(room) ? known : null;
  }

  /** Ends a connection; false when there is none of this name in the room. */
  public boolean end(String room, String session) {
    var known = session(room, session);
    return known != null
        && known
            .place()
            .worker()
            .ask(() -> {
              known.peer().close("ended by its owner");
              return true;
            });
  }

  /** Sends everybody in a room away. */
  public void closeRoom(String room) {
    var ready = started();
    if (ready != null) {
      var place = ready.place(room);
      place
          .worker()
          .ask(() -> {
            var open = place.rooms().get(room);
            if (open != null) {
              open.close("the room was closed");
            }
            return true;
          });
    }
  }

  /** Sends everybody away whose room's name begins so. */
  public void closeRooms(String prefix) {
    var ready = started();
    if (ready == null) {
      return;
    }
    for (var place : ready.places) {
      place
          .worker()
          .ask(() -> {
            for (var room : place.rooms().all()) {
              if (room.name.startsWith(prefix)) {
                room.close("its resource was emptied");
              }
            }
            return true;
          });
    }
  }

  /** Lets in a subscriber that is code. It hears what is there, and what will come. */
  public Tap tap(String room, Tap.Wish wish) {
    var place = engine().place(room);
    var tap = new Tap(wish);
    place
        .worker()
        .ask(() -> {
          var open = place.rooms().open(room);
          var lines = new TapLines(tap, open);
          tap.leavesBy(() -> place.worker().run(() -> open.left(lines)));
          open.arrived(lines);
          return true;
        });
    return tap;
  }

  /**
   * Lets in a publisher that is code.
   *
   * @param stream its name in the room; who sends under this name is replaced
   * @param lines its tracks, at most 8
   * @throws IllegalArgumentException for a codec whose frames cannot be cut, see {@link Packetizer}
   */
  public CodePublisher feed(
      String room, String stream, List<CodePublisher.Line> lines, CodePublisher.KeyFrames asked) {
    var place = engine().place(room);
    var sections = new ArrayList<AgreedMedia>();
    for (var line : lines) {
      sections.add(CodePublisher.section(line, sections.size()));
    }
    return place
        .worker()
        .ask(() -> {
          var publisher = new Publisher(place.rooms().open(room), stream, sections, Limits.NONE);
          publisher.attach(asked);
          var made = new CodePublisher(place.worker(), clock, List.copyOf(lines), publisher);
          publisher.expect();
          publisher.connected(place.worker().now());
          return made;
        });
  }

  /** The same with as many voices as the settings say. */
  public Runnable hold(String room, Consumer<Speakers> speakers) {
    return hold(room, config.lastN(), speakers);
  }

  /**
   * Keeps rules for a room, whether anybody is in it or not, and tells who speaks there. A second
   * hold of the same room takes the place of the first.
   *
   * @param lastN how many voices are forwarded at a time, the loudest; 0 for all
   * @param speakers hears who speaks each time that changes, on the room's thread: it must not wait
   * @return what ends the hold
   */
  public Runnable hold(String room, int lastN, Consumer<Speakers> speakers) {
    var place = engine().place(room);
    var hold = new RoomHold(lastN, speakers);
    place
        .worker()
        .ask(() -> {
          place.rooms().hold(room, hold);
          return true;
        });
    return () -> place.worker().run(() -> place.rooms().release(room, hold));
  }

  /**
   * Begins to keep the decrypted headers of a room's packets, without payload; what was kept before
   * is forgotten.
   *
   * @param packets how many at most, 1 to 20,000
   * @return false when nobody is in the room
   */
  public boolean capture(String room, int packets) {
    return inside(room)
        .map(place ->
            place
                .worker()
                .ask(() -> {
                  var open = place.rooms().get(room);
                  if (open != null) {
                    var now = place.worker().now();
                    open.capture = new HeaderCapture(packets, clock.millis(), now);
                  }
                  return open != null;
                }))
        .orElse(false);
  }

  /** The headers that were kept as a pcap file; empty when none were, or the room is. */
  public Optional<byte[]> captured(String room) {
    return inside(room)
        .flatMap(place ->
            place
                .worker()
                .ask(() ->
                    Optional.ofNullable(place.rooms().get(room))
                        .map(open -> open.capture)
                        .map(HeaderCapture::file)));
  }

  private Optional<MediaEngine.Place> inside(String room) {
    return Optional.ofNullable(started()).map(ready -> ready.place(room));
  }

  /** What happens in a room now; empty when nobody is in it. */
  public Optional<RoomDump> dump(String room) {
    var ready = started();
    if (ready == null) {
      return Optional.empty();
    }
    var place = ready.place(room);
    return place.worker().ask(() -> Optional.ofNullable(place.rooms().get(room)).map(RoomDump::of));
  }

  /**
   * Begins to make what the first peer needs, if nobody has yet, and returns at once: a socket and
   * a certificate take some tenths of a second in a server that has just started.
   */
  public void prepare() {
    if (engine == null) {
      Thread.ofVirtual().name("media-prepare").start(this::prepareNow);
    }
  }

  private void prepareNow() {
    try {
      engine();
    } catch (IllegalStateException | UncheckedIOException e) {
      // Who comes is told.
      logger.debug("media is not ready yet: {}", e.getMessage());
    }
  }

  private synchronized MediaEngine engine() {
    if (closed) {
      throw new IllegalStateException("Media has stopped.");
    }
    var ready = engine;
    if (ready == null) {
      ready = new MediaEngine(config, clock, random, registry);
      engine = ready;
    }
    return ready;
  }

  private @Nullable MediaEngine started() {
    return engine;
  }

  @Override
  public void close() {
    MediaEngine running;
    synchronized (this) {
      closed = true;
      running = engine;
      engine = null;
    }
    if (running != null) {
      running.close();
    }
  }
}
