/**
 * Control packets: reading a compound packet by telling a listener, and writing one into a byte
 * array, both without an object per packet. Pure: no socket, no clock.
 *
 * <p>Sources: RFC 3550 section 6 (reports), RFC 4585 (feedback), RFC 5104 (FIR), RFC 5506 (reduced
 * size), RFC 3611 (extended reports), draft-alvestrand-rmcat-remb-03 (REMB) and
 * draft-holmer-rmcat-transport-wide-cc-extensions-01 (transport-wide feedback). Read {@link
 * dev.parley.protocol.rtcp.RtcpReader} first.
 */
@NullMarked
package dev.parley.protocol.rtcp;

import org.jspecify.annotations.NullMarked;
