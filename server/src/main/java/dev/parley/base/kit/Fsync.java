package dev.parley.base.kit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes files and their names durable. */
public final class Fsync {
  private Fsync() {}

  /** The bytes of a file, and its entry in the folder. */
  public static void file(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    folder(folderOf(file));
  }

  /** The folder that a file lies in. */
  public static Path folderOf(Path file) {
    var folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " is no file.");
    }
    return folder;
  }

  /** The entries of a folder; not every platform can. */
  public static void folder(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (java.nio.file.AccessDeniedException _) {
      // Windows opens no folders; its names are durable with the file.
    }
  }
}
