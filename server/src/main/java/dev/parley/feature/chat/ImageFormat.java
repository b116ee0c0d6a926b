package dev.parley.feature.chat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Image formats of the contract, told by the first bytes and by nothing that the client says. */
enum ImageFormat {
  JPEG("image/jpeg"),
  PNG("image/png"),
  GIF("image/gif"),
  HEIC("image/heic"),
  WEBP("image/webp");

  private final String mediaType;

  ImageFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  static Optional<ImageFormat> of(byte[] bytes) {
    if (bytes.length < 12) {
      return Optional.empty();
    }
    if ((bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8 && (bytes[2] & 0xff) == 0xff) {
      return Optional.of(JPEG);
    }
    if ((bytes[0] & 0xff) == 0x89 && text(bytes, 1, 4).equals("PNG")) {
      return Optional.of(PNG);
    }
    if (text(bytes, 0, 4).equals("GIF8")) {
      return Optional.of(GIF);
    }
    if (text(bytes, 0, 4).equals("RIFF") && text(bytes, 8, 12).equals("WEBP")) {
      return Optional.of(WEBP);
    }
    var brand = text(bytes, 8, 12);
    if (text(bytes, 4, 8).equals("ftyp")
        && (brand.startsWith("hei") || brand.startsWith("hev") || brand.equals("mif1"))) {
      return Optional.of(HEIC);
    }
    return Optional.empty();
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.ISO_8859_1);
  }
}
