package dev.parley.protocol.mime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A message before it is written.
 *
 * @param messageId without angle brackets
 * @param plainText or empty text
 * @param html or empty text
 * @param headers further ones; names and values hold no line break
 */
public record MimeDraft(
    String messageId,
    Instant date,
    MimeAddress from,
    List<MimeAddress> to,
    List<MimeAddress> cc,
    List<MimeAddress> replyTo,
    String subject,
    String plainText,
    String html,
    List<MimeFile> files,
    Map<String, String> headers) {}
