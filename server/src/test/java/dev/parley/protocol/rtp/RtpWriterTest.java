package dev.parley.protocol.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RtpWriterTest {
  private static final ExtensionMap IN =
      new ExtensionMap(
          Map.of(
              ExtensionKind.AUDIO_LEVEL, 1,
              ExtensionKind.TRANSPORT_CC, 2,
              ExtensionKind.DEPENDENCY_DESCRIPTOR, 9));
  private static final ExtensionMap OUT =
      new ExtensionMap(
          Map.of(
              ExtensionKind.MID, 1,
              ExtensionKind.TRANSPORT_CC, 5,
              ExtensionKind.ABS_SEND_TIME, 6,
              ExtensionKind.AUDIO_LEVEL, 7,
              ExtensionKind.DEPENDENCY_DESCRIPTOR, 8));
  private static final byte[] IDS =
      IN.to(OUT, ExtensionKind.AUDIO_LEVEL, ExtensionKind.DEPENDENCY_DESCRIPTOR, ExtensionKind.MID);
  private static final byte[] PAYLOAD = {1, 2, 3, 4, 5};
  private static final byte[] M = {'m'};
  private static final byte[] R = {'r'};

  private final RtpWriter writer = new RtpWriter();
  private final byte[] out = new byte[200];

  private RtpView incoming(boolean twoByte, int descriptorBytes) {
    var bytes = new byte[200];
    var length =
        writer
            .begin(bytes, 3, bytes.length, twoByte)
            .header(true, 96, 7, 90_000, 0x11223344)
            .audioLevel(1, true, 30)
            .transportCc(2, 77)
            .extension(9, new byte[descriptorBytes], 0, descriptorBytes)
            .payload(PAYLOAD, 0, PAYLOAD.length)
            .end();
    var view = new RtpView();
    assertTrue(view.wrap(bytes, 3, length));
    return view;
  }

  private int forward(RtpView from, int limit, boolean twoByte) {
    return writer
        .begin(out, 2, limit, twoByte)
        .header(from.marker(), 100, 65_535, -1, 0xcafebabe)
        .extensions(from, IDS)
        .transportCc(OUT.id(ExtensionKind.TRANSPORT_CC), 4711)
        .absSendTime(OUT.id(ExtensionKind.ABS_SEND_TIME), 1_500_000_000L)
        .extension(OUT.id(ExtensionKind.MID), M, 0, 1)
        .extension(OUT.id(ExtensionKind.RID), R, 0, 1)
        .payload(from.bytes(), from.payloadAt(), from.payloadLength())
        .end();
  }

  private RtpView forwarded(RtpView from, boolean twoByte) {
    var length = forward(from, out.length, twoByte);
    var view = new RtpView();
    assertTrue(view.wrap(out, 2, length));
    return view;
  }

  @Test
  void extensionsGetTheIdsOfTheOtherConnection() {
    var view = forwarded(incoming(false, 3), false);
    assertTrue(view.marker());
    assertEquals(100, view.payloadType());
    assertEquals(65_535, view.sequence());
    assertEquals(-1, view.timestamp());
    assertEquals(0xcafebabe, view.ssrc());
    assertEquals(30, Extensions.audioLevel(view, 7));
    assertTrue(Extensions.isVoice(view, 7));
    assertEquals(4711, Extensions.transportCc(view, 5));
    assertEquals(3 << 17, Extensions.absSendTime(view, 6));
    assertEquals("m", Extensions.text(view, 1));
    assertEquals(3, view.extensionLength(view.extension(8)));
    // What was the transport number of the other connection is not forwarded.
    assertEquals(RtpView.NONE, view.extension(2));
    assertArrayEquals(
        PAYLOAD,
        Arrays.copyOfRange(out, view.payloadAt(), view.payloadAt() + view.payloadLength()));
  }

  @Test
  void aLongDescriptorNeedsTheTwoByteForm() {
    var from = incoming(true, 40);
    assertTrue(RtpWriter.needsTwoByte(from, IDS));
    var view = forwarded(from, true);
    assertEquals(40, view.extensionLength(view.extension(8)));
    assertEquals(4711, Extensions.transportCc(view, 5));
    // A peer that does not take the form gets the rest.
    view = forwarded(from, false);
    assertEquals(RtpView.NONE, view.extension(8));
    assertEquals(30, Extensions.audioLevel(view, 7));
    assertFalse(RtpWriter.needsTwoByte(incoming(true, 16), IDS));
  }

  @Test
  void numbersAreSetWhereTheyStand() {
    var view = forwarded(incoming(false, 3), false);
    assertTrue(Extensions.transportCc(view, 5, 65_535));
    assertTrue(Extensions.absSendTime(view, 6, 64_000_000_000L));
    assertEquals(65_535, Extensions.transportCc(view, 5));
    assertEquals(0, Extensions.absSendTime(view, 6));
    assertFalse(Extensions.transportCc(view, 4, 1));
    assertFalse(Extensions.absSendTime(view, 0, 1));
  }

  @Test
  void withoutExtensionsThereIsNoBlock() {
    var length =
        writer.begin(out, 0, 20, false).header(false, 0, 1, 2, 3).payload(PAYLOAD, 0, 5).end();
    assertEquals(17, length);
    assertEquals((byte) 0x80, out[0]);
  }

  @Test
  void paddingIsReadBack() {
    var length = writer.begin(out, 0, 200, false).header(false, 97, 1, 2, 3).padding(160).end();
    var view = new RtpView();
    assertTrue(view.wrap(out, 0, length));
    assertEquals(0, view.payloadLength());
    assertEquals(160, view.paddingLength());
  }

  @Test
  void nothingIsWrittenBehindTheLimit() {
    var from = incoming(false, 3);
    var whole = forward(from, out.length, false);
    for (var limit = 0; limit < whole + 2; limit++) {
      Arrays.fill(out, (byte) 0x55);
      assertEquals(RtpWriter.FAILED, forward(from, limit, false), "limit " + limit);
      for (var at = limit; at < out.length; at++) {
        assertEquals(0x55, out[at]);
      }
    }
    assertEquals(whole, forward(from, whole + 2, false));
  }

  @Test
  void retransmissionsComeBackAsTheyWere() {
    var from = incoming(false, 3);
    writer.begin(out, 0, 200, false).header(true, 97, 500, from.timestamp(), 0x99);
    writer.extensions(from, IDS);
    var length = Rtx.payload(writer, from).end();
    var view = new RtpView();
    assertTrue(view.wrap(out, 0, length));
    assertTrue(Rtx.unwrap(view, 96, 0x11223344));
    assertEquals(7, view.sequence());
    assertEquals(96, view.payloadType());
    assertEquals(0x11223344, view.ssrc());
    assertEquals(90_000, view.timestamp());
    assertEquals(30, Extensions.audioLevel(view, 7));
    assertEquals(5, view.payloadLength());
    assertEquals(5, out[view.payloadAt() + 4]);
    // A probe has no original inside.
    length = writer.begin(out, 0, 200, false).header(false, 97, 1, 2, 3).padding(100).end();
    assertTrue(view.wrap(out, 0, length));
    assertFalse(Rtx.unwrap(view, 96, 0x11223344));
  }

  @Test
  void forwardingMakesNoObject() {
    var from = incoming(false, 3);
    var payload = new PayloadView();
    var numbers = NumberMap.ofSequences();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var packets = 50_000;
    long allocated = 0;
    // The first rounds also load classes and compile.
    for (var round = 0; round < 3; round++) {
      var before = threads.getCurrentThreadAllocatedBytes();
      for (var i = 0; i < packets; i++) {
        from.wrap(from.bytes(), from.offset(), from.length());
        payload.read(Codec.VP8, from);
        if (i % 3 == 0) {
          numbers.drop(i & 0xffff);
        } else {
          numbers.forward(i & 0xffff);
        }
        assertTrue(forward(from, out.length, false) > 0);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertTrue(allocated < packets, allocated + " bytes for " + packets + " packets");
  }
}
