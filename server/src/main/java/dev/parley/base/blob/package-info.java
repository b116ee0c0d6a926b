/**
 * Large bytes (images, attachments, recordings), outside SQL: files today, object storage behind
 * the same port later.
 */
@NullMarked
package dev.parley.base.blob;

import org.jspecify.annotations.NullMarked;
