package dev.parley;

import dev.parley.base.blob.FileBlobs;
import dev.parley.base.kit.OwnerOnly;
import dev.parley.base.store.DataLock;
import dev.parley.base.store.Migration;
import dev.parley.base.store.PostgresRestore;
import dev.parley.feature.manage.Backup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The data folder: where each thing lies in it, whose it is now, and how a backup gets into it.
 *
 * @param path the folder, absolute
 */
record HouseFolder(Path path) {
  /** Where the launcher finds the running server. */
  private Path control() {
    return path.resolve("control");
  }

  /** Where a developer finds it. */
  private Path environment() {
    return path.resolve("dev.env");
  }

  Path database() {
    return path.resolve("parley.db");
  }

  Path masterKey() {
    return path.resolve(Backup.MASTER_KEY);
  }

  Path tls() {
    return path.resolve("tls");
  }

  /** Makes the folder and takes it, before anything in it is touched; closing gives it back. */
  AutoCloseable take() {
    try {
      OwnerOnly.folder(path);
      var lock = DataLock.take(path);
      // Whoever waits for these files must not read those of an earlier start.
      Files.deleteIfExists(environment());
      Files.deleteIfExists(control());
      return () -> {
        Files.deleteIfExists(control());
        lock.close();
      };
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder " + path + " cannot be made.", e);
    }
  }

  void writeControl(Map<String, String> values) {
    write(control(), values);
  }

  void writeEnvironment(Map<String, String> values) {
    write(environment(), values);
  }

  /** One {@code NAME=value} a line, for the owner only; the file is there whole or not at all. */
  private static void write(Path file, Map<String, String> values) {
    var text =
        values.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining());
    try {
      OwnerOnly.write(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ".", e);
    }
  }

  /**
   * Puts a backup where a server with these settings looks for its data.
   *
   * @throws IllegalStateException when something is there already
   */
  static void restore(HouseConfig config, List<Migration> migrations, Path backup) {
    var folder = config.folder();
    var store = backup.resolve(Backup.STORE);
    if (!Files.exists(store)) {
      throw new IllegalStateException(backup + " is no backup.");
    }
    if (Files.exists(folder.database())
        || Files.exists(config.blobs())
        || Files.exists(folder.masterKey())) {
      throw new IllegalStateException(
          folder.path() + " holds data already; a restore wants an empty folder.");
    }
    try {
      OwnerOnly.folder(folder.path());
      new FileBlobs(backup.resolve(Backup.BLOBS)).copyTo(config.blobs());
      if (Files.exists(backup.resolve(Backup.MASTER_KEY))) {
        OwnerOnly.write(folder.masterKey(), Files.readAllBytes(backup.resolve(Backup.MASTER_KEY)));
      }
      if (config.postgres().isPresent()) {
        PostgresRestore.restore(config.postgres().get(), migrations, store);
      } else {
        OwnerOnly.copy(store, folder.database());
      }
    } catch (IOException e) {
      throw new IllegalStateException("The backup cannot be restored: " + e.getMessage(), e);
    }
  }
}
