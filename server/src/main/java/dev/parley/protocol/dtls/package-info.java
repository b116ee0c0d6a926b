/**
 * DTLS 1.2 for SRTP keys (RFC 6347, RFC 5764), the server's side, by Bouncy Castle: nothing of that
 * library is seen outside of this room. Its handshake blocks, so it runs on virtual threads; bytes
 * come and go through {@link dev.parley.protocol.dtls.DtlsPipe}.
 */
@NullMarked
package dev.parley.protocol.dtls;

import org.jspecify.annotations.NullMarked;
