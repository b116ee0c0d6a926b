/**
 * SRTP and SRTCP (RFC 3711, RFC 7714) on the ciphers of the Java platform, whose AES runs on the
 * processor's own instructions.
 *
 * <p>Pure: bytes in, bytes out. Read {@link dev.parley.protocol.srtp.SrtpSender} and {@link
 * dev.parley.protocol.srtp.SrtpReceiver}.
 */
@NullMarked
package dev.parley.protocol.srtp;

import org.jspecify.annotations.NullMarked;
