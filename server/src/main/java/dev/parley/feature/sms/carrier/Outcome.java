package dev.parley.feature.sms.carrier;

import java.time.Duration;
import java.util.List;

/**
 * What became of one submission. {@code carrierIds} are the carrier's ids of the segments it took,
 * in order from the submission's first.
 */
public sealed interface Outcome {
  List<String> carrierIds();

  /** All segments were taken. */
  record Accepted(List<String> carrierIds) implements Outcome {}

  /** A segment was refused for good. */
  record Refused(List<String> carrierIds, DeliveryCode code, String why) implements Outcome {}

  /** The next segment was certainly not taken, and may be later: throttled, full, not bound. */
  record Later(List<String> carrierIds, Duration pause, String why) implements Outcome {}

  /** The next segment was sent, and no answer came: the carrier may have it or not. */
  record Unknown(List<String> carrierIds, String why) implements Outcome {}
}
