package dev.parley.media;

import dev.parley.protocol.dtls.DtlsIdentity;
import dev.parley.protocol.dtls.DtlsPipe;
import dev.parley.protocol.dtls.DtlsSession;
import dev.parley.protocol.dtls.DtlsTestClient;
import dev.parley.protocol.dtls.Fingerprint;
import dev.parley.protocol.ice.IceCredentials;
import dev.parley.protocol.rtp.RtpWriter;
import dev.parley.protocol.srtp.SrtpProfile;
import dev.parley.protocol.srtp.SrtpReceiver;
import dev.parley.protocol.srtp.SrtpSender;
import dev.parley.protocol.stun.StunKey;
import dev.parley.protocol.stun.StunView;
import dev.parley.protocol.stun.StunWriter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A WebRTC client without a browser: ICE, DTLS and SRTP over a socket of its own. */
final class RtcClient implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** One for all clients of a run: making a key takes longer than a handshake. */
  private static final DtlsIdentity IDENTITY =
      DtlsIdentity.random(RANDOM, Instant.parse("2026-01-01T00:00:00Z"));

  static final int VP8 = 96;
  static final int OPUS = 111;
  static final int LEVEL_ID = 1;
  static final String AUDIO =
      """
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      a=rtpmap:111 opus/48000/2
      a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
      """;
  static final int SSRC = 0x1234;
  static final int RTX_SSRC = 0x1235;

  final BlockingQueue<byte[]> rtp = new LinkedBlockingQueue<>();
  final BlockingQueue<byte[]> rtcp = new LinkedBlockingQueue<>();
  final BlockingQueue<byte[]> checks = new LinkedBlockingQueue<>();

  /** Packets are counted and thrown away, for load. */
  volatile boolean countsOnly;

  final LongAdder counted = new LongAdder();
  private final BlockingQueue<byte[]> records = new LinkedBlockingQueue<>();
  private final DatagramSocket socket;
  private final IceCredentials credentials = IceCredentials.random(RANDOM);
  private final Thread reader = Thread.ofVirtual().unstarted(this::read);
  private InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
  private String remoteFragment = "";
  private String remotePassword = "";
  private volatile @Nullable SrtpSender sender;
  private volatile @Nullable SrtpReceiver receiver;
  private @Nullable DtlsSession session;

  RtcClient() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    reader.start();
  }

  /** An offer with one section of VP8 and RTX. */
  String offer(boolean sends) {
    return offer(sends, IDENTITY.fingerprint().toString());
  }

  String offer(boolean sends, String fingerprint) {
    return """
    v=0
    o=- 1 1 IN IP4 127.0.0.1
    s=-
    t=0 0
    a=group:BUNDLE 0
    m=video 9 UDP/TLS/RTP/SAVPF 96 97
    c=IN IP4 0.0.0.0
    a=mid:0
    a=ice-ufrag:%s
    a=ice-pwd:%s
    a=fingerprint:%s
    a=setup:actpass
    a=rtcp-mux
    a=%s
    a=rtpmap:96 VP8/90000
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtpmap:97 rtx/90000
    a=fmtp:97 apt=96
    %s\
    """
        .formatted(
            credentials.fragment(),
            credentials.password(),
            fingerprint,
            sends ? "sendonly" : "recvonly",
            sends
                ? "a=ssrc-group:FID %d %d\na=ssrc:%d cname:a\na=ssrc:%d cname:a\n"
                    .formatted(SSRC, RTX_SSRC, SSRC, RTX_SSRC)
                : "")
        .replace("\n", "\r\n");
  }

  /** An offer of sections, each an m line and what says its formats, its extensions and sources. */
  String offerOf(boolean sends, String... sections) {
    var text = new StringBuilder("v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE");
    for (var mid = 0; mid < sections.length; mid++) {
      text.append(' ').append(mid);
    }
    text.append('\n');
    for (var mid = 0; mid < sections.length; mid++) {
      text.append(sections[mid])
          .append(
              """
              c=IN IP4 0.0.0.0
              a=mid:%d
              a=ice-ufrag:%s
              a=ice-pwd:%s
              a=fingerprint:%s
              a=setup:actpass
              a=rtcp-mux
              a=%s
              """
                  .formatted(
                      mid,
                      credentials.fragment(),
                      credentials.password(),
                      IDENTITY.fingerprint(),
                      sends ? "sendonly" : "recvonly"));
    }
    return text.toString().replace("\n", "\r\n");
  }

  /** A packet of Opus that says how loud it is, protected but not sent. */
  byte[] voice(int sequence, int minusDecibels) {
    var draft = new byte[100];
    var payload = new byte[60];
    put32(payload, 0, sequence);
    var length =
        new RtpWriter()
            .begin(draft, 0, draft.length, false)
            .header(false, OPUS, sequence, sequence * 960, SSRC)
            .audioLevel(LEVEL_ID, minusDecibels < 50, minusDecibels)
            .payload(payload, 0, payload.length)
            .end();
    return seal(Arrays.copyOf(draft, length), sequence);
  }

  static String find(String answer, String pattern) {
    var found = Pattern.compile(pattern).matcher(answer);
    if (!found.find()) {
      throw new AssertionError("No " + pattern + " in " + answer);
    }
    return found.group(1);
  }

  /** Takes the answer's names; nothing is sent yet. */
  void take(String answer) {
    remoteFragment = find(answer, "a=ice-ufrag:(\\S+)");
    remotePassword = find(answer, "a=ice-pwd:(\\S+)");
    var port = Integer.parseInt(find(answer, "a=candidate:\\S+ 1 udp \\d+ \\S+ (\\d+)"));
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Sends a check; true when it is answered within so many milliseconds. */
  boolean check(boolean nominates, String password, int waitMillis) throws Exception {
    var transaction = new byte[12];
    RANDOM.nextBytes(transaction);
    var out = new byte[StunWriter.BYTES_MAX];
    var username = remoteFragment + ":" + credentials.fragment();
    var length =
        StunWriter.request(transaction, username, nominates, new StunKey(password), out, 0);
    raw(Arrays.copyOf(out, length));
    var answer = checks.poll(waitMillis, TimeUnit.MILLISECONDS);
    if (answer == null) {
      return false;
    }
    var view = new StunView();
    return view.wrap(answer, 0, answer.length) && view.isSignedBy(new StunKey(remotePassword));
  }

  String remotePassword() {
    return remotePassword;
  }

  /** Connects: a check, the handshake, the keys. */
  void connect(String answer) throws Exception {
    take(answer);
    for (var tries = 0; !check(true, remotePassword, 500); tries++) {
      if (tries > 40) {
        throw new AssertionError("No check was answered.");
      }
    }
    var expected = Fingerprint.read(find(answer, "a=fingerprint:(.+)").strip()).orElseThrow();
    var keys =
        DtlsTestClient.connect(pipe(), IDENTITY, expected, RANDOM, SrtpProfile.AEAD_AES_128_GCM);
    receiver = new SrtpReceiver(keys.serverKeys());
    sender = new SrtpSender(keys.clientKeys());
    session = keys;
  }

  private DtlsPipe pipe() {
    return new DtlsPipe() {
      @Override
      public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
        try {
          var record = records.poll(waitMillis, TimeUnit.MILLISECONDS);
          if (record == null) {
            return -1;
          }
          System.arraycopy(record, 0, bytes, offset, record.length);
          return record.length;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      @Override
      public void send(byte[] bytes, int offset, int length) {
        raw(Arrays.copyOfRange(bytes, offset, offset + length));
      }
    };
  }

  /** Sends bytes as they are. */
  void raw(byte[] bytes) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, server));
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new AssertionError(e);
      }
    }
  }

  /** A VP8 packet, protected but not sent; a key frame when asked. */
  byte[] video(int sequence, boolean key, int bytes) {
    var packet = new byte[12 + bytes];
    packet[0] = (byte) 0x80;
    packet[1] = (byte) (0x80 | VP8);
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    put32(packet, 4, sequence * 3000);
    put32(packet, 8, SSRC);
    // RFC 7741: start of a partition; the frame's first bit says whether it is a key frame.
    packet[12] = 0x10;
    packet[13] = (byte) (key ? 0 : 1);
    packet[16] = (byte) 0x9d;
    packet[17] = 0x01;
    packet[18] = 0x2a;
    put32(packet, 24, sequence);
    return seal(packet, sequence);
  }

  private byte[] seal(byte[] packet, long itsIndex) {
    var out = new byte[packet.length + 32];
    var length = Objects.requireNonNull(sender).protect(packet, 0, packet.length, itsIndex, out, 0);
    return Arrays.copyOf(out, length);
  }

  /** Sends a plain RTCP packet, protected. */
  void report(byte[] plain) {
    var out = new byte[plain.length + 32];
    var keys = Objects.requireNonNull(sender);
    raw(Arrays.copyOf(out, keys.protectRtcp(plain, 0, plain.length, out, 0)));
  }

  private void read() {
    var bytes = new byte[2048];
    var packet = new DatagramPacket(bytes, bytes.length);
    while (!socket.isClosed()) {
      try {
        packet.setLength(bytes.length);
        socket.receive(packet);
        var copy = Arrays.copyOf(bytes, packet.getLength());
        var first = copy[0] & 0xff;
        if (first < 4) {
          checks.add(copy);
        } else if (first < 64) {
          records.add(copy);
        } else {
          var keys = receiver;
          if (keys != null) {
            media(copy, keys);
          }
        }
      } catch (IOException _) {
        return;
      }
    }
  }

  private void media(byte[] copy, SrtpReceiver keys) {
    if (countsOnly) {
      counted.increment();
      return;
    }
    var plain = new byte[copy.length + 32];
    var isRtcp = (copy[1] & 0xff) >= 192 && (copy[1] & 0xff) <= 223;
    var size =
        isRtcp
            ? keys.unprotectRtcp(copy, 0, copy.length, plain, 0)
            : keys.unprotect(copy, 0, copy.length, plain, 0);
    if (size > 0) {
      (isRtcp ? rtcp : rtp).add(Arrays.copyOf(plain, size));
    }
  }

  static void put32(byte[] bytes, int at, int value) {
    for (var i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  static int get32(byte[] bytes, int at) {
    return java.nio.ByteBuffer.wrap(bytes).getInt(at);
  }

  /** Says goodbye. */
  void leave() {
    Objects.requireNonNull(session).close();
  }

  @Override
  public void close() {
    socket.close();
  }
}
