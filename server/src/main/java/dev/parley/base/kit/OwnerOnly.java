package dev.parley.base.kit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and folders that only their owner may read, from their first moment on. */
public final class OwnerOnly {
  private OwnerOnly() {}

  /** Writes the text durably, whole or not at all; an older file of the name is replaced. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the bytes durably, whole or not at all; an older file of the name is replaced. */
  public static void write(Path file, byte[] bytes) throws IOException {
    var temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, attributes("rw-------"));
    Files.write(temporary, bytes, StandardOpenOption.WRITE);
    Fsync.file(temporary);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Fsync.folder(Fsync.folderOf(file));
  }

  /** Makes an empty file where there is none. */
  public static void file(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file, attributes("rw-------"));
    }
  }

  /** Copies a file of any size, durably. */
  public static void copy(Path source, Path target) throws IOException {
    Files.createFile(target, attributes("rw-------"));
    try (var from = FileChannel.open(source, StandardOpenOption.READ);
        var to = FileChannel.open(target, StandardOpenOption.WRITE)) {
      for (var at = 0L; at < from.size(); ) {
        at += from.transferTo(at, from.size() - at, to);
      }
      to.force(true);
    }
  }

  /** Makes the folder, with its parents, where it is not there. */
  public static void folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes("rwx------"));
    }
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
