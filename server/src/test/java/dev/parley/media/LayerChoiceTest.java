package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.ExtensionMap;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.RtpWriter;
import dev.parley.protocol.sdp.AgreedFormat;
import dev.parley.protocol.sdp.AgreedMedia;
import dev.parley.protocol.sdp.Direction;
import dev.parley.protocol.sdp.PayloadFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which simulcast layers can be had while some of them are no longer made. */
class LayerChoiceTest {
  private static final long MILLISECOND = 1_000_000;
  private static final int VP8 = 96;

  private final Track track = new Track(null, section());
  private final Receiver small = receiver("q", 1);
  private final Receiver large = receiver("f", 2);
  private final PayloadView payload = new PayloadView();
  private int sequence;
  private long now = 1_000 * MILLISECOND;

  private static AgreedMedia section() {
    var format = new PayloadFormat(VP8, Codec.VP8, 90_000, Map.of(), Set.of());
    return new AgreedMedia(
        "0",
        true,
        Direction.RECVONLY,
        List.of(new AgreedFormat(format, PayloadFormat.NONE)),
        new ExtensionMap(Map.of()),
        List.of("q", "f"),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private Receiver receiver(String rid, int number) {
    var made = new Receiver(track, number, number, rid);
    track.receivers.add(made);
    return made;
  }

  /** Pictures of 40 ms for so long, from these layers. */
  private void send(long milliseconds, Receiver... from) {
    for (var passed = 0; passed < milliseconds; passed += 40) {
      sequence++;
      now += 40 * MILLISECOND;
      for (var receiver : from) {
        packet(receiver, receiver == small ? 200 : 1_000);
      }
    }
  }

  private void packet(Receiver receiver, int bytes) {
    var draft = new byte[1_200];
    var body = new byte[Math.max(1, bytes)];
    body[0] = 0x10;
    body[1 % body.length] |= (byte) (bytes > 0 && sequence > 1 ? 1 : 0);
    var writer =
        new RtpWriter()
            .begin(draft, 0, draft.length, false)
            .header(true, VP8, sequence, sequence * 3_600, receiver.ssrc);
    var length = (bytes > 0 ? writer.payload(body, 0, bytes) : writer.padding(200)).end();
    var packet = new RtpView();
    assertTrue(packet.wrap(draft, 0, length));
    receiver.take(packet, payload, false, now);
  }

  private List<String> layers() {
    return LayerChoice.of(track, true, now).stream().map(one -> one.receiver().rid).toList();
  }

  @Test
  void aLayerThatIsNoLongerMadeIsLeftWithinASecond() {
    send(2_000, small, large);
    assertEquals(List.of("q", "f"), layers());
    send(720, small);
    assertEquals(List.of("q", "f"), layers(), "It may only be late.");
    send(200, small);
    assertEquals(List.of("q"), layers());
    send(1_000, small, large);
    assertEquals(List.of("q", "f"), layers());
  }

  @Test
  void paddingIsNoPicture() {
    send(2_000, small, large);
    for (var i = 0; i < 25; i++) {
      send(40, small);
      packet(large, 0);
    }
    assertEquals(List.of("q"), layers());
  }

  @Test
  void whileNothingComesNoLayerIsPreferred() {
    send(2_000, small, large);
    now += 1_000 * MILLISECOND;
    assertEquals(List.of("q", "f"), layers());
    now += 1_000 * MILLISECOND;
    assertEquals(List.of(), layers());
  }
}
