package contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.AudioOptions;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Google's WebRTC in a Java client publishes by WHIP and watches by WHEP: real encoders and decoders. */
@Timeout(180)
class MediaTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void whatOneClientSendsAnotherSeesAndHears() throws Exception {
    var tickets = tickets();
    // Without a sound card: what it records is silence, which is encoded and sent all the same.
    var factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    var picture = new CustomVideoSource();
    var voice = factory.createAudioSource(new AudioOptions());
    var video = factory.createVideoTrack("picture", picture);
    var audio = factory.createAudioTrack("voice", voice);
    var up = connection(factory, new Seen());
    for (var track : List.of(audio, video)) {
      var init = new RTCRtpTransceiverInit();
      init.direction = RTCRtpTransceiverDirection.SEND_ONLY;
      init.streamIds = List.of("ann");
      up.addTransceiver(track, init);
    }
    join(up, tickets.get(0));
    var seen = new Seen();
    var down = connection(factory, seen);
    for (var track : List.of(factory.createAudioTrack("a", voice), factory.createVideoTrack("v", new CustomVideoSource()))) {
      var init = new RTCRtpTransceiverInit();
      init.direction = RTCRtpTransceiverDirection.RECV_ONLY;
      down.addTransceiver(track, init);
    }
    join(down, tickets.get(1));
    var sender = Thread.ofPlatform().daemon().start(() -> send(picture));
    until("30 frames of the right size", () -> seen.frames.get() > 30);
    assertEquals(WIDTH + "x" + HEIGHT, seen.size);
    until("a second of sound", () -> statistic(down, "audio", "packetsReceived") > 50);
    assertTrue(statistic(down, "video", "framesDecoded") > 30);
    sender.interrupt();
    sender.join();
    down.close();
    up.close();
  }

  /** What came in. */
  private static final class Seen implements PeerConnectionObserver {
    final AtomicInteger frames = new AtomicInteger();
    volatile String size = "";

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {}

    @Override
    public void onTrack(RTCRtpTransceiver transceiver) {
      if (transceiver.getReceiver().getTrack() instanceof VideoTrack video) {
        video.addSink(frame -> {
          size = frame.buffer.getWidth() + "x" + frame.buffer.getHeight();
          frames.incrementAndGet();
          frame.release();
        });
      }
    }
  }

  /** A number of an incoming stream, 0 when it is not there yet. */
  private static long statistic(RTCPeerConnection peer, String kind, String name) {
    var report = new CompletableFuture<Long>();
    peer.getStats(found ->
        report.complete(
            found.getStats().values().stream()
                .filter(one -> one.getType() == RTCStatsType.INBOUND_RTP)
                .map(RTCStats::getAttributes)
                .filter(one -> kind.equals(one.get("kind")))
                .map(one -> one.get(name))
                .filter(Number.class::isInstance)
                .mapToLong(one -> ((Number) one).longValue())
                .sum()));
    return report.orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** A picture that moves, twenty times a second. */
  private static void send(CustomVideoSource picture) {
    for (var tick = 0; !Thread.interrupted(); tick++) {
      var buffer = NativeI420Buffer.allocate(WIDTH, HEIGHT);
      for (var i = 0; i < buffer.getDataY().capacity(); i++) {
        buffer.getDataY().put(i, (byte) (i + 3 * tick));
      }
      var frame = new VideoFrame(buffer, 0, System.nanoTime());
      picture.pushFrame(frame);
      frame.release();
      LockSupport.parkNanos(50_000_000L);
    }
  }

  private static RTCPeerConnection connection(PeerConnectionFactory factory, PeerConnectionObserver observer) {
    return factory.createPeerConnection(new RTCConfiguration(), observer);
  }

  private void join(RTCPeerConnection peer, String url) throws Exception {
    var made = new CompletableFuture<RTCSessionDescription>();
    peer.createOffer(
        new RTCOfferOptions(),
        new CreateSessionDescriptionObserver() {
          @Override
          public void onSuccess(RTCSessionDescription description) {
            made.complete(description);
          }

          @Override
          public void onFailure(String error) {
            made.completeExceptionally(new AssertionError(error));
          }
        });
    var offer = made.get(30, TimeUnit.SECONDS);
    var local = new Done();
    peer.setLocalDescription(offer, local);
    local.future.get(30, TimeUnit.SECONDS);
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/sdp")
            .POST(HttpRequest.BodyPublishers.ofString(offer.sdp));
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(201, answer.statusCode(), answer.body());
    var remote = new Done();
    peer.setRemoteDescription(new RTCSessionDescription(RTCSdpType.ANSWER, answer.body()), remote);
    remote.future.get(30, TimeUnit.SECONDS);
  }

  private static final class Done implements SetSessionDescriptionObserver {
    final CompletableFuture<Boolean> future = new CompletableFuture<>();

    @Override
    public void onSuccess() {
      future.complete(true);
    }

    @Override
    public void onFailure(String error) {
      future.completeExceptionally(new AssertionError(error));
    }
  }

  private static void until(String what, BooleanSupplier holds) {
    var end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(10_000_000L);
    }
  }

  /** A room with one ticket for each way, made with the access key. */
  private List<String> tickets() throws Exception {
    var parts = Pattern.compile("endpoint=(.*?)/?;accesskey=(.*)").matcher(Sdk.environment("ACS_CONNECTION_STRING"));
    assertTrue(parts.matches());
    var uri = URI.create(parts.group(1) + "/parley/media/rooms");
    var body = "{\"tickets\":[{\"direction\":\"publish\",\"stream\":\"ann\"},{\"direction\":\"play\"}]}";
    var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    var hash =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts.group(2)), "HmacSHA256"));
    var text = "POST\n" + uri.getPath() + "\n" + date + ";" + uri.getAuthority() + ";" + hash;
    var signature = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    var request =
        HttpRequest.newBuilder(uri)
            .header("x-ms-date", date)
            .header("x-ms-content-sha256", hash)
            .header(
                "Authorization",
                "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + signature)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(201, answer.statusCode(), answer.body());
    var urls = Pattern.compile("\"url\":\"([^\"]+)\"").matcher(answer.body());
    return urls.results().map(found -> found.group(1)).toList();
  }
}
