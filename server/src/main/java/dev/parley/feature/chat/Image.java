package dev.parley.feature.chat;

import org.jspecify.annotations.Nullable;

/**
 * An inline image of a thread; its bytes are blobs.
 *
 * @param uploader raw id
 * @param name file name as given
 * @param smallType media type of the small view
 */
record Image(
    String id, String uploader, @Nullable String name, String mediaType, String smallType) {
  static final String ATTACHMENT_TYPE = "image";
}
