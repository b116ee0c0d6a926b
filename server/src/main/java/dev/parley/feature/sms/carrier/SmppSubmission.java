package dev.parley.feature.sms.carrier;

import dev.parley.protocol.sms.Alphabet;
import dev.parley.protocol.sms.Concatenation;
import dev.parley.protocol.sms.SegmentedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jsmpp.InvalidResponseException;
import org.jsmpp.PDUException;
import org.jsmpp.bean.DataCodings;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.OptionalParameter.Message_payload;
import org.jsmpp.bean.OptionalParameter.Sar_msg_ref_num;
import org.jsmpp.bean.OptionalParameter.Sar_segment_seqnum;
import org.jsmpp.bean.OptionalParameter.Sar_total_segments;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.SMSCDeliveryReceipt;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ResponseTimeoutException;
import org.jsmpp.session.SMPPSession;

/** One message as the {@code submit_sm} PDUs that are left to send of it. */
final class SmppSubmission {
  private static final byte UDHI = 0x40;
  private static final byte UCS_2 = 0x08;

  private final SmppConfig config;
  private final Submission submission;
  private final SegmentedText text;
  private final boolean payload;

  SmppSubmission(SmppConfig config, Submission submission) {
    this.config = config;
    this.submission = submission;
    this.text = SegmentedText.of(submission.text());
    this.payload = config.longText() == SmppConfig.LongText.PAYLOAD && text.segments() > 1;
  }

  /** PDUs to send. */
  int count() {
    return payload ? 1 : text.segments() - submission.firstSegment();
  }

  /** Segments that a PDU holds. */
  int segmentsOf(int ignoredIndex) {
    return payload ? text.segments() : 1;
  }

  /** Sends one PDU and waits for its answer: the carrier's id. */
  String send(SMPPSession session, int index)
      throws PDUException,
          ResponseTimeoutException,
          InvalidResponseException,
          NegativeResponseException,
          IOException {
    var from = Address.of(submission.from());
    var to = Address.of(submission.to());
    var segment = submission.firstSegment() + index;
    var udh = config.longText() == SmppConfig.LongText.UDH && text.segments() > 1;
    return session
        .submitShortMessage(
            "",
            from.ton(),
            from.npi(),
            from.digits(),
            to.ton(),
            to.npi(),
            to.digits(),
            new ESMClass(udh ? UDHI : 0),
            (byte) 0,
            (byte) 0,
            null,
            validity(submission.expires()),
            new RegisteredDelivery(
                config.receipts()
                    ? SMSCDeliveryReceipt.SUCCESS_FAILURE
                    : SMSCDeliveryReceipt.DEFAULT),
            (byte) 0,
            DataCodings.newInstance(text.alphabet() == Alphabet.UCS_2 ? UCS_2 : 0),
            (byte) 0,
            payload ? new byte[0] : body(segment, udh),
            parameters(segment))
        .getMessageId();
  }

  private byte[] body(int segment, boolean udh) {
    var bytes = text.bytes(segment);
    return udh ? new Concatenation(reference(), text.segments(), segment + 1).with(bytes) : bytes;
  }

  private OptionalParameter[] parameters(int segment) {
    if (payload) {
      var all = new ByteArrayOutputStream();
      for (var i = 0; i < text.segments(); i++) {
        all.writeBytes(text.bytes(i));
      }
      return new OptionalParameter[] {new Message_payload(all.toByteArray())};
    }
    if (config.longText() == SmppConfig.LongText.SAR && text.segments() > 1) {
      return new OptionalParameter[] {
        new Sar_msg_ref_num((short) reference()),
        new Sar_total_segments((byte) text.segments()),
        new Sar_segment_seqnum((byte) (segment + 1))
      };
    }
    return new OptionalParameter[0];
  }

  /** The same for all segments, and after a restart. */
  private int reference() {
    return submission.messageId().hashCode() & 0xFF;
  }

  /** {@code validity_period} relative to now (SMPP 3.4 section 7.1.1.2). */
  private static String validity(Instant expires) {
    var left = Duration.between(Instant.now(), expires);
    var bounded = left.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : left;
    return "0000%02d%02d%02d%02d000R"
        .formatted(
            Math.min(bounded.toDays(), 30),
            bounded.toHoursPart(),
            bounded.toMinutesPart(),
            bounded.toSecondsPart());
  }

  /** An address as SMPP writes it. */
  private record Address(TypeOfNumber ton, NumberingPlanIndicator npi, String digits) {
    static Address of(String number) {
      if (number.startsWith("+")) {
        return new Address(
            TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, number.substring(1));
      }
      return number.chars().allMatch(Character::isDigit)
          ? new Address(TypeOfNumber.NETWORK_SPECIFIC, NumberingPlanIndicator.UNKNOWN, number)
          : new Address(TypeOfNumber.ALPHANUMERIC, NumberingPlanIndicator.UNKNOWN, number);
    }
  }
}
