package dev.parley.media;

import dev.parley.base.kit.IntMap;
import dev.parley.media.control.Allocator;
import dev.parley.media.control.BandwidthEstimator;
import dev.parley.media.control.Demand;
import dev.parley.protocol.rtcp.RtcpListener;
import dev.parley.protocol.rtcp.TransportFeedback;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody who hears and sees: the outgoing streams of one connection. */
final class Subscriber implements Peer.Streams, RtcpListener, Outlet {
  private static final long TICK_NANOS = 10_000_000L;
  private static final long AIM_NANOS = 100_000_000L;

  /** The first guess of what a connection carries. */
  private static final long BITS_FIRST = 800_000;

  /** What a voice takes, with its headers. */
  private static final long VOICE_BITS = 64_000;

  private static final int PADDING_MAX = 16;
  private static final int REPLACED_MAX = 100;
  private static final long REPORT_NANOS = 1_000_000_000L;

  /** Retransmissions in one tick, whatever is asked for: a storm of NACKs must not multiply. */
  private static final int REPAIR_BYTES_MIN = 60_000;

  /** What it wants to hear and see: one publisher's stream, or everybody's but its own. */
  final Wish wish;

  final List<Forwarder> forwarders = new ArrayList<>();

  /**
   * What became of streams in whose place there are others now; the first of them, at the bound.
   */
  final List<ConnectionRecord.StreamRecord> replaced = new ArrayList<>();

