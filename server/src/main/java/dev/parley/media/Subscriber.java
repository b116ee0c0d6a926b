package dev.parley.media;

import dev.parley.base.kit.IntMap;
import dev.parley.protocol.rtcp.RtcpListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody who hears and sees: the outgoing streams of one connection. */
final class Subscriber implements Peer.Streams, RtcpListener {
  private static final long TICK_NANOS = 100_000_000L;
  private static final long REPORT_NANOS = 1_000_000_000L;

  /** Retransmissions in one tick, whatever is asked for: a storm of NACKs must not multiply. */
  private static final int REPAIR_BYTES_MIN = 60_000;

  private static final Comparator<Receiver> BY_RATE =
      Comparator.comparingLong(receiver -> receiver.statistics.bitsPerSecond);

  /** What it wants to hear and see: one publisher's stream, or everybody's but its own. */
  final Wish wish;

  final List<Forwarder> forwarders = new ArrayList<>();
  private final Room room;
  private final MediaWorker worker;
  private final IntMap<Forwarder> bySource = new IntMap<>();
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::tick);
  private final List<Receiver> candidates = new ArrayList<>();
  private @Nullable Peer peer;
  private boolean ready;
  private int congestionNumber;
  private long reportNanos;
  private long rtcpNanos;
  private int repairBytesLeft = REPAIR_BYTES_MIN;
  private int sentBytes;
  private long estimate;

  /** What a viewer asks for; empty text for no particular stream and for no stream of its own. */
  record Wish(String stream, String own) {}

  Subscriber(Room room, Wish wish) {
    this.room = room;
    this.wish = wish;
    worker = room.worker;
  }

  void add(Forwarder forwarder) {
    forwarders.add(forwarder);
    bySource.put(forwarder.ssrc, forwarder);
    bySource.put(forwarder.retransmissionSsrc, forwarder);
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

  boolean isReady() {
    return ready;
  }

  Scratch scratch() {
    return room.scratch;
  }

  byte[] draft() {
    return worker.draft;
  }

  int nextCongestionNumber() {
    return congestionNumber++ & 0xffff;
  }

  /** Sends what stands in the draft. */
  void send(int length, long index, long nowNanos) {
    sentBytes += length;
    var target = peer;
    if (target != null) {
      worker.sendRtp(target, length, index);
    }
  }

  boolean mayRepair(int bytes) {
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
    forwarder.repair(sequence, rtcpNanos);
    for (var i = 0; i < 16; i++) {
      if ((following >> i & 1) != 0) {
        forwarder.repair((sequence + 1 + i) & 0xffff, rtcpNanos);
      }
    }
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
    }
  }

  @Override
  public void maximumBitrate(int sender, long bitsPerSecond) {
    estimate = bitsPerSecond;
  }

  private void tick() {
    var now = worker.now();
    worker.timers().set(timer, now + TICK_NANOS);
    repairBytesLeft = Math.max(REPAIR_BYTES_MIN, sentBytes);
    sentBytes = 0;
    aim(now);
    if (now - reportNanos >= REPORT_NANOS) {
      reportNanos = now;
      report(now);
    }
  }

  /** Chooses a layer for each stream. */
  void aim(long now) {
    for (var forwarder : forwarders) {
      var track = forwarder.track();
      if (track == null) {
        continue;
      }
      candidates.clear();
      for (var receiver : track.receivers) {
        if (receiver.isActive(now)) {
          candidates.add(receiver);
        }
      }
      candidates.sort(BY_RATE);
      if (!candidates.isEmpty()) {
        forwarder.aim(choose(candidates), 7);
      }
    }
  }

  /** The best layer that the connection carries; the lowest when it carries none. */
  private Receiver choose(List<Receiver> byRate) {
    var best = byRate.getFirst();
    for (var candidate : byRate) {
      if (estimate == 0 || candidate.statistics.bitsPerSecond <= estimate * 9 / 10) {
        best = candidate;
      }
    }
    return best;
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
    return estimate;
  }
}
