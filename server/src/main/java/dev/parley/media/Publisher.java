package dev.parley.media;

import dev.parley.base.kit.IntMap;
import dev.parley.protocol.rtcp.ArrivalLog;
import dev.parley.protocol.rtcp.RtcpListener;
import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.Extensions;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.Rtx;
import dev.parley.protocol.sdp.AgreedMedia;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody who sends: the sources of one connection, and the feedback that goes back to it. */
final class Publisher implements Peer.Streams, RtcpListener {
  /** Our own source number in feedback: a receiver that sends nothing needs no better one. */
  static final int OWN_SSRC = 1;

  private static final int SOURCES_MAX = 64;
  private static final int NAMES_MAX = 256;
  private static final long TICK_NANOS = 20_000_000L;
  private static final long TICK_AUDIO_NANOS = 100_000_000L;
  private static final long FEEDBACK_NANOS = 60_000_000L;
  private static final long REPORT_NANOS = 1_000_000_000L;

  /** A source and, when it only repairs another one, that one. */
  private record Source(int ssrc, Receiver receiver, boolean repairs) {}

  /** A section and a layer of it, empty text for none. */
  private record Name(String mid, String rid) {}

  final String stream;
  final List<Track> tracks = new ArrayList<>();
  private final Room room;
  private final MediaWorker worker;
  private final Scratch scratch;
  private final Limits limits;
  private final IntMap<Source> sources = new IntMap<>();

  /** What sources said that they are: they say it until it is acknowledged, and never again. */
  private final IntMap<Name> names = new IntMap<>();

