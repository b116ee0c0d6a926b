package dev.parley.feature.chat;

import org.jspecify.annotations.Nullable;

/**
 * An inline image of a message, uploaded before.
 *
 * @param attachmentType {@code image}
 */
record Attachment(String id, String attachmentType, @Nullable String name) {}
