package dev.parley.feature.sms.carrier;

import java.util.Optional;
import org.jsmpp.SMPPConstant;

/** SMPP's states and errors in the service's codes. */
final class SmppCodes {
  /** What a refusal of a submit asks for. */
  sealed interface Answer {
    /** Slow down, and try the same again. */
    record Throttled() implements Answer {}

    /** Not now; another carrier may do better. */
    record Later() implements Answer {}

    /** Never. */
    record Refused(DeliveryCode code) implements Answer {}
  }

  private SmppCodes() {}

  /** The word of a {@code message_state} (SMPP 3.4 section 5.2.28). */
  static String stateWord(int state) {
    return switch (state) {
      case 1 -> "ENROUTE";
      case 2 -> "DELIVRD";
      case 3 -> "EXPIRED";
      case 4 -> "DELETED";
      case 5 -> "UNDELIV";
      case 6 -> "ACCEPTD";
      case 8 -> "REJECTD";
      default -> "UNKNOWN";
    };
  }

  /** How a message ended; empty while it is on its way. */
  static Optional<DeliveryCode> ofState(String word) {
    return switch (word) {
      case "DELIVRD", "DELIVERED" -> Optional.of(DeliveryCode.DELIVERED);
      case "ACCEPTD", "ACCEPTED", "ENROUTE", "BUFFRED", "BUFFERED", "SCHEDULED" -> Optional.empty();
      case "UNDELIV" -> Optional.of(DeliveryCode.UNREACHABLE);
      case "EXPIRED" -> Optional.of(DeliveryCode.TIMED_OUT);
      case "REJECTD", "REJECTED" -> Optional.of(DeliveryCode.BLOCKED_BY_CARRIER);
      case "DELETED", "FAILED", "SKIPPED" -> Optional.of(DeliveryCode.FAILED);
      default -> Optional.of(DeliveryCode.UNKNOWN);
    };
  }

  /** What a {@code command_status} other than 0 means. */
  static Answer ofStatus(int status) {
    return switch (status) {
      case SMPPConstant.STAT_ESME_RTHROTTLED, SMPPConstant.STAT_ESME_RMSGQFUL ->
          new Answer.Throttled();
      case SMPPConstant.STAT_ESME_RSYSERR,
          SMPPConstant.STAT_ESME_RINVBNDSTS,
          SMPPConstant.STAT_ESME_RX_T_APPN ->
          new Answer.Later();
      case SMPPConstant.STAT_ESME_RINVSRCADR,
          SMPPConstant.STAT_ESME_RINVSRCTON,
          SMPPConstant.STAT_ESME_RINVSRCNPI ->
          new Answer.Refused(DeliveryCode.BAD_FROM);
      case SMPPConstant.STAT_ESME_RINVDSTADR,
          SMPPConstant.STAT_ESME_RINVDSTTON,
          SMPPConstant.STAT_ESME_RINVDSTNPI ->
          new Answer.Refused(DeliveryCode.BAD_TO);
      default -> new Answer.Refused(DeliveryCode.FAILED);
    };
  }
}
