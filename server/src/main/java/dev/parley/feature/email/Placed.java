package dev.parley.feature.email;

import dev.parley.base.blob.Blobs;
import dev.parley.protocol.mime.MimeWriter;
import java.util.Optional;

/**
 * Where the bytes of a message lie: in its row, or in a blob that is there already.
 *
 * @param size in bytes
 */
record Placed(Optional<byte[]> row, Optional<String> blob, long size) {
  /** Larger messages are blobs. */
  static final int ROW_BYTES_MAX = 64 << 10;

  /** Of a message that nobody is to get. */
  static Placed nowhere() {
    return new Placed(Optional.empty(), Optional.empty(), 0);
  }

  /** Puts down what is too large for a row; durable before the row that will name it. */
  static Placed of(NewMessage message, Blobs blobs) {
    return switch (message.content()) {
      case MessageContent.Written written when written.size() <= ROW_BYTES_MAX ->
          new Placed(Optional.of(written.joined()), Optional.empty(), written.size());
      case MessageContent.Written written -> blob(message, blobs, written::writeTo);
      case MessageContent.Draft draft ->
          blob(message, blobs, out -> MimeWriter.write(draft.draft(), out));
    };
  }

  private static Placed blob(NewMessage message, Blobs blobs, Blobs.Content content) {
    var key = message.key();
    // Two messages under one operation id must not take each other's bytes.
    var mark = message.bodyHash().replaceAll("[^A-Za-z0-9]", "").substring(0, 16);
    var name = "email/" + key.id() + "/" + mark;
    return new Placed(
        Optional.empty(), Optional.of(name), blobs.put(key.resource(), name, content));
  }
}
