package dev.parley.feature.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as its sender wants it. */
record NewMessage(
    MessageType type,
    String text,
    @Nullable String senderDisplayName,
    Map<String, String> metadata,
    List<Attachment> attachments) {}
