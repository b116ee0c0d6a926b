/** Signatures over messages (DKIM, RFC 6376; Ed25519, RFC 8463): bytes in, header fields out. */
@NullMarked
package dev.parley.protocol.dkim;

import org.jspecify.annotations.NullMarked;
