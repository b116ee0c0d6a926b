/**
 * Short messages as bytes: the GSM 7-bit alphabet and UCS-2, cutting into segments, the user data
 * header that puts them together again, and the text of SMPP delivery receipts. Pure: bytes in,
 * records out.
 *
 * <p>Sources: 3GPP TS 23.038 (alphabets), 3GPP TS 23.040 section 9.2.3.24 (user data header), SMPP
 * 3.4 appendix B (receipts). Read {@link dev.parley.protocol.sms.SegmentedText} first.
 */
@NullMarked
package dev.parley.protocol.sms;

import org.jspecify.annotations.NullMarked;
