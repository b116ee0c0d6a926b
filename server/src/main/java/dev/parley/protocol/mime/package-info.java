/**
 * Internet messages (RFC 5322, MIME RFC 2045 to 2049, internationalised by RFC 6532): drafts to
 * bytes, and bytes to what a reader shows. Angus Mail does the work; nothing of it shows outside of
 * this package.
 */
@NullMarked
package dev.parley.protocol.mime;

import org.jspecify.annotations.NullMarked;
