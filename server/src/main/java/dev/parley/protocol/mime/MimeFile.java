package dev.parley.protocol.mime;

import dev.parley.base.kit.ByteSource;

/**
 * A file that is to go along; its bytes are read when the draft is written.
 *
 * @param contentId by which the HTML shows it ({@code cid:}), or empty text for a file beside the
 *     text
 */
public record MimeFile(String name, String mediaType, String contentId, ByteSource content) {}
