package dev.parley.protocol.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadTest {
  private final PayloadView payload = new PayloadView();

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private boolean read(Codec codec, String text) {
    var bytes = hex(text);
    return payload.read(codec, bytes, 0, bytes.length);
  }

  @Test
  void aKeyFrameOfVp8() {
    // S, picture id of 15 bits, TL0PICIDX, TID 0 with Y; frame tag, start code, 640 x 360.
    assertTrue(read(Codec.VP8, "90e0 92345520 500000 9d012a 8002 6801 0000"));
    assertTrue(payload.isKeyFrame() && payload.isFrameStart() && payload.isSwitchPoint());
    assertEquals(0x1234, payload.vp8().pictureId());
    assertEquals(0x55, payload.vp8().tl0PictureIndex());
    assertEquals(6, payload.vp8().headerLength());
    assertEquals(640, payload.vp8().width());
    assertEquals(360, payload.vp8().height());
  }

  @Test
  void layersOfVp8() {
    assertTrue(read(Codec.VP8, "b0e0 12 34a0 01"));
    assertFalse(payload.isKeyFrame());
    assertTrue(payload.isFrameStart());
    assertEquals(2, payload.temporalId());
    assertTrue(payload.isSwitchPoint());
    assertTrue(payload.vp8().isDiscardable());
    assertEquals(7, payload.vp8().pictureIdBits());
    assertEquals(0x12, payload.vp8().pictureId());
    // The rest of a frame, and a second partition, begin nothing.
    assertTrue(read(Codec.VP8, "00 00"));
    assertFalse(payload.isKeyFrame() || payload.isFrameStart());
    assertTrue(read(Codec.VP8, "11 00"));
    assertFalse(payload.isKeyFrame() || payload.isFrameStart());
    assertEquals(PictureDescriptor.ABSENT, payload.vp8().pictureId());
    // K without T: the octet is there, the layer is not.
    assertTrue(read(Codec.VP8, "9010 ff 00"));
    assertEquals(0, payload.temporalId());
  }

  @Test
  void numbersOfVp8AreSetInPlace() {
    var bytes = hex("90e0 92345520 00");
    var view = new Vp8Descriptor();
    assertTrue(view.wrap(bytes, 0, bytes.length));
    view.pictureId(0x8001);
    view.tl0PictureIndex(256);
    assertEquals(1, view.pictureId());
    assertEquals(15, view.pictureIdBits());
    assertEquals(0, view.tl0PictureIndex());
    assertEquals(0x20, bytes[5]);
  }

  @Test
  void aKeyFrameOfVp9() {
    // I, L, B, V; picture id 15 bits; TID 0, SID 0; two layers with sizes, two pictures in a group.
    assertTrue(read(Codec.VP9, "aa 8102 00 07 38 0140 00b4 0280 0168 02 0004 01 4408 0102"));
    assertTrue(payload.isKeyFrame());
    var view = payload.vp9();
    assertEquals(0x102, view.pictureId());
    assertEquals(7, view.tl0PictureIndex());
    assertEquals(2, view.spatialLayers());
    assertEquals(320, view.width(0));
    assertEquals(360, view.height(1));
    assertEquals(PictureDescriptor.ABSENT, view.width(2));
  }

  @Test
  void layersOfVp9() {
    // I, P, L, E: TID 2, U, SID 1, D.
    assertTrue(read(Codec.VP9, "e4 05 53 09 ff"));
    assertFalse(payload.isKeyFrame());
    assertEquals(2, payload.temporalId());
    assertEquals(1, payload.spatialId());
    assertTrue(payload.isSwitchPoint());
    assertTrue(payload.vp9().isFrameEnd() && payload.vp9().dependsOnBelow());
    // Flexible mode has references instead of the index.
    assertTrue(read(Codec.VP9, "f8 05 40 03 04 ff"));
    assertTrue(payload.vp9().isFlexible() && payload.isFrameStart());
    assertEquals(5, payload.vp9().headerLength());
    assertEquals(PictureDescriptor.ABSENT, payload.vp9().tl0PictureIndex());
    // An upper layer of a key picture is none by itself.
    assertTrue(read(Codec.VP9, "a8 05 03 09 ff"));
    assertFalse(payload.isKeyFrame());
  }

  @Test
  void unitsOfH264() {
    assertTrue(read(Codec.H264, "67 42e01f"));
    assertTrue(payload.isKeyFrame());
    assertTrue(read(Codec.H264, "65 88"));
    assertFalse(payload.isKeyFrame(), "An IDR picture without its parameter sets.");
    assertTrue(read(Codec.H264, "78 0004 6742e01f 0002 68ce 0003 658801"));
    assertTrue(payload.isKeyFrame());
    assertTrue(read(Codec.H264, "7c 85 88"));
    assertFalse(payload.isKeyFrame());
    assertTrue(payload.isFrameStart());
    assertTrue(read(Codec.H264, "7c 87 88"));
    assertTrue(payload.isKeyFrame());
    assertTrue(read(Codec.H264, "7c 07 88"));
    assertFalse(payload.isKeyFrame() || payload.isFrameStart());
  }

  @Test
  void unitsOfH264AreHandedOn() {
    var units = new ArrayList<String>();
    var reader = new H264Payload();
    var bytes = hex("78 0004 6742e01f 0003 658801");
    assertTrue(
        reader.read(
            bytes,
            0,
            bytes.length,
            (header, in, at, length, first, last) ->
                units.add(
                    header
                        + " "
                        + HexFormat.of().formatHex(in, at, at + length)
                        + (first ? " first" : "")
                        + (last ? " last" : ""))));
    assertTrue(reader.has(H264Payload.IDR) && !reader.has(H264Payload.PPS));
    var fragment = hex("7c 45 aabb");
    assertTrue(
        reader.read(
            fragment,
            0,
            fragment.length,
            (header, _, at, length, first, last) ->
                units.add(header + " " + at + " " + length + " " + first + " " + last)));
    assertEquals(
        List.of("103 42e01f first last", "101 8801 first last", "101 2 2 false true"), units);
  }

  @Test
  void unitsOfAv1() {
    // N, W = 2: a sequence header of two bytes, then a frame with an extension.
    assertTrue(read(Codec.AV1, "28 02 0800 34 48 ff"));
    assertTrue(payload.isKeyFrame() && payload.isFrameStart());
    assertEquals(2, payload.temporalId());
    assertEquals(1, payload.spatialId());
    // The rest of a unit alone.
    assertTrue(read(Codec.AV1, "90 0a0b"));
    assertFalse(payload.isKeyFrame() || payload.isFrameStart());
    // W = 0: every element has its length.
    assertTrue(read(Codec.AV1, "00 02 3000 01 30"));
    assertFalse(payload.isKeyFrame());
  }

  @ParameterizedTest
  @CsvSource({
    "VP8, ''",
    "VP8, 90",
    "VP8, 9080",
    "VP8, 908080",
    "VP8, 90e08001",
    "VP8, 90e080010203",
    "VP9, ''",
    "VP9, 80",
    "VP9, 8080",
    "VP9, a00100",
    "VP9, f80540030303ff",
    "VP9, 0200",
    "VP9, 021000",
    "VP9, 0208ff00",
    "H264, ''",
    "H264, 00",
    "H264, 1e00",
    "H264, 7c85",
    "H264, 78",
    "H264, 780000",
    "H264, 78000567",
    "H264, 7800016700",
    "AV1, ''",
    "AV1, 00",
    "AV1, 880a",
    "AV1, 000530",
    "AV1, 00ffffffffff01",
    "RTX, 000000",
  })
  void whatIsMalformedIsRefused(Codec codec, String text) {
    assertFalse(read(codec, text));
  }

  @Test
  void redundantBlocksAreFound() {
    // Two old blocks of 960 and 1920 units, then the primary one.
    var bytes = hex("ef 1e0002 ef 0f0003 6f aabb ccddee 1122");
    var red = new RedView();
    assertTrue(red.wrap(bytes, 0, bytes.length));
    assertEquals(3, red.blocks());
    assertEquals(1920, red.timestampOffset(0));
    assertEquals(960, red.timestampOffset(1));
    assertEquals(2, red.length(0));
    assertEquals(11, red.start(1));
    assertEquals(111, red.payloadType(red.primary()));
    assertEquals(2, red.length(red.primary()));
    assertEquals(0x11, bytes[red.start(red.primary())]);
    var again = new byte[9];
    RedView.putHead(again, 0, 111, 1920, 2);
    RedView.putHead(again, 4, 111, 960, 3);
    RedView.putPrimaryHead(again, 8, 111);
    assertEquals("ef1e0002ef0f00036f", HexFormat.of().formatHex(again));
    for (var length = 0; length < 14; length++) {
      assertFalse(red.wrap(bytes, 0, length));
    }
    assertFalse(red.wrap(hex("80000000".repeat(20) + "00"), 0, 81));
  }

  @Test
  void codecsAreFoundByTheirName() {
    assertEquals(Codec.H264, Codec.of("h264", true).orElseThrow());
    assertEquals(Codec.RED_AUDIO, Codec.of("red", false).orElseThrow());
    assertTrue(Codec.of("red", true).isEmpty());
    assertTrue(Codec.of("opus", true).isEmpty());
  }
}
