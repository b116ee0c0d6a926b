package dev.parley.feature.sms;

/**
 * What a carrier's id stands for: a segment of a message, or all of it when the carrier cuts.
 *
 * @param carrierId in our form, see {@link CarrierIds}
 */
record PartPlace(SenderKey key, String messageId, String carrier, String carrierId) {}
