package dev.parley.base.blob;

import dev.parley.base.words.ResourceId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Large bytes by resource and name. A name is chosen by the feature: letters, digits, {@code . _ -}
 * and slashes between parts.
 */
public interface Blobs {
  /**
   * Stores the bytes durably under the name; returns after fsync. The same name again replaces it
   * whole.
   */
  default void put(ResourceId resource, String name, byte[] bytes) {
    put(resource, name, out -> out.write(bytes));
  }

  /**
   * Stores what is written into the stream, as {@link #put(ResourceId, String, byte[])} does;
   * nothing is stored when the content throws.
   *
   * @return how many bytes there are
   */
  long put(ResourceId resource, String name, Content content);

  /** Bytes that need not be in memory whole. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The bytes, if they are there. */
  Optional<byte[]> get(ResourceId resource, String name);

  /** The bytes as a stream, if they are there; the caller closes it. */
  Optional<InputStream> open(ResourceId resource, String name) throws IOException;

  /** Removes it; nothing happens when it is not there. */
  void delete(ResourceId resource, String name);

  /**
   * Removes everything of the resource below a prefix that ends with a slash, or everything for
   * empty text.
   */
  void deleteAll(ResourceId resource, String prefix);

  /**
   * Copies everything that one resource has to another; what is deleted meanwhile may be missing.
   */
  void copyAll(ResourceId from, ResourceId to);

  /** Copies everything to a new folder; what is deleted meanwhile may be missing there. */
  void copyTo(Path folder);
}
