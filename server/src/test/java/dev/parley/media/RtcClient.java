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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A WebRTC client without a browser: ICE, DTLS and SRTP over a socket of its own, which one thread
 * reads for all clients of the process.
 */
public final class RtcClient implements AutoCloseable {
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

  private final BlockingQueue<byte[]> records = new LinkedBlockingQueue<>();
  private final InetAddress address;
  private final DatagramChannel channel;
  private final IceCredentials credentials = IceCredentials.random(RANDOM);
  private InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
  private String remoteFragment = "";
  private String remotePassword = "";
  private volatile @Nullable SrtpSender sender;
  private volatile @Nullable SrtpReceiver receiver;
  private volatile @Nullable RtcLoad load;
  private @Nullable DtlsSession session;

  public RtcClient() throws IOException {
    this(InetAddress.getLoopbackAddress());
  }

  /** A client at an address of this machine, which is also the server's. */
  public RtcClient(InetAddress address) throws IOException {
    this.address = address;
    channel = DatagramChannel.open().bind(new InetSocketAddress(address, 0));
    RtcReader.join(channel, this);
  }

  /** An offer with one section of VP8 and RTX. */
  String offer(boolean sends) {
    return offer(sends, IDENTITY.fingerprint().toString());
  }

  String offer(boolean sends, String fingerprint) {
    return RtcSdp.offer(credentials, fingerprint, sends, 0, 1, false, place());
  }

  /** An offer with so many sections of Opus and of VP8, and every extension that there is. */
  public String offer(boolean sends, int audios, int videos) {
    var fingerprint = IDENTITY.fingerprint().toString();
    return RtcSdp.offer(credentials, fingerprint, sends, audios, videos, true, place());
  }

  /** Accepts everything that a server offers to send. */
  public String answer(String offer) {
    return RtcSdp.answer(offer, credentials, IDENTITY.fingerprint().toString(), place());
  }

  private InetSocketAddress place() {
    return (InetSocketAddress) channel.socket().getLocalSocketAddress();
  }

  /** An offer of sections, each an m line and what says its formats, its extensions and sources. */
  String offerOf(boolean sends, String... sections) {
    return RtcSdp.of(
        credentials,
        IDENTITY.fingerprint().toString(),
        "actpass",
        sends ? "sendonly" : "recvonly",
        List.of(sections));
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

  /** A key frame of VP8 that says of which section (extension 3) and layer (4) it is, protected. */
  byte[] layer(int sequence, String mid, String rid) {
    var plain = new byte[] {0x10, 0, 0, 0, (byte) 0x9d, 0x01, 0x2a, 0, 0, 0, 0};
    var draft = new byte[200];
    var length =
        new RtpWriter()
            .begin(draft, 0, draft.length, false)
            .header(true, VP8, sequence, sequence * 3000, SSRC)
            .extension(3, mid.getBytes(StandardCharsets.US_ASCII), 0, mid.length())
            .extension(4, rid.getBytes(StandardCharsets.US_ASCII), 0, rid.length())
            .payload(plain, 0, plain.length)
            .end();
    return seal(Arrays.copyOf(draft, length), sequence);
  }

  /** A packet of nothing but padding on a retransmission source of no name, protected. */
  byte[] probe(int sequence, int congestionId, int congestionNumber) {
    var draft = new byte[300];
    var length =
        new RtpWriter()
            .begin(draft, 0, draft.length, false)
            .header(false, VP8 + 1, sequence, 0, 0x777)
            .transportCc(congestionId, congestionNumber)
            .padding(252)
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
    var port = Integer.parseInt(find(answer, "a=candidate:\\S+ 1 (?:udp|UDP) \\d+ \\S+ (\\d+)"));
    server = new InetSocketAddress(address, port);
  }

  /** Sends a check; true when it is answered within so many milliseconds. */
  boolean check(boolean nominates, String password, int waitMillis) throws Exception {
    ask(nominates, password);
    var answer = checks.poll(waitMillis, TimeUnit.MILLISECONDS);
    if (answer == null) {
      return false;
    }
    var view = new StunView();
    return view.wrap(answer, 0, answer.length) && view.isSignedBy(new StunKey(remotePassword));
  }

  private void ask(boolean nominates, String password) {
    var transaction = new byte[12];
    RANDOM.nextBytes(transaction);
    var out = new byte[StunWriter.BYTES_MAX];
    var username = remoteFragment + ":" + credentials.fragment();
    var length =
        StunWriter.request(transaction, username, nominates, new StunKey(password), out, 0);
    raw(Arrays.copyOf(out, length));
  }

  /** Shows that it is still there (RFC 7675); nobody waits for the answer. */
  void renewConsent() {
    ask(true, remotePassword);
    checks.clear();
  }

  String remotePassword() {
    return remotePassword;
  }

  /** Connects: a check, the handshake, the keys. */
  public void connect(String answer) throws Exception {
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
  public void raw(byte[] bytes) {
    try {
      channel.send(ByteBuffer.wrap(bytes), server);
    } catch (IOException e) {
      if (channel.isOpen()) {
        throw new AssertionError(e);
      }
    }
  }

  /** From now on what comes is counted and thrown away, and answered as a browser answers it. */
  public RtcLoad load() {
    var counts = new RtcLoad(this);
    load = counts;
    return counts;
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

  /** Protects a plain RTP packet. */
  byte[] seal(byte[] packet, long itsIndex) {
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

  /** A packet has come; on the thread that reads for all. */
  void take(byte[] bytes, int length, long nanos) {
    var first = bytes[0] & 0xff;
    var counts = load;
    if (first == 0 && bytes[1] == 1) {
      answer(bytes, length);
    } else if (first < 4) {
      checks.add(Arrays.copyOf(bytes, length));
    } else if (first < 64) {
      records.add(Arrays.copyOf(bytes, length));
    } else if (counts != null) {
      counts.take(bytes, length, nanos);
    } else if (receiver != null) {
      var plain = open(bytes, length);
      if (plain.length > 0) {
        (isRtcp(bytes) ? rtcp : rtp).add(plain);
      }
    }
  }

  /** A server that is not ICE-lite checks as well. */
  private void answer(byte[] bytes, int length) {
    var check = new StunView();
    if (check.wrap(bytes, 0, length)) {
      var out = new byte[StunWriter.BYTES_MAX];
      var low = 0xffff00000000L | (get32(server.getAddress().getAddress(), 0) & 0xffffffffL);
      var key = new StunKey(credentials.password());
      raw(Arrays.copyOf(out, StunWriter.success(check, 0, low, server.getPort(), key, out, 0)));
    }
  }

  /** Something may be due, after some milliseconds; on the thread that reads for all. */
  void tick(long nanos) {
    var counts = load;
    if (counts != null && receiver != null && sender != null) {
      counts.tick(nanos);
    }
  }

  static boolean isRtcp(byte[] bytes) {
    return (bytes[1] & 0xff) >= 192 && (bytes[1] & 0xff) <= 223;
  }

  /** What a protected packet holds; empty when it is not genuine. */
  byte[] open(byte[] bytes, int length) {
    var keys = receiver;
    var plain = new byte[length + 32];
    var size =
        keys == null
            ? 0
            : isRtcp(bytes)
                ? keys.unprotectRtcp(bytes, 0, length, plain, 0)
                : keys.unprotect(bytes, 0, length, plain, 0);
    return Arrays.copyOf(plain, Math.max(0, size));
  }

  static void put32(byte[] bytes, int at, int value) {
    for (var i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  static int get32(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).getInt(at);
  }

  /** Says goodbye. */
  void leave() {
    Objects.requireNonNull(session).close();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
