package dev.parley.feature.sms.carrier;

/** Hears what carriers bring. */
public interface CarrierListener {
  /**
   * A receipt; returns when it is stored, so that the carrier may then forget it.
   *
   * @return whether it belongs to a message that we know
   */
  boolean receipt(String carrier, Receipt receipt);

  /**
   * A message from a handset; returns when it is stored.
   *
   * @return whether the number is anybody's
   */
  boolean inbound(String carrier, InboundSegment segment);

  /** The carrier became able to take messages. */
  void ready(String carrier);
}