  private final Room room;
  private final long bitsPerSecondMax;
  private final MediaWorker worker;
  private final IntMap<Forwarder> bySource = new IntMap<>();
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::tick);
  private @Nullable Peer peer;
  private boolean ready;
  private boolean paused;
  private Map<TrackName, Sight> sights = Map.of();
  private int congestionNumber;
  private long reportNanos;
  private long rtcpNanos;
  private int repairBytesLeft = REPAIR_BYTES_MIN;
  private int sentBytes;
  private long aimNanos;
  private long wantedBits;
  private final BandwidthEstimator estimator = new BandwidthEstimator(BITS_FIRST);
  private final Allocator allocator = new Allocator();
  private final Repairs repairs = new Repairs(BITS_FIRST);

  /** What a viewer asks for. */
  sealed interface Wish {
    /** Whatever comes; empty text for no particular stream and for no stream of its own. */
    record Any(String stream, String own) implements Wish {}

    /**
     * These tracks, each where it says, and whatever voice is forwarded; never those of its own.
     */
    record Named(String own, Map<Forwarder, TrackName> tracks) implements Wish {}
  }

  /**
   * A viewer that may come.
   *
   * @param bitsPerSecondMax what it is sent at most of video, 0 for what its connection carries
   */
  Subscriber(Room room, Wish wish, int bitsPerSecondMax) {
    this.room = room;
    this.wish = wish;
    this.bitsPerSecondMax = bitsPerSecondMax == 0 ? Long.MAX_VALUE : bitsPerSecondMax;
    worker = room.worker;
  }

  void add(Forwarder forwarder) {
    forwarders.add(forwarder);
    bySource.put(forwarder.ssrc, forwarder);
    bySource.put(forwarder.retransmissionSsrc, forwarder);
  }

  /** Adds one, in the place of another if there is one. */
  void add(Forwarder forwarder, @Nullable Forwarder before) {
    if (before == null) {
      add(forwarder);
      return;
    }
    before.bind(null);
    name(before, null);
    if (before.statistics.packets > 0 && replaced.size() < REPLACED_MAX) {
      replaced.add(StreamRecords.of(before));
    }
    bySource.remove(before.ssrc);
    bySource.remove(before.retransmissionSsrc);
    // The same place: the allocator knows streams by it.
    forwarders.set(forwarders.indexOf(before), forwarder);
    bySource.put(forwarder.ssrc, forwarder);
    bySource.put(forwarder.retransmissionSsrc, forwarder);
  }

  /** Gives a section the track of that name, when there is one; for a viewer that names them. */
  void name(Forwarder forwarder, @Nullable TrackName track) {
    if (wish instanceof Wish.Named(String _, Map<Forwarder, TrackName> tracks)) {
      if (track == null) {
        tracks.remove(forwarder);
      } else {
        tracks.put(forwarder, track);
      }
    }
  }

  /** How it looks at the tracks that it names, and whether it looks at all. */
  void look(Map<TrackName, Sight> looks, boolean away) {
    sights = looks;
    paused = away;
    if (ready) {
      room.arrived(this);
      aim(worker.now());
    }
  }

  boolean isPaused() {
    return paused;
  }

  private Sight sight(Forwarder forwarder) {
    var name =
        wish instanceof Wish.Named(String _, Map<Forwarder, TrackName> tracks)
            ? tracks.get(forwarder)
            : null;
    return name == null ? Sight.WHOLE : sights.getOrDefault(name, Sight.WHOLE);
  }

  void attach(Peer itsPeer) {
    peer = itsPeer;
  }

  /** The room waits for it from now on. */
  void expect() {
    room.expect(this);
  }

  @Nullable Peer peer() {
    return peer;
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public Scratch scratch() {
    return room.scratch;
  }

  @Override
  public byte[] draft() {
    return worker.draft;
  }

  @Override
  public int nextCongestionNumber() {
    return congestionNumber++ & 0xffff;
  }

  @Override
  public void send(int length, long index, boolean numbered, long nowNanos) {
    sentBytes += length;
    if (numbered) {
      estimator.sent((congestionNumber - 1) & 0xffff, length, nowNanos);
    }
    if (room.capture != null && scratch().stored.wrap(worker.draft, 0, length)) {
      var header = scratch().stored.payloadAt();
      room.capture.packet(worker.draft, 0, header, length, true, nowNanos);
    }
    var target = peer;
    if (target != null) {
      worker.sendRtp(target, length, index);
    }
  }

  @Override
  public boolean mayRepair(int bytes) {
    if (repairBytesLeft < bytes) {
      return false;
    }
    repairBytesLeft -= bytes;
    return true;
  }

  @Override
  public void connected(long nowNanos) {
    ready = true;
    worker.timers().set(timer, nowNanos + TICK_NANOS);
    room.arrived(this);
    aim(nowNanos);
  }

  @Override
  public ConnectionRecord record(Instant began, Instant ended, String transport, String reason) {
    return new ConnectionRecord(
        room.name,
        wish instanceof Wish.Any any ? any.stream() : "",
        false,
        began,
        ended,
        transport,
        reason,
        StreamRecords.of(this));
  }

  @Override
  public void closed(String reason) {
    ready = false;
    worker.timers().cancel(timer);
    for (var forwarder : forwarders) {
      forwarder.bind(null);
    }
    room.left(this, reason);
  }

  @Override
  public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
    // A viewer has nothing to send.
    worker.counts.strangers++;
  }

  @Override
  public void rtcp(byte[] bytes, int offset, int length, long nowNanos) {
    rtcpNanos = nowNanos;
    if (!scratch().reader.read(bytes, offset, length, this)) {
      worker.counts.malformed++;
    }
  }

  @Override
  public void nack(int sender, int ssrc, int sequence, int following) {
    var forwarder = bySource.get(ssrc);
    if (forwarder == null || ssrc != forwarder.ssrc) {
      return;
    }
    repairs.add(forwarder, sequence, rtcpNanos);
    for (var i = 0; i < 16; i++) {
      if ((following >> i & 1) != 0) {
        repairs.add(forwarder, (sequence + 1 + i) & 0xffff, rtcpNanos);
      }
    }
    repairs.send(rtcpNanos);
  }

  @Override
  public void pictureLoss(int sender, int ssrc) {
    var forwarder = bySource.get(ssrc);
    if (forwarder != null) {
      forwarder.wantsKeyFrame();
    }
  }

  @Override
  public void fullIntraRequest(int sender, int ssrc, int number) {
    pictureLoss(sender, ssrc);
  }

  @Override
  public void receptionReport(
      int reporter,
      int ssrc,
      int fractionLost,
      int packetsLost,
      int highestSequence,
      int jitter,
      int lastReport,
      int delay) {
    var forwarder = bySource.get(ssrc);
    if (forwarder != null && ssrc == forwarder.ssrc) {
      forwarder.statistics.heard(fractionLost, packetsLost, jitter, lastReport, delay, rtcpNanos);
      estimator.receptionReport(fractionLost, rtcpNanos);
      if (forwarder.statistics.roundTripNanos > 0) {
        estimator.roundTrip(forwarder.statistics.roundTripNanos);
      }
    }
  }

  @Override
  public void maximumBitrate(int sender, long bitsPerSecond) {
    estimator.remb(bitsPerSecond, rtcpNanos);
  }

  @Override
  public void transportFeedback(TransportFeedback feedback) {
    estimator.feedback(feedback, rtcpNanos);
  }

  private void tick() {
    var now = worker.now();
    worker.timers().set(timer, now + TICK_NANOS);
    estimator.tick(wantedBits, now);
    repairs.send(now);
    pad(now);
    if (now - aimNanos >= AIM_NANOS) {
      aimNanos = now;
      repairBytesLeft = Math.max(REPAIR_BYTES_MIN, sentBytes);
      sentBytes = 0;
      aim(now);
    }
    if (now - reportNanos >= REPORT_NANOS) {
      reportNanos = now;
      report(now);
    }
  }

  /** Sends some packets twice when the estimator wants to know whether there is room for more. */
  private void pad(long now) {
    var due = estimator.prober().paddingDue(now);
    for (var i = 0; i < PADDING_MAX && due > 0; i++) {
      var sent = 0;
      for (var forwarder : forwarders) {
        if (sent == 0 && forwarder.section.video()) {
          sent = forwarder.pad(now);
        }
      }
      if (sent == 0) {
        return;
      }
      due -= sent;
    }
  }

  /** Chooses layers for each stream. */
  void aim(long now) {
    repairs.estimate(estimator.bitsPerSecond());
    var demands = new ArrayList<Demand>();
    var choices = new ArrayList<List<LayerChoice>>();
    var voices = 0;
    for (var i = 0; i < forwarders.size(); i++) {
      var forwarder = forwarders.get(i);
      var ways = ways(forwarder, now);
      choices.add(ways);
      if (ways.isEmpty()) {
        continue;
      }
      if (ways.size() == 1) {
        // There is nothing to choose: less than this is nothing.
        forwarder.aim(ways.getFirst().receiver(), LayerFilter.ALL, LayerFilter.ALL);
        voices += forwarder.section.video() ? 0 : 1;
      }
      if (forwarder.section.video()) {
        demands.add(demand(i, ways, priority(forwarder)));
      }
    }
    var voice = voices * VOICE_BITS;
    wantedBits = Allocator.wanted(demands) + voice;
    var carried = Math.min(estimator.bitsPerSecond() - voice, bitsPerSecondMax);
    for (var choice : allocator.choose(demands, carried, now)) {
      var ways = choices.get(choice.stream());
      if (ways.size() > 1) {
        aim(forwarders.get(choice.stream()), ways, choice);
      }
    }
  }

  private static void aim(Forwarder forwarder, List<LayerChoice> ways, Allocator.Choice choice) {
    if (choice.layer().isEmpty()) {
      forwarder.aim(null, 0, 0);
      return;
    }
    for (var way : ways) {
      if (layer(ways, way).equals(choice.layer().get())) {
        forwarder.aim(way.receiver(), way.spatial(), way.temporal());
      }
    }
  }

  /** A choice as the allocator knows it. */
  private static Demand.Layer layer(List<LayerChoice> ways, LayerChoice way) {
    return new Demand.Layer(ways.indexOf(way), way.temporal(), way.bitsPerSecond());
  }

  private Demand.Priority priority(Forwarder forwarder) {
    var track = forwarder.track();
    var said = sight(forwarder).priority();
    return said == Demand.Priority.OTHER
            && track != null
            && room.voices.isDominant(track.publisher.stream)
        ? Demand.Priority.SPEAKER
        : said;
  }

  /** What a stream can be had in now and the viewer has use for, smallest first. */
  private List<LayerChoice> ways(Forwarder forwarder, long now) {
    var ways = LayerChoice.of(forwarder.track(), forwarder.describes(), now);
    if (ways.isEmpty()) {
      return ways;
    }
    var use = sight(forwarder).layersOfUse(ways.getLast().size() + 1);
    return ways.stream().filter(way -> way.size() < use).toList();
  }

  private static Demand demand(int stream, List<LayerChoice> ways, Demand.Priority priority) {
    return new Demand(stream, priority, ways.stream().map(way -> layer(ways, way)).toList());
  }

  private void report(long now) {
    var target = peer;
    if (target == null) {
      return;
    }
    var writer = scratch().beginReport();
    for (var forwarder : forwarders) {
      if (forwarder.report(writer, now)) {
        writer.canonicalName(forwarder.ssrc, room.canonicalName(forwarder));
      }
    }
    if (writer.length() > 0) {
      worker.sendRtcp(target, scratch().reportBytes, 0, writer.length());
    }
  }

  long estimate() {
    return estimator.bitsPerSecond();
  }
}
