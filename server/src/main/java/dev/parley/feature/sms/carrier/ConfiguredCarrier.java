package dev.parley.feature.sms.carrier;

/** A carrier that is what its settings say. */
interface ConfiguredCarrier extends Carrier {
  CarrierConfig config();

  @Override
  default String name() {
    return config().name();
  }

  @Override
  default int window() {
    return config().window();
  }

  @Override
  default int perSecond() {
    return config().perSecond();
  }

  @Override
  default boolean receipts() {
    return config().receipts();
  }
}
