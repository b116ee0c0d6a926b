/** Mail transfer (SMTP, RFC 5321 with its extensions): lines in, records out. */
@NullMarked
package dev.parley.protocol.smtp;

import org.jspecify.annotations.NullMarked;
