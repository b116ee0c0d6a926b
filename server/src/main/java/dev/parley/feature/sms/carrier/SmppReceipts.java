package dev.parley.feature.sms.carrier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.SMPPServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivery receipts as the SMPP server sends them (SMPP 3.4 appendix B and section 5.3.2.12). */
final class SmppReceipts {
  static final int AT_ONCE = 100;
  private static final Logger log = LoggerFactory.getLogger(SmppReceipts.class);
  private static final byte DELIVERY_RECEIPT = 0x04;

  /** Not the default alphabet, whose underscore is another byte. */
  private static final byte LATIN_1 = 0x03;

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyMMddHHmm").withZone(ZoneOffset.UTC);

  private SmppReceipts() {}

  /** Whether the application has answered that it has it. */
  static boolean send(SMPPServerSession session, SubmitterDesk.Due due) {
    try {
      session.deliverShortMessage(
          "",
          ton(due.to()),
          NumberingPlanIndicator.ISDN,
          digits(due.to()),
          ton(due.from()),
          NumberingPlanIndicator.ISDN,
          digits(due.from()),
          new ESMClass(DELIVERY_RECEIPT),
          (byte) 0,
          (byte) 0,
          new RegisteredDelivery(0),
          DataCodings.newInstance(LATIN_1),
          text(due).getBytes(StandardCharsets.US_ASCII),
          new OptionalParameter.Receipted_message_id(due.messageId()),
          new OptionalParameter.Message_state((byte) (due.code().delivered() ? 2 : 5)));
      return true;
    } catch (PDUException
        | ResponseTimeoutException
        | InvalidResponseException
        | NegativeResponseException
        | IOException e) {
      log.info("a receipt could not be brought to an application: {}", e.toString());
      return false;
    }
  }

  private static String text(SubmitterDesk.Due due) {
    var delivered = due.code().delivered();
    return "id:%s sub:001 dlvrd:%s submit date:%s done date:%s stat:%s err:%03d text:"
        .formatted(
            due.messageId(),
            delivered ? "001" : "000",
            minute(due.accepted()),
            minute(due.done()),
            state(due.code()),
            delivered ? 0 : due.code().number() % 1_000);
  }

  private static String state(DeliveryCode code) {
    return switch (code) {
      case DELIVERED -> "DELIVRD";
      case TIMED_OUT -> "EXPIRED";
      case OPTED_OUT, BLOCKED_BY_CARRIER, FRAUD -> "REJECTD";
      default -> "UNDELIV";
    };
  }

  private static String minute(Instant instant) {
    return MINUTE.format(instant);
  }

  private static TypeOfNumber ton(String number) {
    return number.startsWith("+") ? TypeOfNumber.INTERNATIONAL : TypeOfNumber.ALPHANUMERIC;
  }

  private static String digits(String number) {
    return number.startsWith("+") ? number.substring(1) : number;
  }
}
