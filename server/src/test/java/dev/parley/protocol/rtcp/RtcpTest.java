package dev.parley.protocol.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtcpTest {
  private final RtcpReader reader = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private final byte[] bytes = new byte[1500];

  /** Writes down everything that it hears. */
  private static final class Heard implements RtcpListener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void senderReport(int ssrc, long ntp, int rtp, int packets, int octets) {
      lines.add("SR %x %x %d %d %d".formatted(ssrc, ntp, rtp, packets, octets));
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
      lines.add(
          "block %x %x %d %d %x %d %x %d"
              .formatted(
                  reporter,
                  ssrc,
                  fractionLost,
                  packetsLost,
                  highestSequence,
                  jitter,
                  lastReport,
                  delay));
    }

    @Override
    public void canonicalName(int ssrc, byte[] bytes, int at, int length) {
      lines.add("name %x ".formatted(ssrc) + new String(bytes, at, length, StandardCharsets.UTF_8));
    }

    @Override
    public void bye(int ssrc) {
      lines.add("bye %x".formatted(ssrc));
    }

    @Override
    public void nack(int sender, int ssrc, int sequence, int following) {
      lines.add("nack %x %x %d %x".formatted(sender, ssrc, sequence, following));
    }

    @Override
    public void pictureLoss(int sender, int ssrc) {
      lines.add("pli %x %x".formatted(sender, ssrc));
    }

    @Override
    public void fullIntraRequest(int sender, int ssrc, int number) {
      lines.add("fir %x %x %d".formatted(sender, ssrc, number));
    }

    @Override
    public void maximumBitrate(int sender, long bitsPerSecond) {
      lines.add("remb %x %d".formatted(sender, bitsPerSecond));
    }

    @Override
    public void receiverReferenceTime(int sender, long ntp) {
      lines.add("time %x %x".formatted(sender, ntp));
    }

    @Override
    public void transportFeedback(TransportFeedback feedback) {
      lines.add(
          "cc %x %x %d %d"
              .formatted(feedback.sender(), feedback.ssrc(), feedback.count(), feedback.packets()));
      feedback.read(
          (number, received, ticks) -> lines.add(number + (received ? " " + ticks : " lost")));
    }
  }

  private List<String> read(int length) {
    var heard = new Heard();
    assertTrue(reader.read(bytes, 0, length, heard));
    return heard.lines;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private List<String> read(String text) {
    var packet = hex(text);
    var heard = new Heard();
    assertTrue(reader.read(packet, 0, packet.length, heard));
    return heard.lines;
  }

  @Test
  void aCompoundPacketComesBackAsWritten() {
    writer.begin(bytes, 0, bytes.length);
    assertTrue(writer.senderReport(0x11, 0x83aa7e80_80000000L, -1, 10, 2000));
    assertTrue(writer.receptionReport(0x22, 300, -5, 0x10007, 44, 0x7e808000, 65_536));
    assertTrue(writer.receptionReport(0x23, 128, 0x900000, 1, 0, 0, 0));
    assertTrue(writer.canonicalName(0x11, "name"));
    assertTrue(writer.canonicalName(0x12, "parley"));
    assertTrue(writer.receiverReport(0x33));
    assertTrue(writer.nack(1, 2, new int[] {65_534, 65_535, 0, 14, 15, 40}, 6));
    assertTrue(writer.pictureLoss(1, 2));
    assertTrue(writer.fullIntraRequest(1, 2, 200));
    assertTrue(writer.maximumBitrate(1, 5_000_000, new int[] {7, 8}, 2));
    assertTrue(writer.referenceTimeAnswer(1, 2, 3, 4));
    assertTrue(writer.bye(0x11));
    assertEquals(
        List.of(
            "SR 11 83aa7e8080000000 -1 10 2000",
            "block 11 22 255 -5 10007 44 7e808000 65536",
            "block 11 23 128 8388607 1 0 0 0",
            "name 11 name",
            "name 12 parley",
            "nack 1 2 65534 8003",
            "nack 1 2 15 0",
            "nack 1 2 40 0",
            "pli 1 2",
            "fir 1 2 200",
            "remb 1 5000000",
            "bye 11"),
        read(writer.length()));
  }

  @Test
  void whatAnotherStackWroteIsRead() {
    // A receiver report with one block, a description with two items and a padded BYE with a
    // reason.
    assertEquals(
        List.of("block 1 2 64 65537 30005 7 9 8", "name 1 ab", "bye 1"),
        read(
            "81c90007 00000001 00000002 40010001 00030005 00000007 00000009 00000008"
                + "81ca0004 00000001 0301 63 0102 6162 00 00000000"
                + "a1cb0003 00000001 02686900 00000004"));
    // REMB: exponent 3, mantissa 0x20000; a PLI; an unknown format and an unknown type.
    assertEquals(
        List.of("remb 1 1048576", "pli 1 2"),
        read(
            "8fce0005 00000001 00000000 52454d42 010e0000 00000005"
                + "81ce0002 00000001 00000002"
                + "9fce0002 00000001 00000002 80d20000"));
    // RFC 3611: a receiver reference time.
    assertEquals(List.of("time 1 200000003"), read("80cf0004 00000001 04000002 00000002 00000003"));
  }

  @Test
  void transportFeedbackOfAnotherStackIsRead() {
    // Base 5, eight packets: a run of two small deltas, then one-bit and two-bit vectors.
    assertEquals(
        List.of(
            "cc 1 2 9 10",
            "5 259",
            "6 260",
            "7 lost",
            "8 262",
            "9 lost",
            "10 lost",
            "11 lost",
            "12 lost",
            "13 lost",
            "14 lost"),
        read("8fcd0006 00000001 00000002 0005000a 00000109 2002 9000 03010200"));
    assertEquals(
        List.of("cc 1 2 0 3", "65535 -256", "0 lost", "1 -512"),
        read("8fcd0006 00000001 00000002 ffff0003 ffffff00 d200 00 ff00 000000"));
  }

  @Test
  void arrivalsAreToldAndReadBack() {
    var log = new ArrivalLog();
    var start = 128_000_000L;
    log.arrived(65_534, start);
    log.arrived(65_535, start + 1_000_000);
    log.arrived(1, start + 500_000);
    log.arrived(2, start + 200_000_000);
    writer.begin(bytes, 0, bytes.length);
    assertTrue(log.isPending());
    assertTrue(log.write(writer, 1, 2));
    assertFalse(log.write(writer, 1, 2));
    assertFalse(log.isPending());
    assertEquals(
        List.of("cc 1 2 0 5", "65534 512", "65535 516", "0 lost", "1 514", "2 1312"),
        read(writer.length()));
    // What was late is told after all, and what is lost at the begin of the next is told as lost.
    log.arrived(0, start + 201_000_000);
    log.arrived(4, start + 202_000_000);
    log.arrived(4, start + 900_000_000);
    writer.begin(bytes, 0, bytes.length);
    assertTrue(log.write(writer, 1, 2));
    assertEquals(
        List.of("cc 1 2 1 5", "0 1316", "1 514", "2 1312", "3 lost", "4 1320"),
        read(writer.length()));
    log.arrived(6, start + 203_000_000);
    writer.begin(bytes, 0, bytes.length);
    assertTrue(log.write(writer, 1, 2));
    assertEquals(List.of("cc 1 2 2 2", "5 lost", "6 1324"), read(writer.length()));
  }

  /** The numbers that are told as received, with feedback packets of at most so many bytes. */
  private List<Integer> told(ArrivalLog log, int bytesMax) {
    var told = new ArrayList<Integer>();
    for (var packets = 0; log.isPending(); packets++) {
      assertTrue(packets < 1000);
      writer.begin(bytes, 0, bytesMax);
      assertTrue(log.write(writer, 1, 2));
      for (var line : read(writer.length())) {
        if (!line.startsWith("cc") && !line.endsWith("lost")) {
          told.add(Integer.parseInt(line.substring(0, line.indexOf(' '))));
        }
      }
    }
    return told;
  }

  @Test
  void aPauseAndAJumpAreTold() {
    var log = new ArrivalLog();
    log.arrived(0, 0);
    // A minute does not fit a delta: another packet begins.
    log.arrived(1, 60_000_000_000L);
    assertEquals(List.of(0, 1), told(log, 1200));
    // A jump forward leaves the gap behind, which no feedback can hold.
    log.arrived(20_000, 61_000_000_000L);
    assertEquals(List.of(20_000), told(log, 100));
    log.arrived(2, 62_000_000_000L);
    assertFalse(log.isPending());
  }

  @Test
  void whatIsManyTakesManyPackets() {
    var seed = new Random().nextLong();
    var random = new Random(seed);
    var log = new ArrivalLog();
    var sent = new ArrayList<Integer>();
    for (var i = 0; i < 1500; i++) {
      if (random.nextInt(5) > 0 || i == 1499) {
        log.arrived(60_000 + i & 0xffff, i * 10_000_000L + random.nextInt(9_000_000));
        sent.add(60_000 + i & 0xffff);
      }
    }
    assertEquals(sent, told(log, 400), "seed " + seed);
  }

  @Test
  void nothingIsWrittenWithoutRoom() {
    writer.begin(bytes, 0, 27);
    assertFalse(writer.senderReport(1, 2, 3, 4, 5));
    assertFalse(writer.receptionReport(1, 2, 3, 4, 5, 6, 7));
    assertFalse(writer.maximumBitrate(1, 2, new int[2], 2));
    assertFalse(writer.canonicalName(1, "x".repeat(256)));
    assertFalse(writer.nack(1, 2, new int[0], 0));
    assertEquals(0, writer.length());
    assertTrue(writer.pictureLoss(1, 2));
    assertTrue(writer.pictureLoss(1, 3));
    assertFalse(writer.bye(1));
    assertEquals(List.of("pli 1 2", "pli 1 3"), read(writer.length()));
    writer.begin(bytes, 0, bytes.length);
    assertTrue(writer.receiverReport(1));
    for (var i = 0; i < RtcpWriter.COUNT_MAX; i++) {
      assertTrue(writer.receptionReport(i, 0, 0, 0, 0, 0, 0));
    }
    assertFalse(writer.receptionReport(31, 0, 0, 0, 0, 0, 0));
    assertEquals(31, read(writer.length()).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80c9",
        "40c90001 00000001",
        "80c90002 00000001",
        "80c90001 00000001 80",
        // Fewer blocks than announced, in both reports.
        "81c90001 00000001",
        "81c80006 00000001 0000000000000000 00000000 00000000 00000000",
        "80c80005 00000001 0000000000000000 00000000 00000000",
        // Padding that is none, or too much.
        "a0c90001 00000000",
        "a0c90001 00000005",
        // A description without an end, an item longer than its packet.
        "81ca0002 00000001 01026162",
        "81ca0002 00000001 01096100",
        "82ca0002 00000001 00000000",
        "82cb0001 00000001",
        // Feedback without its body.
        "81cd0002 00000001 00000002",
        "81ce0001 00000001",
        "84ce0002 00000001 00000002",
        "8fce0004 00000001 00000000 52454d42 01ff0000",
        "80cf0002 00000001 04000005",
        // Transport feedback: no chunks, a run of nothing, a reserved symbol, no deltas.
        "8fcd0004 00000001 00000002 00010001 00000000",
        "8fcd0005 00000001 00000002 00010001 00000000 20000000",
        "8fcd0005 00000001 00000002 00010001 00000000 60010000",
        "8fcd0005 00000001 00000002 00010009 00000000 20090000",
      })
  void whatIsMalformedIsRefused(String text) {
    var packet = hex(text);
    assertFalse(reader.read(packet, 0, packet.length, new Heard()));
  }

  @Test
  void whatDoesNotLineUpTellsNothing() {
    var packet = hex("81ce0002 00000001 00000002 81ce0003 00000001 00000002");
    var heard = new Heard();
    assertFalse(reader.read(packet, 0, packet.length, heard));
    assertEquals(List.of(), heard.lines);
  }

  @Test
  void whateverComesIsAnswered() {
    var seed = new Random().nextLong();
    System.out.println("RtcpTest.whateverComesIsAnswered seed " + seed);
    var random = new Random(seed);
    var heard = new Heard();
    var sound = 0;
    for (var i = 0; i < 20_000; i++) {
      var packet = new byte[4 * (1 + random.nextInt(20))];
      random.nextBytes(packet);
      for (var at = 0; at < packet.length; ) {
        var words = Math.min(packet.length / 4 - at / 4, 1 + random.nextInt(12));
        packet[at] = (byte) (0x80 | (random.nextInt(8) == 0 ? 0x20 : 0) | random.nextInt(16));
        packet[at + 1] = (byte) (200 + random.nextInt(8));
        packet[at + 2] = 0;
        packet[at + 3] = (byte) (words - 1);
        if (words > 5 && random.nextBoolean()) {
          // A feedback of few packets has a chance to be whole.
          packet[at] = (byte) 0x8f;
          packet[at + 1] = (byte) 205;
          packet[at + 14] = 0;
          packet[at + 15] &= 0x0f;
        }
        at += 4 * words;
      }
      heard.lines.clear();
      sound += reader.read(packet, 0, packet.length, heard) ? 1 : 0;
      reader.read(Arrays.copyOf(packet, random.nextInt(packet.length)), 0, 0, heard);
    }
    assertTrue(sound > 200, "seed " + seed);
  }
}
