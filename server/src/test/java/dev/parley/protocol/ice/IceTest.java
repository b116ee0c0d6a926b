package dev.parley.protocol.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IceTest {
  @Test
  void candidatesAreWrittenAsTheRfcsHaveThem() {
    var udp = IceCandidate.host(IceCandidate.Transport.UDP, "192.0.2.7", 3478, 255);
    // Type 126, local preference 65535, component 1.
    assertTrue(udp.text().endsWith(" 1 udp 2130706431 192.0.2.7 3478 typ host"), udp.text());
    var tcp = IceCandidate.host(IceCandidate.Transport.TCP_PASSIVE, "2001:db8::7", 443, 255);
    assertTrue(tcp.text().endsWith(" 2001:db8::7 443 typ host tcptype passive"), tcp.text());
    assertTrue(tcp.priority() < udp.priority());
  }

  @Test
  void textOfCredentialsHoldsNoPassword() {
    var credentials = new IceCredentials("name", "word");
    assertFalse(credentials.toString().contains("word"));
  }

  @Test
  void framesArriveWholeHoweverTheyAreCut() {
    var seed = System.nanoTime();
    var random = new Random(seed);
    var packets = new ArrayList<String>();
    var stream = new ByteArrayOutputStream();
    for (var i = 0; i < 300; i++) {
      var packet = new byte[random.nextInt(1400)];
      random.nextBytes(packet);
      packets.add(HexFormat.of().formatHex(packet));
      stream.write(packet.length >> 8);
      stream.write(packet.length);
      stream.writeBytes(packet);
    }
    var bytes = stream.toByteArray();
    var frames = new TcpFrames(1500);
    var got = new ArrayList<String>();
    var at = 0;
    while (at < bytes.length) {
      var part = Math.min(1 + random.nextInt(2000), bytes.length - at);
      assertTrue(
          frames.feed(
              bytes,
              at,
              part,
              (packet, offset, length) ->
                  got.add(HexFormat.of().formatHex(packet, offset, offset + length))));
      at += part;
    }
    assertEquals(packets, got, "seed " + seed);
  }

  @Test
  void aFrameThatIsTooLongEndsTheConnection() {
    var got = new ArrayList<Integer>();
    var frames = new TcpFrames(100);
    assertFalse(frames.feed(new byte[] {0, 101, 1, 2}, 0, 4, (_, _, length) -> got.add(length)));
    assertEquals(List.of(), got);
  }
}
