package dev.parley.feature.chat;

import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The small view of an image: scaled to fit a square. Formats that the JDK does not read, and
 * pictures that would take too much memory, are their own small view.
 */
final class SmallView {
  private static final int SIDE_MAX = 360;
  private static final long PIXELS_MAX = 40_000_000;

  private SmallView() {}

  static ChatImages.View of(ImageFormat format, byte[] bytes) {
    var original = new ChatImages.View(format.mediaType(), bytes);
    if (format == ImageFormat.HEIC || format == ImageFormat.WEBP) {
      return original;
    }
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      var readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw ChatProblems.badImage();
      }
      var reader = readers.next();
      try {
        return small(reader, in, format, original);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      // The decoders throw many kinds for broken pictures.
      throw ChatProblems.badImage().because("the picture cannot be read: " + e.getClass());
    }
  }

  private static ChatImages.View small(
      ImageReader reader, ImageInputStream in, ImageFormat format, ChatImages.View original)
      throws IOException {
    reader.setInput(in, true, true);
    var width = reader.getWidth(0);
    var height = reader.getHeight(0);
    var fits = width <= SIDE_MAX && height <= SIDE_MAX;
    if (fits || (long) width * height > PIXELS_MAX) {
      return original;
    }
    var picture = reader.read(0);
    var scale = Math.min((double) SIDE_MAX / width, (double) SIDE_MAX / height);
    var opaque = format == ImageFormat.JPEG;
    var scaled =
        new BufferedImage(
            Math.max(1, (int) Math.round(width * scale)),
            Math.max(1, (int) Math.round(height * scale)),
            opaque ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
    var graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture, 0, 0, scaled.getWidth(), scaled.getHeight(), null);
    graphics.dispose();
    var out = new ByteArrayOutputStream();
    var written = opaque ? ImageFormat.JPEG : ImageFormat.PNG;
    try (var stream = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(scaled, opaque ? "jpeg" : "png", stream);
    }
    return new ChatImages.View(written.mediaType(), out.toByteArray());
  }
}
