package dev.parley.feature.email;

import dev.parley.protocol.mime.MimeDraft;

/** What a message says: its bytes at hand, or a draft to write where it is to be stored. */
sealed interface MessageContent {
  /** With CRLF. */
  record Written(byte[] raw) implements MessageContent {}

  /** Too large to be in memory as a draft and as bytes. */
  record Draft(MimeDraft draft) implements MessageContent {}
}
