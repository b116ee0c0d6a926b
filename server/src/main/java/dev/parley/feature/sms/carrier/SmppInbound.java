package dev.parley.feature.sms.carrier;

import dev.parley.protocol.sms.Concatenation;
import dev.parley.protocol.sms.Gsm7;
import dev.parley.protocol.sms.ReceiptText;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.AbstractSmCommand;
import org.jsmpp.bean.AlertNotification;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.OptionalParameter.Message_payload;
import org.jsmpp.bean.OptionalParameter.Message_state;
import org.jsmpp.bean.OptionalParameter.Receipted_message_id;
import org.jsmpp.bean.OptionalParameter.Sar_msg_ref_num;
import org.jsmpp.bean.OptionalParameter.Sar_segment_seqnum;
import org.jsmpp.bean.OptionalParameter.Sar_total_segments;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.MessageReceiverListener;
import org.jsmpp.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a carrier delivers on a bind: receipts and messages. The answer goes out when the delivery
 * is stored; what cannot be stored now is refused so that the carrier brings it again.
 */
final class SmppInbound implements MessageReceiverListener {
  private static final Logger log = LoggerFactory.getLogger(SmppInbound.class);
  private static final byte TON_INTERNATIONAL = 1;
  private static final byte TON_ALPHANUMERIC = 5;

  private final String carrier;
  private final CarrierListener listener;

  SmppInbound(String carrier, CarrierListener listener) {
    this.carrier = carrier;
    this.listener = listener;
  }

  @Override
  public void onAcceptDeliverSm(DeliverSm message) throws ProcessRequestException {
    try {
      if (message.isSmscDeliveryReceipt()
          || message.getOptionalParameter(Receipted_message_id.class) != null) {
        receipt(message);
      } else if (!listener.inbound(carrier, segment(message))) {
        log.warn("carrier {} brings a message to a number that nobody owns", carrier);
        throw new ProcessRequestException("nobody's number", SMPPConstant.STAT_ESME_RX_P_APPN);
      }
    } catch (RuntimeException e) {
      log.error("a delivery of carrier {} cannot be stored now", carrier, e);
      throw new ProcessRequestException("again later", SMPPConstant.STAT_ESME_RX_T_APPN, e);
    }
  }

  private void receipt(DeliverSm message) {
    var text = ReceiptText.read(new String(body(message), StandardCharsets.ISO_8859_1));
    var id =
        Optional.ofNullable(message.getOptionalParameter(Receipted_message_id.class))
            .map(OptionalParameter.COctetString::getValueAsString)
            .filter(value -> !value.isEmpty())
            .or(() -> text.map(ReceiptText::id));
    var code =
        Optional.ofNullable(message.getOptionalParameter(Message_state.class))
            .map(state -> (int) state.getValue())
            .map(SmppCodes::stateWord)
            .or(() -> text.map(ReceiptText::state))
            .flatMap(SmppCodes::ofState);
    if (id.isEmpty() || code.isEmpty()) {
      log.debug("carrier {} tells of a message that is still on its way, or of none", carrier);
      return;
    }
    var parties =
        Stream.of(message.getSourceAddr(), message.getDestAddress())
            .filter(party -> party != null && !party.isEmpty())
            .toList();
    if (!listener.receipt(carrier, new Receipt(id.get(), parties, code.get()))) {
      log.info("carrier {} sends a receipt for an id that is not known", carrier);
    }
  }

  private static InboundSegment segment(DeliverSm message) {
    var from = number(message.getSourceAddr(), message.getSourceAddrTon());
    var to = number(message.getDestAddress(), TON_INTERNATIONAL);
    var body = body(message);
    if (message.isUdhi()) {
      var segment = Concatenation.read(body);
      return new InboundSegment(
          from, to, text(segment.text(), message.getDataCoding()), segment.place());
    }
    return new InboundSegment(from, to, text(body, message.getDataCoding()), sar(message));
  }

  static Optional<Concatenation> sar(AbstractSmCommand message) {
    var reference = message.getOptionalParameter(Sar_msg_ref_num.class);
    var total = message.getOptionalParameter(Sar_total_segments.class);
    var sequence = message.getOptionalParameter(Sar_segment_seqnum.class);
    return reference == null || total == null || sequence == null
        ? Optional.empty()
        : Optional.of(
                new Concatenation(
                    reference.getValue() & 0xFFFF,
                    total.getValue() & 0xFF,
                    sequence.getValue() & 0xFF))
            .filter(Concatenation::plausible);
  }

  static byte[] body(org.jsmpp.bean.MessageRequest message) {
    var body = message.getShortMessage();
    var payload = message.getOptionalParameter(Message_payload.class);
    return (body == null || body.length == 0) && payload != null
        ? payload.getValue()
        : body == null ? new byte[0] : body;
  }

  /** A number with its plus; names and short codes as they are. */
  static String number(String address, byte ton) {
    var plain = address == null ? "" : address.strip();
    var digits = !plain.isEmpty() && plain.chars().allMatch(Character::isDigit);
    return digits && plain.length() > 6 && ton != TON_ALPHANUMERIC ? "+" + plain : plain;
  }

  /** Text by data_coding (3GPP TS 23.038 section 4). */
  static String text(byte[] body, byte dataCoding) {
    var coding = dataCoding & 0xFF;
    if (coding == 1 || coding == 3) {
      return new String(body, StandardCharsets.ISO_8859_1);
    }
    var ucs2 = coding < 0x80 ? (coding & 0x0C) == 0x08 : (coding & 0xF0) == 0xE0;
    return ucs2 ? utf16(body) : Gsm7.decode(body);
  }

  /** Unit by unit: a segment may end in the middle of an emoji. */
  private static String utf16(byte[] body) {
    var text = new StringBuilder(body.length / 2);
    for (var i = 0; i + 1 < body.length; i += 2) {
      text.append((char) (((body[i] & 0xFF) << 8) | (body[i + 1] & 0xFF)));
    }
    return text.toString();
  }

  @Override
  public void onAcceptAlertNotification(AlertNotification notification) {
    log.debug("carrier {} alerts", carrier);
  }

  @Override
  public DataSmResult onAcceptDataSm(DataSm message, Session source)
      throws ProcessRequestException {
    throw new ProcessRequestException("data_sm", SMPPConstant.STAT_ESME_RX_P_APPN);
  }
}
