/**
 * STUN as ICE uses it (RFC 8489, RFC 8445): reading binding requests where they lie, checking their
 * integrity, and writing the answers.
 *
 * <p>Pure: bytes in, bytes out. Read {@link dev.parley.protocol.stun.StunView} first.
 */
@NullMarked
package dev.parley.protocol.stun;

import org.jspecify.annotations.NullMarked;
