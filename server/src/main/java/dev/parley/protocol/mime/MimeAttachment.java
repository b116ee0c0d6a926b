package dev.parley.protocol.mime;

/**
 * A file that came along.
 *
 * @param contentId by which the HTML shows it ({@code cid:}), or empty text for a file beside the
 *     text
 */
public record MimeAttachment(String name, String mediaType, String contentId, byte[] bytes) {}
