package dev.parley.protocol.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpViewTest {
  private final RtpView view = new RtpView();

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private void wrap(String text) {
    var packet = hex(text);
    // Not at the array's begin, so that a forgotten offset shows.
    var bytes = new byte[packet.length + 7];
    System.arraycopy(packet, 0, bytes, 5, packet.length);
    assertTrue(view.wrap(bytes, 5, packet.length));
  }

  @Test
  void theHeaderIsRead() {
    wrap("82 e0 fffe 89abcdef 11223344 aabbccdd 00000001 c0ffee");
    assertTrue(view.marker());
    assertEquals(96, view.payloadType());
    assertEquals(65534, view.sequence());
    assertEquals(0x89abcdef, view.timestamp());
    assertEquals(0x11223344, view.ssrc());
    assertEquals(2, view.csrcCount());
    assertEquals(0xaabbccdd, view.csrc(0));
    assertEquals(1, view.csrc(1));
    assertEquals(5 + 20, view.payloadAt());
    assertEquals(3, view.payloadLength());
    assertEquals(0, view.paddingLength());
    assertEquals(RtpView.NONE, view.firstExtension());
  }

  @Test
  void theHeaderIsSetInPlace() {
    wrap("80 e0 0001 00000000 11223344 00");
    view.marker(false);
    view.payloadType(111);
    view.sequence(65536 + 3);
    view.timestamp(-5);
    view.ssrc(0xcafebabe);
    assertFalse(view.marker());
    assertEquals(111, view.payloadType());
    assertEquals(3, view.sequence());
    assertEquals(-5, view.timestamp());
    assertEquals(0xcafebabe, view.ssrc());
    view.marker(true);
    assertEquals(111, view.payloadType());
    assertTrue(view.marker());
  }

  @Test
  void oneByteExtensionsAreFound() {
    // RFC 8285 section 4.2: padding between elements is skipped.
    wrap("90 60 0001 00000000 11223344 bede0003 10aa 00 21bbcc 00 00 32ddeeff ff");
    var level = view.extension(1);
    assertEquals(1, view.extensionLength(level));
    assertEquals((byte) 0xaa, view.bytes()[level]);
    var transport = view.extension(2);
    assertEquals(2, view.extensionLength(transport));
    assertEquals(0xbbcc, Extensions.transportCc(view, 2));
    assertEquals(0xddeeff, Extensions.absSendTime(view, 3));
    assertEquals(RtpView.NONE, view.extension(4));
    assertEquals(RtpView.NONE, view.extension(0));
    assertEquals(1, view.payloadLength());
  }

  @Test
  void idFifteenEndsTheBlock() {
    wrap("90 60 0001 00000000 11223344 bede0002 10aa f0 21 bbcc 0000");
    assertEquals(RtpView.NONE, view.extension(2));
    assertTrue(view.extension(1) != RtpView.NONE);
  }

  @Test
  void twoByteExtensionsAreFound() {
    wrap("90 60 0001 00000000 11223344 10050003 0100 00 1402aabb 2103010203");
    assertEquals(0, view.extensionLength(view.extension(1)));
    assertEquals(0xaabb, Extensions.transportCc(view, 0x14));
    assertEquals(3, view.extensionLength(view.extension(0x21)));
  }

  @Test
  void anotherProfileIsSkipped() {
    wrap("90 60 0001 00000000 11223344 12340001 10aa0000 77");
    assertEquals(RtpView.NONE, view.extension(1));
    assertEquals(1, view.payloadLength());
  }

  @Test
  void paddingIsTakenAway() {
    wrap("a0 60 0001 00000000 11223344 aabb 000003");
    assertEquals(2, view.payloadLength());
    assertEquals(3, view.paddingLength());
    wrap("a0 60 0001 00000000 11223344 00000004");
    assertEquals(0, view.payloadLength());
  }

  @Test
  void textExtensionsAreComparedAndRead() {
    wrap("90 60 0001 00000000 11223344 bede0001 42 616263");
    assertTrue(Extensions.says(view, 4, new byte[] {'a', 'b', 'c'}));
    assertFalse(Extensions.says(view, 4, new byte[] {'a', 'b'}));
    assertFalse(Extensions.says(view, 4, new byte[] {'a', 'b', 'd'}));
    assertFalse(Extensions.says(view, 5, new byte[] {'a', 'b', 'c'}));
    assertEquals("abc", Extensions.text(view, 4));
    assertEquals("", Extensions.text(view, 5));
  }

  @Test
  void audioLevelIsRead() {
    wrap("90 60 0001 00000000 11223344 bede0001 10 9e 0000");
    assertEquals(30, Extensions.audioLevel(view, 1));
    assertTrue(Extensions.isVoice(view, 1));
    assertEquals(Extensions.ABSENT, Extensions.audioLevel(view, 2));
    assertFalse(Extensions.isVoice(view, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80 60 0001 00000000 112233",
        // Another version.
        "40 60 0001 00000000 11223344",
        // More contributing sources than bytes.
        "81 60 0001 00000000 11223344 aabbcc",
        // An extension block that is cut off, in its head and in its body.
        "90 60 0001 00000000 11223344 bede00",
        "90 60 0001 00000000 11223344 bede0002 10aa0000",
        // An extension that is longer than its block.
        "90 60 0001 00000000 11223344 bede0001 000013aa 00",
        "90 60 0001 00000000 11223344 10000001 00000105 00",
        "90 60 0001 00000000 11223344 10000001 00000001 00",
        // No padding, or more than there is.
        "a0 60 0001 00000000 11223344 00",
        "a0 60 0001 00000000 11223344 02",
        "a0 60 0001 00000000 11223344",
      })
  void whatIsMalformedIsRefused(String text) {
    var packet = hex(text);
    assertFalse(view.wrap(packet, 0, packet.length));
  }

  @Test
  void aRangeOutsideOfTheArrayIsRefused() {
    var bytes = new byte[20];
    bytes[0] = (byte) 0x80;
    assertFalse(view.wrap(bytes, -1, 12));
    assertFalse(view.wrap(bytes, 0, 21));
    assertFalse(view.wrap(bytes, 10, 12));
    assertFalse(view.wrap(bytes, 0, Integer.MAX_VALUE));
    assertFalse(view.wrap(bytes, Integer.MAX_VALUE, 12));
  }
}
