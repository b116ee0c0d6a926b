package dev.parley.media;

import dev.parley.protocol.rtcp.ArrivalLog;
import dev.parley.protocol.rtcp.RtcpListener;
import dev.parley.protocol.rtcp.RtcpReader;
import dev.parley.protocol.rtcp.RtcpWriter;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.RtpWriter;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A client under load: what comes is counted and thrown away; reports, transport-wide feedback and
 * consent go back as from a browser. It also makes the packets of a sender of load.
 */
public final class RtcLoad {
  static final int VOICE = 0x2234;

  /** Extension numbers of {@link RtcSdp}. */
  private static final int SEND_TIME = 1;

  private static final int CONGESTION = 2;
  private static final int LEVEL = 4;

  private static final long FEEDBACK_NANOS = 100_000_000L;

  /** As long libwebrtc waits for a frame that it can begin with. */
  private static final long KEY_FRAME_NANOS = 200_000_000L;

  private static final long CONSENT_NANOS = 5_000_000_000L;

  /** Where a packet's payload says when it was sent. */
  private static final int STAMP = 16;

  /** How long packets were under way, in steps of 20 microseconds up to half a second. */
  public static final class Transits {
    private static final int STEPS = 25_000;
    private final AtomicLongArray counts = new AtomicLongArray(STEPS + 1);

    void add(long nanos) {
      counts.incrementAndGet(Math.clamp(nanos / 20_000, 0, STEPS));
    }

    /** Forgets what was. */
    public void clear() {
      for (var i = 0; i <= STEPS; i++) {
        counts.set(i, 0);
      }
    }

    /** The time in milliseconds that so many of a hundred did not take longer than. */
    public double millis(double percent) {
      var total = 0L;
      for (var i = 0; i <= STEPS; i++) {
        total += counts.get(i);
      }
      var left = (long) Math.ceil(total * percent / 100);
      for (var i = 0; i <= STEPS; i++) {
        left -= counts.get(i);
        if (left <= 0) {
          return total == 0 ? Double.NaN : (i + 1) * 0.02;
        }
      }
      return Double.NaN;
    }
  }

  private final RtcClient client;
  private final RtpView view = new RtpView();
  private final RtpWriter packets = new RtpWriter();
  private final RtcpWriter reports = new RtcpWriter();
  private final RtcpReader reader = new RtcpReader();
  private final ArrivalLog arrivals = new ArrivalLog();
  private final byte[] report = new byte[1200];
  private final byte[] payload = new byte[1200];
  private final byte[] draft = new byte[1500];
  private final RtcpListener listener =
      new RtcpListener() {
        @Override
        public void pictureLoss(int sender, int ssrc) {
          keyFrameWanted = true;
        }

        @Override
        public void fullIntraRequest(int sender, int ssrc, int number) {
          keyFrameWanted = true;
        }
      };
  private long fedBack;
  private long consented;
  private long askedForKeyFrame;
  private int source;
  private int congestion;
  private int voices;
  private volatile boolean keyFrameWanted;
  private volatile @Nullable Transits transits;

  /** Packets of media; repairs are not among them. */
  private final AtomicLong received = new AtomicLong();

  private volatile long firstNanos;

  RtcLoad(RtcClient client) {
    this.client = client;
  }

  public long received() {
    return received.get();
  }

  /** When the first packet came that a decoder can begin with; 0 before. */
  public long firstNanos() {
    return firstNanos;
  }

  /** Packets are opened from now on, to see how long they took. */
  public void time(Transits into) {
    transits = into;
  }

  void take(byte[] bytes, int length, long nanos) {
    if (RtcClient.isRtcp(bytes)) {
      var plain = client.open(bytes, length);
      reader.read(plain, 0, plain.length, listener);
      return;
    }
    if (!view.wrap(bytes, 0, length)) {
      return;
    }
    var number = view.extension(CONGESTION);
    if (number >= 0) {
      arrivals.arrived((bytes[number] & 0xff) << 8 | (bytes[number + 1] & 0xff), nanos);
    }
    if (view.payloadType() != RtcClient.VP8 && view.payloadType() != RtcClient.OPUS) {
      return;
    }
    received.incrementAndGet();
    source = view.ssrc();
    var into = transits;
    if (firstNanos != 0 && into == null) {
      return;
    }
    var plain = client.open(bytes, length);
    if (firstNanos == 0 && begins(plain)) {
      firstNanos = nanos;
    }
    var at = view.payloadAt() + STAMP;
    if (into != null && plain.length >= at + 8) {
      into.add(nanos - java.nio.ByteBuffer.wrap(plain).getLong(at));
    }
  }

  /** Any voice, or a key frame of VP8 (RFC 7741 section 4.3). */
  private boolean begins(byte[] plain) {
    var at = view.payloadAt() + 1;
    return view.payloadType() == RtcClient.OPUS || (plain.length > at && (plain[at] & 1) == 0);
  }

  void tick(long nanos) {
    if (nanos - fedBack >= FEEDBACK_NANOS) {
      fedBack = nanos;
      reports.begin(report, 0, report.length).receiverReport(1);
      while (arrivals.write(reports, 1, 1)) {
        // All that there is.
      }
      if (reports.length() > 8) {
        client.report(Arrays.copyOf(report, reports.length()));
      }
    }
    if (firstNanos == 0 && source != 0 && nanos - askedForKeyFrame >= KEY_FRAME_NANOS) {
      askedForKeyFrame = nanos;
      reports.begin(report, 0, report.length).receiverReport(1);
      reports.pictureLoss(1, source);
      client.report(Arrays.copyOf(report, reports.length()));
    }
    if (nanos - consented >= CONSENT_NANOS) {
      consented = nanos;
      client.renewConsent();
    }
  }

  /** Sends a packet of video of so many bytes; a key frame when one is asked for. */
  public void video(int sequence, int bytes) {
    var key = keyFrameWanted || sequence == 1;
    keyFrameWanted = false;
    // RFC 7741: start of a partition; the frame's first bit says whether it is a key frame.
    payload[0] = 0x10;
    payload[1] = (byte) (key ? 0 : 1);
    payload[4] = (byte) 0x9d;
    payload[5] = 0x01;
    payload[6] = 0x2a;
    send(RtcClient.VP8, RtcClient.SSRC, sequence, sequence * 180, bytes, 0);
  }

  /** Sends the next packet of voice, so loud. */
  public void voice(int bytes, int minusDecibels) {
    payload[0] = 0x78;
    voices++;
    send(RtcClient.OPUS, VOICE, voices, voices * 960, bytes, minusDecibels);
  }

  private void send(
      int type, int source, int sequence, int timestamp, int bytes, int minusDecibels) {
    var now = System.nanoTime();
    java.nio.ByteBuffer.wrap(payload).putLong(STAMP, now);
    packets
        .begin(draft, 0, draft.length, false)
        .header(true, type, sequence & 0xffff, timestamp, source)
        .transportCc(CONGESTION, congestion++ & 0xffff)
        .absSendTime(SEND_TIME, now);
    if (type == RtcClient.OPUS) {
      packets.audioLevel(LEVEL, minusDecibels < 100, minusDecibels);
    }
    var length = packets.payload(payload, 0, bytes).end();
    client.raw(client.seal(Arrays.copyOf(draft, length), sequence));
  }
}
