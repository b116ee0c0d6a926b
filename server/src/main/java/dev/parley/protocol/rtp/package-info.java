/**
 * Real-time packets as views on a byte array: the header and its extensions, retransmission and
 * redundancy, and what the payload of each codec says about key frames and layers. Pure: no socket,
 * no clock, and no object per packet.
 *
 * <p>Every reader is total: it answers whether the bytes are well formed and never reads outside of
 * the range that it was given. Sources: RFC 3550 (RTP), RFC 8285 (header extensions), RFC 4588
 * (RTX), RFC 2198 (RED), RFC 7741 (VP8), RFC 9628 (VP9), RFC 6184 (H.264), and the Alliance for
 * Open Media's RTP payload format for AV1 1.0. Read {@link dev.parley.protocol.rtp.RtpView} first.
 */
@NullMarked
package dev.parley.protocol.rtp;

import org.jspecify.annotations.NullMarked;
