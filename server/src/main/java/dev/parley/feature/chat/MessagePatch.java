package dev.parley.feature.chat;

import java.util.List;
import java.util.Optional;

/** Changes of a message; what is empty stays. */
record MessagePatch(
    Optional<String> text,
    Optional<MetadataPatch> metadata,
    Optional<List<Attachment>> attachments) {}
