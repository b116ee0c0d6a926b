package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.DependencyStructure;
import dev.parley.protocol.rtp.PayloadView;
import dev.parley.protocol.rtp.RtpView;
import dev.parley.protocol.rtp.RtpWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which layers of AV1 go out, by the dependency descriptor that Chromium 156 sends in L2T3_KEY. */
class DescribedLayersTest {
  private static final int ID = 12;

  /** Of a key frame: two picture sizes of three temporal layers, six decode targets, two chains. */
  private static final byte[] KEY =
      HexFormat.of()
          .parseHex(
              "c00001800514853aaaa8018004004002a02a0060010015d34514174d144c700874321651118543276809f8059813f80b38");

  /** One period after a key frame, a picture a row: the templates of its two frames. */
  private static final int[][] PICTURES = {{3, 8}, {2, 7}, {4, 9}, {1, 6}};

  private final PayloadView payload = new PayloadView();
  private LayerFilter filter = new LayerFilter(true);
  private DependencyStructure structure = DependencyStructure.NONE;
  private int number = 1;

  /** A frame in one packet; what goes out is "spatial.temporal", with "!" behind the last. */
  private String frame(byte[] descriptor) {
    var draft = new byte[200];
    // The rest of a frame's only unit, so that nothing but the descriptor says what it is.
    var length =
        new RtpWriter()
            .begin(draft, 0, draft.length, true)
            .header(false, 45, number, 0, 1)
            .extension(ID, descriptor, 0, descriptor.length)
            .payload(new byte[] {0x10, 0x32, 1}, 0, 3)
            .end();
    var packet = new RtpView();
    assertTrue(packet.wrap(draft, 0, length));
    assertTrue(payload.read(Codec.AV1, packet));
    payload.describe(packet, ID, structure, -1);
    assertTrue(payload.isDescribed());
    structure = payload.dependency().structure();
    if (!filter.takes(payload, Codec.AV1)) {
      return "";
    }
    var ends = filter.endsPicture(payload, Codec.AV1);
    return payload.spatialId() + "." + payload.temporalId() + (ends ? "!" : "");
  }

  private String frame(int template) {
    number++;
    return frame(new byte[] {(byte) (0xc0 | template), (byte) (number >> 8), (byte) number});
  }

  private List<String> key() {
    number = 1;
    return List.of(frame(KEY), frame(5));
  }

  /** What goes out of the pictures that follow. */
  private List<String> period() {
    var out = new ArrayList<String>();
    for (var picture : PICTURES) {
      for (var template : picture) {
        out.add(frame(template));
      }
    }
    out.removeIf(String::isEmpty);
    return out;
  }

  @Test
  void theLargePictureAloneGoesOutOnceItsKeyFrameWentOutWithTheSmallOne() {
    filter.begin();
    assertEquals(List.of("0.0", "1.0"), key());
    assertEquals(List.of("1.2", "1.1", "1.2", "1.0"), period());
  }

  @Test
  void aViewerWithoutTheDescriptorGetsTheSmallPictureAndItsEndIsMarked() {
    filter = new LayerFilter(false);
    filter.begin();
    assertEquals(List.of("0.0!", ""), key());
    assertEquals(List.of("0.2!", "0.1!", "0.2!", "0.0!"), period());
    filter.limit(LayerFilter.ALL, 0);
    assertEquals(List.of("0.0!"), period());
  }

  @Test
  void temporalLayersLeaveAtOnceAndComeBackWhereTheStreamSaysSo() {
    filter.begin();
    key();
    filter.limit(LayerFilter.ALL, 0);
    assertEquals(List.of("1.0!"), period());
    filter.limit(LayerFilter.ALL, 1);
    // Chromium calls the base layer's next picture the first one to change over at.
    assertEquals(List.of("1.0!"), period());
    assertEquals(List.of("1.1!", "1.0!"), period());
    filter.limit(LayerFilter.ALL, LayerFilter.ALL);
    assertEquals(List.of("1.1!", "1.2!", "1.0!"), period());
    assertEquals(List.of("1.2!", "1.1!", "1.2!", "1.0!"), period());
  }

  @Test
  void anotherPictureSizeBeginsWithAKeyFrame() {
    filter.limit(0, LayerFilter.ALL);
    filter.begin();
    assertEquals(List.of("0.0!", ""), key());
    filter.limit(1, LayerFilter.ALL);
    assertEquals(List.of("0.2!", "0.1!", "0.2!", "0.0!"), period());
    assertTrue(filter.waitsForKeyFrame());
    assertEquals(List.of("0.0", "1.0!"), key());
    assertEquals(List.of("1.2!", "1.1!", "1.2!", "1.0!"), period());
    filter.limit(0, LayerFilter.ALL);
    assertEquals(4, period().size(), "The large one goes on until the small one can begin.");
    assertTrue(filter.waitsForKeyFrame());
    assertEquals(List.of("0.0!", ""), key());
  }
}
