package dev.parley.protocol.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** Whatever comes, the readers answer, and stay inside of the bytes that they were given. */
class RtpFuzzTest {
  private final long seed = new Random().nextLong();
  private final String message = "seed " + seed;
  private final Random random = new Random(seed);

  /** Random bytes, more often than not with a begin that leads deeper. */
  private byte[] bytes(int first) {
    var bytes = new byte[1 + random.nextInt(80)];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      bytes[0] = (byte) first;
    }
    return bytes;
  }

  @RepeatedTest(2)
  void packets() {
    System.out.println("RtpFuzzTest.packets " + message);
    var view = new RtpView();
    var writer = new RtpWriter();
    var out = new byte[300];
    var ids = new byte[256];
    random.nextBytes(ids);
    var sound = 0;
    for (var i = 0; i < 100_000; i++) {
      var bytes = bytes(0x80 | random.nextInt(64));
      if (bytes.length > 16 && random.nextBoolean()) {
        bytes[0] = (byte) 0x90;
        bytes[12] = (byte) (random.nextBoolean() ? 0xbe : 0x10);
        bytes[13] = (byte) (bytes[12] == 0x10 ? 0 : 0xde);
        bytes[14] = 0;
        bytes[15] &= 0x0f;
      }
      if (!view.wrap(bytes, 0, bytes.length)) {
        continue;
      }
      sound++;
      var end = view.offset() + view.length();
      assertTrue(view.payloadLength() >= 0 && view.payloadAt() >= 12, message);
      assertTrue(view.payloadAt() + view.payloadLength() + view.paddingLength() == end, message);
      for (var at = view.firstExtension(); at != RtpView.NONE; at = view.nextExtension(at)) {
        assertTrue(at + view.extensionLength(at) <= view.payloadAt(), message);
      }
      var twoByte = random.nextBoolean();
      var length =
          writer
              .begin(out, 0, 20 + random.nextInt(280), twoByte)
              .header(true, 1, 2, 3, 4)
              .extensions(view, ids)
              .payload(bytes, view.payloadAt(), view.payloadLength())
              .end();
      assertTrue(length == RtpWriter.FAILED || new RtpView().wrap(out, 0, length), message);
      Rtx.unwrap(view, 96, 1);
    }
    assertTrue(sound > 5_000, message);
  }

  @RepeatedTest(2)
  void payloads() {
    System.out.println("RtpFuzzTest.payloads " + message);
    var payload = new PayloadView();
    var red = new RedView();
    var h264 = new H264Payload();
    var descriptor = new DependencyDescriptor();
    var structure = DependencyStructure.NONE;
    var sound = 0;
    for (var i = 0; i < 100_000; i++) {
      var bytes = bytes(random.nextBoolean() ? 0x78 : 0x90);
      for (var codec : Codec.values()) {
        if (codec.isVideo() && payload.read(codec, bytes, 0, bytes.length)) {
          sound++;
          assertTrue(payload.temporalId() <= 7 && payload.spatialId() <= 7, message);
          if (codec == Codec.VP8) {
            payload.vp8().pictureId(payload.vp8().pictureId() + 1);
            payload.vp8().width();
          }
          if (codec == Codec.VP9) {
            payload.vp9().height(payload.vp9().spatialLayers() - 1);
          }
        }
      }
      h264.read(
          bytes,
          0,
          bytes.length,
          (_, in, at, length, _, _) ->
              assertTrue(length >= 0 && at + length <= in.length, message));
      if (red.wrap(bytes, 0, bytes.length)) {
        var last = red.primary();
        assertTrue(red.start(last) + red.length(last) == bytes.length, message);
      }
      if (bytes.length > 4 && random.nextBoolean()) {
        bytes[3] |= (byte) 0x80;
      }
      if (descriptor.read(bytes, 0, bytes.length, structure) && descriptor.carriesStructure()) {
        structure = descriptor.structure();
        structure.decodeTarget(random.nextInt(4), random.nextInt(8), random.nextInt());
      }
    }
    assertTrue(sound > 5_000, message);
  }
}
