/**
 * What ICE says in words (RFC 8445, RFC 8839): credentials and candidates; and how packets are
 * framed on TCP (RFC 4571). Parley is an ICE-lite side: it answers checks and sends none.
 */
@NullMarked
package dev.parley.protocol.ice;

import org.jspecify.annotations.NullMarked;
