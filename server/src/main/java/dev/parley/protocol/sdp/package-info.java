/**
 * Session descriptions: reading and writing them, and offer and answer as plain functions of what
 * the peer offers, what we can, and where we listen. Pure: text in, records out.
 *
 * <p>We are ICE-lite and the DTLS server, bundle everything on one transport and mux RTCP; a peer
 * that cannot do so is refused with a reason. Sources: RFC 8866 (SDP), RFC 8829 (JSEP), RFC 9143
 * (BUNDLE), RFC 8842 (DTLS), RFC 8839 (ICE), RFC 8853 (simulcast), RFC 8851 (rid), RFC 4588 (RTX),
 * RFC 8840 (trickle). Read {@link dev.parley.protocol.sdp.Answerer} first.
 */
@NullMarked
package dev.parley.protocol.sdp;

import org.jspecify.annotations.NullMarked;
