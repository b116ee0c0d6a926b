package dev.parley.feature.manage;

import dev.parley.base.blob.Blobs;
import dev.parley.base.kit.Fsync;
import dev.parley.base.kit.OwnerOnly;
import dev.parley.base.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Copies of everything, made while the server works: the store, the blobs, and the master key where
 * it is a file. A backup opens the secrets in it, so it must be kept like the data folder.
 */
public final class Backup {
  /** The store's part of a backup. */
  public static final String STORE = "store";

  /** The blobs' part. */
  public static final String BLOBS = "blobs";

  /** The master key; absent when the server gets it from a setting. */
  public static final String MASTER_KEY = "master.key";

  private final Store store;
  private final Blobs blobs;
  private final Path masterKey;

  /** Backups of these; {@code masterKey} need not be there. */
  public Backup(Store store, Blobs blobs, Path masterKey) {
    this.store = store;
    this.blobs = blobs;
    this.masterKey = masterKey;
  }

  /**
   * Writes a backup; the folder has its name only once it is whole.
   *
   * @throws dev.parley.base.words.Refusal 400 for a relative path, 409 when there is such a folder
   */
  void write(Path folder) {
    if (!folder.isAbsolute()) {
      throw ManageProblems.badFolder();
    }
    if (Files.exists(folder)) {
      throw ManageProblems.folderExists(folder);
    }
    var partial = folder.resolveSibling(folder.getFileName() + ".partial");
    try {
      OwnerOnly.folder(partial);
      // Rows name blobs, so the rows come first: no row of the copy is younger than its blob.
      store.backup(partial.resolve(STORE));
      blobs.copyTo(partial.resolve(BLOBS));
      if (Files.exists(masterKey)) {
        OwnerOnly.write(partial.resolve(MASTER_KEY), Files.readAllBytes(masterKey));
      }
      Fsync.folder(partial);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
      Fsync.folder(Fsync.folderOf(folder));
    } catch (IOException e) {
      throw new UncheckedIOException("The backup to " + folder + " failed.", e);
    }
  }
}
