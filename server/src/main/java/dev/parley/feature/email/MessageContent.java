package dev.parley.feature.email;

import dev.parley.protocol.mime.MimeDraft;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** What a message says: its bytes at hand, or a draft to write where it is to be stored. */
sealed interface MessageContent {
  /**
   * Bytes with CRLF, in two arrays so that a large body is not copied.
   *
   * @param rest the message from {@code from} on stands behind the head
   */
  record Written(byte[] head, byte[] rest, int from) implements MessageContent {
    Written(byte[] raw) {
      this(raw, raw, raw.length);
    }

    int size() {
      return head.length + rest.length - from;
    }

    byte[] joined() {
      if (from == rest.length) {
        return head;
      }
      var all = Arrays.copyOf(head, size());
      System.arraycopy(rest, from, all, head.length, rest.length - from);
      return all;
    }

    void writeTo(OutputStream out) throws IOException {
      out.write(head);
      out.write(rest, from, rest.length - from);
    }
  }

  /** Too large to be in memory as a draft and as bytes. */
  record Draft(MimeDraft draft) implements MessageContent {}
}
