package dev.parley.feature.sms.carrier;

import java.util.Arrays;
import java.util.Optional;

/** How a message ended, as {@code deliveryStatusDetails} of the service tells it. */
public enum DeliveryCode {
  DELIVERED(2000, "No Error"),
  FRAUD(4000, "Message is rejected due to fraud detection."),
  BAD_FROM(4001, "Invalid From number format."),
  BAD_TO(4002, "Invalid To number format."),
  UNSUPPORTED_DESTINATION(4003, "The destination is not supported."),
  NO_SUCH_NUMBER(4004, "The To number does not exist."),
  BLOCKED_BY_CARRIER(4005, "Message is blocked by the destination carrier."),
  UNREACHABLE(4006, "The To number is not reachable."),
  OPTED_OUT(4007, "Sender blocked for given recipient."),
  OVER_LIMIT(4008, "The limit of messages for the profile is exceeded."),
  FAILED(5000, "Message failed to be delivered."),
  TEMPORARY(5001, "Message failed to be delivered for a temporary reason."),
  TIMED_OUT(5002, "Message delivery timed out."),
  UNKNOWN(9999, "Message failed to be delivered for an unknown reason.");

  private final int number;
  private final String words;

  DeliveryCode(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** The service's number. */
  public int number() {
    return number;
  }

  /** Number and words, as reports show them. */
  public String details() {
    return number + ": " + words;
  }

  /** Whether the handset has the message. */
  public boolean delivered() {
    return this == DELIVERED;
  }

  /** The code of a number. */
  public static Optional<DeliveryCode> of(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }
}
