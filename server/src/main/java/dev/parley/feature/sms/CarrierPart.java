package dev.parley.feature.sms;

/**
 * One segment that a carrier took.
 *
 * @param carrierId the carrier's id in our form, see {@link CarrierIds}
 * @param part from 0
 * @param state 0 on its way, 1 delivered, 2 failed
 */
record CarrierPart(String carrier, String carrierId, int part, int state) {
  static final int OPEN = 0;
  static final int DELIVERED = 1;
  static final int FAILED = 2;
}
