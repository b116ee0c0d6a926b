package dev.parley.feature.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files of the built pages. They are read at each request, so that pages built while the server
 * runs are there at once; safe on every thread.
 */
final class SampleFiles {
  /** Bytes of a file with its media type. */
  record SampleFile(String contentType, byte[] bytes) {}

  /** A plain name: no folder, nothing hidden, and a kind of file that pages are made of. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}\\.([a-z0-9]{2,5})");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "woff", "font/woff");

  /** The largest page is the UI library's, some megabytes. */
  private static final long BYTES_MAX = 64 << 20;

  private final Path folder;

  SampleFiles(Path folder) {
    this.folder = folder;
  }

  /** The file of that name; empty when there is none, or the name is none of a page's file. */
  Optional<SampleFile> read(String name) {
    var matcher = NAME.matcher(name);
    if (!matcher.matches() || !TYPES.containsKey(matcher.group(1))) {
      return Optional.empty();
    }
    var file = folder.resolve(name);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
        return Optional.empty();
      }
      return Optional.of(
          new SampleFile(TYPES.getOrDefault(matcher.group(1), ""), Files.readAllBytes(file)));
    } catch (NoSuchFileException _) {
      // A build has just taken it away to put a newer one there.
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
