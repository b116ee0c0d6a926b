package dev.parley.base.blob;

import dev.parley.base.kit.Fsync;
import dev.parley.base.kit.OwnerOnly;
import dev.parley.base.words.ResourceId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Blobs as files, a folder per resource: written under another name, made durable, then renamed.
 */
public final class FileBlobs implements Blobs {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  /** Names of features never begin with a dot, so unfinished files are told apart. */
  private static final String UNFINISHED = ".unfinished-";

  private static final int BUFFER = 64 << 10;

  private final Path folder;

  public FileBlobs(Path folder) {
    this.folder = folder;
  }

  @Override
  public long put(ResourceId resource, String name, Content content) {
    var file = file(resource, name);
    var parent = Fsync.folderOf(file);
    var unfinished = parent.resolve(UNFINISHED + UUID.randomUUID());
    try {
      makeFolders(parent);
      write(unfinished, content);
      Fsync.file(unfinished);
      var size = Files.size(unfinished);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      Fsync.folder(parent);
      return size;
    } catch (IOException e) {
      throw new UncheckedIOException("The blob " + name + " cannot be stored.", e);
    }
  }

  private static void write(Path unfinished, Content content) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER)) {
      content.writeTo(out);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
  }

  /** New folders are durable in their parents before anything is put into them. */
  private void makeFolders(Path wanted) throws IOException {
    if (Files.isDirectory(wanted)) {
      return;
    }
    OwnerOnly.folder(wanted);
    for (var path = wanted; path.startsWith(folder); path = Fsync.folderOf(path)) {
      Fsync.folder(Fsync.folderOf(path));
    }
  }

  @Override
  public Optional<byte[]> get(ResourceId resource, String name) {
    try {
      return Optional.of(Files.readAllBytes(file(resource, name)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The blob " + name + " cannot be read.", e);
    }
  }

  @Override
  public Optional<InputStream> open(ResourceId resource, String name) throws IOException {
    try {
      return Optional.of(Files.newInputStream(file(resource, name)));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(ResourceId resource, String name) {
    try {
      Files.deleteIfExists(file(resource, name));
    } catch (IOException e) {
      throw new UncheckedIOException("The blob " + name + " cannot be deleted.", e);
    }
  }

  @Override
  public void deleteAll(ResourceId resource, String prefix) {
    var start = prefix.isEmpty() ? home(resource) : file(resource, trimmed(prefix));
    if (!Files.isDirectory(start)) {
      return;
    }
    try (var files = Files.walk(start)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The blobs below " + start + " cannot be deleted.", e);
    }
  }

  @Override
  public void copyAll(ResourceId from, ResourceId to) {
    copy(home(from), home(to));
  }

  @Override
  public void copyTo(Path target) {
    copy(folder, target);
  }

  private static void copy(Path source, Path target) {
    if (!Files.isDirectory(source)) {
      return;
    }
    try (var files = Files.walk(source)) {
      for (var file : files.toList()) {
        var copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          OwnerOnly.folder(copy);
        } else if (!file.getFileName().toString().startsWith(UNFINISHED)) {
          copied(file, copy);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The blobs cannot be copied.", e);
    }
  }

  private static void copied(Path file, Path copy) throws IOException {
    try {
      Files.copy(file, copy);
      Fsync.file(copy);
    } catch (NoSuchFileException _) {
      // Deleted meanwhile; so are the rows that named it, or will be.
    }
  }

  private static String trimmed(String prefix) {
    if (!prefix.endsWith("/")) {
      throw new IllegalArgumentException("A prefix ends with a slash: " + prefix);
    }
    return prefix.substring(0, prefix.length() - 1);
  }

  private Path home(ResourceId resource) {
    return folder.resolve(checked(resource.value()));
  }

  private Path file(ResourceId resource, String name) {
    var file = home(resource);
    for (var part : name.split("/", -1)) {
      file = file.resolve(checked(part));
    }
    return file;
  }

  /** Whatever a name is made of, it stays inside the folder. */
  private static String checked(String part) {
    if (!PART.matcher(part).matches()) {
      throw new IllegalArgumentException("No part of a blob's name: " + part);
    }
    return part;
  }
}