  private final ArrivalLog arrivals = new ArrivalLog();
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::tick);
  private long tickNanos;

  /** The extension id of the transport-wide number, which means the same in the whole bundle. */
  private int congestionId;

  private @Nullable Peer peer;
  private CodePublisher.@Nullable KeyFrames code;
  private boolean ended;
  private boolean connected;
  private long feedbackNanos;
  private long reportNanos;
  private long rtcpNanos;
  private boolean congestionControlled;
  private int unknown;

  Publisher(Room room, String stream, List<AgreedMedia> sections, Limits limits) {
    this.room = room;
    this.stream = stream;
    this.limits = limits;
    worker = room.worker;
    scratch = room.scratch;
    update(sections);
  }

  /** Takes what a newer description says of the sections; what goes on stays as it is. */
  void update(List<AgreedMedia> sections) {
    var before = List.copyOf(tracks);
    tracks.clear();
    for (var section : sections) {
      var same = before.stream().filter(track -> track.isStill(section)).findFirst();
      same.ifPresent(track -> track.section = section);
      tracks.add(same.orElseGet(() -> new Track(this, section)));
    }
    for (var track : before) {
      if (!tracks.contains(track)) {
        end(track);
      }
    }
    var video = sections.stream().anyMatch(AgreedMedia::video);
    tickNanos = video ? TICK_NANOS : TICK_AUDIO_NANOS;
    congestionId =
        sections.stream()
            .mapToInt(section -> section.extensions().id(ExtensionKind.TRANSPORT_CC))
            .filter(id -> id != 0)
            .findFirst()
            .orElse(0);
  }

  private void end(Track track) {
    track.forwarders().forEach(forwarder -> forwarder.bind(null));
    List.copyOf(track.receivers).forEach(receiver -> forget(track, receiver));
  }

  /** Its number may be used by another source from now on. */
  private void forget(Track track, Receiver receiver) {
    track.receivers.remove(receiver);
    room.voices.remove(receiver);
    var gone = new ArrayList<Integer>();
    sources.forEach(source -> {
      if (source.receiver() == receiver) {
        gone.add(source.ssrc());
      }
    });
    gone.forEach(sources::remove);
  }

  /** Shows these sections to others and no more. */
  void show(Set<String> mids) {
    for (var track : tracks) {
      track.live = mids.contains(track.section.mid());
    }
    if (connected) {
      room.changed();
    }
  }

  /** Holds these sections back, and no others. */
  void pause(Set<String> mids) {
    for (var track : tracks) {
      track.pause(mids.contains(track.section.mid()));
    }
  }

  /** The track of a section, if it is shown to others. */
  @Nullable Track track(String mid) {
    for (var track : tracks) {
      if (track.section.mid().equals(mid) && track.isLive()) {
        return track;
      }
    }
    return null;
  }

  void attach(Peer itsPeer) {
    peer = itsPeer;
  }

  /** It is code: it is connected at once, and is asked for key frames so. */
  void attach(CodePublisher.KeyFrames keyFrames) {
    code = keyFrames;
  }

  /** Sends it away. */
  void end(String reason) {
    if (peer != null) {
      peer.close(reason);
    } else if (code != null && !ended) {
      closed(reason);
    }
  }

  /** The room waits for it from now on. */
  void expect() {
    room.expect(this);
  }

  @Nullable Peer peer() {
    return peer;
  }

  boolean isConnected() {
    return connected;
  }

  @Override
  public void connected(long nowNanos) {
    connected = true;
    worker.timers().set(timer, nowNanos + tickNanos);
    room.arrived(this);
  }

  @Override
  public ConnectionRecord record(Instant began, Instant ended, String transport, String reason) {
    return new ConnectionRecord(
        room.name, stream, true, began, ended, transport, reason, StreamRecords.of(this));
  }

  @Override
  public void closed(String reason) {
    ended = true;
    connected = false;
    worker.timers().cancel(timer);
    room.left(this, reason);
  }

  @Override
  public void rtp(byte[] bytes, int offset, int length, long nowNanos) {
    var packet = scratch.packet;
    if (!packet.wrap(bytes, offset, length)) {
      worker.counts.malformed++;
      return;
    }
    if (room.capture != null) {
      room.capture.packet(bytes, offset, packet.payloadAt() - offset, length, false, nowNanos);
    }
    // Whatever it belongs to: probes of nothing but padding do not say which source they are of,
    // and what is not acknowledged counts as lost.
    var number = Extensions.transportCc(packet, congestionId);
    if (number != Extensions.ABSENT) {
      congestionControlled = true;
      arrivals.arrived(number, nowNanos);
    }
    var source = sources.get(packet.ssrc());
    if (source == null) {
      source = newSource(packet);
      if (source == null) {
        unknown++;
        return;
      }
    }
    var receiver = source.receiver();
    if (source.repairs()) {
      var type = receiver.track.repairedType(packet.payloadType());
      if (!Rtx.unwrap(packet, type, receiver.ssrc)) {
        return;
      }
    }
    receiver.take(packet, scratch.payload, source.repairs(), nowNanos);
  }

  /** A source that was not heard before: which track, and which layer of it? */
  private @Nullable Source newSource(RtpView packet) {
    if (sources.size() >= SOURCES_MAX) {
      return null;
    }
    var name = names.get(packet.ssrc());
    var track = name == null ? trackOf(packet) : trackOf(name);
    var codec = track == null ? null : track.codec(packet.payloadType());
    if (track == null || codec == null) {
      return null;
    }
    var ids = track.section.extensions();
    var kind = codec == Codec.RTX ? ExtensionKind.REPAIRED_RID : ExtensionKind.RID;
    var rid = name == null ? Extensions.text(packet, ids.id(kind)) : name.rid();
    if (codec == Codec.RTX) {
      var receiver = repairedBy(track, packet.ssrc(), rid);
      return receiver == null ? null : remember(new Source(packet.ssrc(), receiver, true));
    }
    if (!rid.isEmpty() && !track.section.rids().contains(rid)) {
      return null;
    }
    if (rid.isEmpty() && !track.section.rids().isEmpty()) {
      // A layer that does not say which it is: a later packet will.
      return null;
    }
    var before = track.receiver(rid);
    if (before != null) {
      // The sender has begun anew under another number.
      forget(track, before);
    }
    var receiver = new Receiver(track, packet.ssrc(), room.nextNumber(), rid);
    track.receivers.add(receiver);
    if (!track.section.video()) {
      receiver.voice = room.voices.add(receiver);
    }
    var source = remember(new Source(packet.ssrc(), receiver, false));
    room.changed();
    return source;
  }

  private Source remember(Source source) {
    sources.put(source.ssrc(), source);
    if (names.size() < NAMES_MAX) {
      var receiver = source.receiver();
      names.put(source.ssrc(), new Name(receiver.track.section.mid(), receiver.rid));
    }
    return source;
  }

  private @Nullable Track trackOf(Name name) {
    for (var track : tracks) {
      if (track.section.mid().equals(name.mid())) {
        return track;
      }
    }
    return null;
  }

  private @Nullable Track trackOf(RtpView packet) {
    Track found = null;
    for (var track : tracks) {
      var mid = Extensions.text(packet, track.section.extensions().id(ExtensionKind.MID));
      if (mid.equals(track.section.mid()) || track.section.sources().contains(packet.ssrc())) {
        return track;
      }
      if (mid.isEmpty() && track.codec(packet.payloadType()) != null) {
        // The only one with this payload type (RFC 9143 section 9.2).
        if (found != null) {
          return null;
        }
        found = track;
      }
    }
    return found;
  }

  /**
   * Which source a retransmission repairs: by its layer, by the pairs in the SDP (FID), or the only
   * one. A layer that is not named is not guessed: a packet in the wrong one breaks it.
   */
  private static @Nullable Receiver repairedBy(Track track, int ssrc, String rid) {
    if (!rid.isEmpty()) {
      return track.receiver(rid);
    }
    for (var pair : track.section.repairs()) {
      for (var receiver : track.receivers) {
        if (pair.repairSsrc() == ssrc && pair.ssrc() == receiver.ssrc) {
          return receiver;
        }
      }
    }
    var isOnly = track.receivers.size() == 1 && track.section.rids().isEmpty();
    return isOnly ? track.receivers.getFirst() : null;
  }

  @Override
  public void rtcp(byte[] bytes, int offset, int length, long nowNanos) {
    rtcpNanos = nowNanos;
    if (!scratch.reader.read(bytes, offset, length, this)) {
      worker.counts.malformed++;
    }
  }

  @Override
  public void senderReport(int ssrc, long ntp, int rtp, int packets, int octets) {
    clocked(ssrc, ntp, rtp, rtcpNanos);
  }

  /** The sender's clock said this of a timestamp. */
  void clocked(int ssrc, long ntp, int rtp, long nowNanos) {
    var source = sources.get(ssrc);
    if (source != null && !source.repairs()) {
      source.receiver().clock.note(ssrc, ntp, rtp, nowNanos);
    }
  }

  private void tick() {
    var now = worker.now();
    worker.timers().set(timer, now + tickNanos);
    var target = peer;
    if (target == null) {
      askCode(now);
      return;
    }
    for (var track : tracks) {
      for (var receiver : track.receivers) {
        ask(target, receiver, now);
      }
    }
    if (congestionControlled && now - feedbackNanos >= FEEDBACK_NANOS) {
      feedbackNanos = now;
      feedback(target);
    }
    if (now - reportNanos >= REPORT_NANOS) {
      reportNanos = now;
      report(target, now);
    }
  }

  /**
   * A key frame is wanted: the sender is asked at once if it may be, and else with a later tick.
   */
  void asksFor(KeyFrameRequests keyFrames) {
    var now = worker.now();
    if (connected && keyFrames.isDue(now)) {
      worker.timers().set(timer, now);
    }
  }

  private void askCode(long now) {
    for (var track : tracks) {
      for (var receiver : track.receivers) {
        if (code != null && receiver.takeKeyFrameRequest(now)) {
          code.wanted(track.section.mid());
        }
      }
    }
  }

  /** Lost packets, and key frames. */
  private void ask(Peer target, Receiver receiver, long now) {
    var writer = scratch.beginReport();
    if (!receiver.missing.isEmpty()) {
      scratch.hasGivenUp[0] = false;
      var count = receiver.missing.due(now, 0, scratch.asked, scratch.hasGivenUp);
      if (count > 0) {
        receiver.statistics.nacked += count;
        writer.nack(OWN_SSRC, receiver.ssrc, scratch.asked, count);
      }
      if (scratch.hasGivenUp[0]) {
        receiver.requestKeyFrame();
      }
    }
    if (receiver.takeKeyFrameRequest(now)) {
      writer.pictureLoss(OWN_SSRC, receiver.ssrc);
    }
    if (writer.length() > 0) {
      worker.sendRtcp(target, scratch.reportBytes, 0, writer.length());
    }
  }

  private void feedback(Peer target) {
    var nothing = tracks.isEmpty() || tracks.getFirst().receivers.isEmpty();
    var media = nothing ? 0 : tracks.getFirst().receivers.getFirst().ssrc;
    var writer = scratch.beginReport();
    while (arrivals.write(writer, OWN_SSRC, media)) {
      worker.sendRtcp(target, scratch.reportBytes, 0, writer.length());
      writer = scratch.beginReport();
    }
  }

  private void report(Peer target, long now) {
    var writer = scratch.beginReport();
    writer.receiverReport(OWN_SSRC);
    var videoSources = new int[8];
    var count = 0;
    for (var track : tracks) {
      for (var receiver : track.receivers) {
        var statistics = receiver.statistics;
        var known = receiver.clock.knows(receiver.ssrc);
        writer.receptionReport(
            receiver.ssrc,
            statistics.fractionLost(),
            statistics.lost(),
            (int) statistics.highest,
            statistics.jitter(),
            known ? receiver.clock.lastReport() : 0,
            known ? receiver.clock.delay(now) : 0);
        if (track.section.video() && count < videoSources.length) {
          videoSources[count++] = receiver.ssrc;
        }
      }
    }
    if (count > 0 && (!congestionControlled || limits.bitsPerSecondMax() > 0)) {
      // Senders that hear nothing stay at their first guess; the limit is told the same way.
      writer.maximumBitrate(
          OWN_SSRC,
          limits.bitsPerSecondMax() > 0 ? limits.bitsPerSecondMax() : Limits.GENEROUS,
          videoSources,
          count);
    }
    worker.sendRtcp(target, scratch.reportBytes, 0, writer.length());
  }

  /** Packets of sources that could not be placed. */
  int unknown() {
    return unknown;
  }
}
