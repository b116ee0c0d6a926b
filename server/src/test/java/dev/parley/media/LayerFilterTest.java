package dev.parley.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.protocol.rtp.Codec;
import dev.parley.protocol.rtp.PayloadView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which layers of VP9 go out, and where the picture ends then. */
class LayerFilterTest {
  private final LayerFilter filter = new LayerFilter(true);
  private final PayloadView payload = new PayloadView();

  /**
   * A layer frame in one packet, of three spatial layers; what goes out is "s.t", with "!" behind
   * the last.
   */
  private String frame(int spatial, int temporal, boolean key, boolean switches) {
    var predicted = !key;
    var bytes =
        new byte[] {
          // RFC 9628: a picture id, predicted or not, layers, begin and end of the frame.
          (byte) (0x80 | (predicted ? 0x40 : 0) | 0x20 | 0x08 | 0x04),
          7,
          (byte) (temporal << 5 | (switches ? 0x10 : 0) | spatial << 1 | (spatial > 0 ? 1 : 0)),
          9,
          1
        };
    assertTrue(payload.read(Codec.VP9, bytes, 0, bytes.length));
    if (key && spatial == 0) {
      assertTrue(payload.isKeyFrame());
    }
    if (!filter.takes(payload, Codec.VP9)) {
      return "";
    }
    return spatial + "." + temporal + (filter.endsPicture(payload, Codec.VP9) ? "!" : "");
  }

  private List<String> picture(int temporal, boolean key, boolean switches) {
    var out = new ArrayList<String>();
    for (var spatial = 0; spatial < 3; spatial++) {
      out.add(frame(spatial, temporal, key, switches));
    }
    return out;
  }

  private List<String> picture(int temporal) {
    return picture(temporal, false, false);
  }

  @Test
  void everythingGoesOutWithoutALimit() {
    filter.begin();
    assertEquals(List.of("0.0", "1.0", "2.0"), picture(0, true, true));
    assertEquals(List.of("0.2", "1.2", "2.2"), picture(2));
  }

  @Test
  void spatialLayersLeaveAtOnceAndComeBackWithAKeyFrame() {
    filter.begin();
    picture(0, true, true);
    filter.limit(1, LayerFilter.ALL);
    assertEquals(List.of("0.0", "1.0!", ""), picture(0));
    filter.limit(0, LayerFilter.ALL);
    assertEquals(List.of("0.1!", "", ""), picture(1));
    assertFalse(filter.waitsForKeyFrame());
    filter.limit(2, LayerFilter.ALL);
    assertEquals(List.of("0.0!", "", ""), picture(0));
    assertTrue(filter.waitsForKeyFrame());
    assertEquals(List.of("0.0", "1.0", "2.0!"), picture(0, true, true));
    assertFalse(filter.waitsForKeyFrame());
  }

  @Test
  void temporalLayersLeaveAtOnceAndComeBackWhereTheStreamSaysSo() {
    filter.limit(0, 0);
    filter.begin();
    assertEquals("0.0!", frame(0, 0, true, true));
    assertEquals("", frame(0, 2, false, true));
    filter.limit(0, 2);
    assertEquals("", frame(0, 2, false, false), "It may refer to frames that were not sent.");
    assertEquals("0.1!", frame(0, 1, false, true));
    assertEquals("", frame(0, 2, false, false));
    assertEquals("0.2!", frame(0, 2, false, true));
    filter.limit(0, 1);
    assertEquals("", frame(0, 2, false, true));
    assertEquals("0.1!", frame(0, 1, false, false));
  }
}
