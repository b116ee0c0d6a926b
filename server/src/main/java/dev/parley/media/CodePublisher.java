package dev.parley.media;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionKind;
import dev.parley.protocol.rtp.ExtensionMap;
import dev.parley.protocol.rtp.Packetizer;
import dev.parley.protocol.rtp.RtpWriter;
import dev.parley.protocol.sdp.AgreedFormat;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.Direction;
import dev.parley.protocol.sdp.PayloadFormat;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A publisher that is code: encoded frames go in, and viewers get them as from any other sender.
 * Frames that the worker has not taken yet are bounded; what comes beyond is dropped and counted.
 * Thread-safe, in that a track's frames come from one thread at a time.
 */
public final class CodePublisher implements AutoCloseable {
  /**
   * One track that is sent.
   *
   * @param codec Opus, PCMU, PCMA, VP8 or H.264
   */
  public record Line(String track, Codec codec) {}

  /**
   * Hears that a viewer needs a key frame of the video, on the worker's thread: it must not wait.
   */
  public interface KeyFrames {
    /** A key frame of this track is wanted. */
    void wanted(String track);
  }

  private static final int LEVEL_ID = 1;
  private static final int PAYLOAD_TYPE_FIRST = 96;

  /** No loudness is told. */
  private static final int NO_LEVEL = -1;

  private static final int WAITING_BYTES_MAX = 4 << 20;
  private static final int FRAME_BYTES_MAX = 1 << 20;

  /** One track's numbers; on the worker's thread. */
  private static final class Track {
    final Packetizer packetizer;
    final int ssrc;
    int sequence = 1;

    Track(Codec codec, int ssrc) {
      packetizer = new Packetizer(codec);
      this.ssrc = ssrc;
    }
  }

  private final MediaWorker worker;
  private final InstantSource clock;
  private final List<Line> lines;
  private final Track[] tracks;
  private final Publisher publisher;
  private final byte[] packet = new byte[PacketSocket.PACKET_BYTES_MAX];
  private final RtpWriter writer = new RtpWriter();
  private final AtomicInteger waitingBytes = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean closed;

  CodePublisher(MediaWorker worker, InstantSource clock, List<Line> lines, Publisher publisher) {
    this.worker = worker;
    this.clock = clock;
    this.lines = lines;
    this.publisher = publisher;
    tracks = new Track[lines.size()];
    for (var i = 0; i < tracks.length; i++) {
      tracks[i] = new Track(lines.get(i).codec(), ssrc(i));
    }
  }

  /** What an offer would have said of a track. */
  static AgreedMedia section(Line line, int index) {
    var codec = line.codec();
    var parameters =
        codec == Codec.H264
            ? Map.of("packetization-mode", "1", "profile-level-id", "42e01f")
            : Map.<String, String>of();
    var format =
        new PayloadFormat(
            PAYLOAD_TYPE_FIRST + index, codec, codec.clockRate(), parameters, Set.of());
    return new AgreedMedia(
        line.track(),
        codec.isVideo(),
        Direction.RECVONLY,
        List.of(new AgreedFormat(format, PayloadFormat.NONE)),
        new ExtensionMap(Map.of(ExtensionKind.AUDIO_LEVEL, LEVEL_ID)),
        List.of(),
        List.of(ssrc(index)),
        List.of(),
        Optional.empty());
  }

  private static int ssrc(int line) {
    return 1_000 + line;
  }

  /**
   * Sends a frame whose loudness is not told: it counts for no speaker, and is always forwarded.
   *
   * @param line the index of the track
   * @param timestamp in units of the codec's clock rate
   * @return false when it was dropped: too many wait, or the publisher has ended
   */
  public boolean send(int line, byte[] frame, long timestamp) {
    return send(line, frame, timestamp, NO_LEVEL);
  }

  /**
   * Sends a frame.
   *
   * @param minusDecibels how loud it is below full scale, 0 to 127 (RFC 6464 section 3)
   */
  public boolean send(int line, byte[] frame, long timestamp, int minusDecibels) {
    var capturedMillis = clock.millis();
    if (closed
        || frame.length > FRAME_BYTES_MAX
        || waitingBytes.addAndGet(frame.length) > WAITING_BYTES_MAX) {
      return drop(closed || frame.length > FRAME_BYTES_MAX ? 0 : frame.length);
    }
    var taken =
        worker.run(() -> {
          waitingBytes.addAndGet(-frame.length);
          put(line, frame, (int) timestamp, minusDecibels, capturedMillis);
        });
    return taken || drop(frame.length);
  }

  private boolean drop(int bytes) {
    waitingBytes.addAndGet(-bytes);
    dropped.incrementAndGet();
    return false;
  }

  /** Frames that were dropped. */
  public long dropped() {
    return dropped.get();
  }

  private void put(int line, byte[] frame, int timestamp, int minusDecibels, long capturedMillis) {
    if (!publisher.isConnected()) {
      return;
    }
    var track = tracks[line];
    var now = worker.now();
    var cut =
        track.packetizer.frame(
            frame,
            (bytes, length, last) -> {
              writer
                  .begin(packet, 0, packet.length, false)
                  .header(
                      last && lines.get(line).codec().isVideo(),
                      PAYLOAD_TYPE_FIRST + line,
                      track.sequence++ & 0xffff,
                      timestamp,
                      track.ssrc);
              if (minusDecibels != NO_LEVEL) {
                writer.audioLevel(LEVEL_ID, true, minusDecibels);
              }
              publisher.rtp(packet, 0, writer.payload(bytes, 0, length).end(), now);
            });
    if (cut) {
      publisher.clocked(track.ssrc, SenderClock.ntpOfMillis(capturedMillis), timestamp, now);
    } else {
      dropped.incrementAndGet();
    }
  }

  /** Leaves the room. */
  @Override
  public void close() {
    closed = true;
    worker.run(() -> publisher.end("ended by its owner"));
  }
}
