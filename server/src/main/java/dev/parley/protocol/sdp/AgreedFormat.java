package dev.parley.protocol.sdp;

/**
 * A payload format that both sides take.
 *
 * @param format with the feedback that both sides know
 * @param repairPayloadType the type of its retransmissions, or {@link PayloadFormat#NONE}
 */
public record AgreedFormat(PayloadFormat format, int repairPayloadType) {}
