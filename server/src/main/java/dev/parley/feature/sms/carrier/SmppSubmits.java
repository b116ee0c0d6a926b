package dev.parley.feature.sms.carrier;

import dev.parley.protocol.sms.Concatenation;
import java.util.Map;
import java.util.Optional;
import org.jsmpp.PDUStringException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.BroadcastSm;
import org.jsmpp.bean.CancelBroadcastSm;
import org.jsmpp.bean.CancelSm;
import org.jsmpp.bean.DataSm;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.QueryBroadcastSm;
import org.jsmpp.bean.QuerySm;
import org.jsmpp.bean.ReplaceSm;
import org.jsmpp.bean.SubmitMulti;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.BroadcastSmResult;
import org.jsmpp.session.DataSmResult;
import org.jsmpp.session.QueryBroadcastSmResult;
import org.jsmpp.session.QuerySmResult;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.ServerMessageReceiverListener;
import org.jsmpp.session.Session;
import org.jsmpp.session.SubmitMultiResult;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What applications ask of the SMPP server: {@code submit_sm}, and nothing else. */
final class SmppSubmits implements ServerMessageReceiverListener {
  private static final Logger log = LoggerFactory.getLogger(SmppSubmits.class);
  private static final int RECEIPT_WANTED = 0x03;

  private final SubmitterDesk desk;
  private final Map<SMPPServerSession, SubmitterConfig.Account> bound;

  SmppSubmits(SubmitterDesk desk, Map<SMPPServerSession, SubmitterConfig.Account> bound) {
    this.desk = desk;
    this.bound = bound;
  }

  @Override
  public SubmitSmResult onAcceptSubmitSm(SubmitSm message, SMPPServerSession source)
      throws ProcessRequestException {
    var account = bound.get(source);
    if (account == null) {
      throw refused(SMPPConstant.STAT_ESME_RINVBNDSTS);
    }
    try {
      return switch (desk.submit(account, read(message))) {
        case SubmitterDesk.Answer.Taken(var id) ->
            new SubmitSmResult(new MessageId(id), new OptionalParameter[0]);
        case SubmitterDesk.Answer.BadFrom _ -> throw refused(SMPPConstant.STAT_ESME_RINVSRCADR);
        case SubmitterDesk.Answer.BadTo _ -> throw refused(SMPPConstant.STAT_ESME_RINVDSTADR);
        case SubmitterDesk.Answer.BadText _ -> throw refused(SMPPConstant.STAT_ESME_RINVMSGLEN);
      };
    } catch (PDUStringException | RuntimeException e) {
      log.error("a submitted message cannot be stored now", e);
      throw refused(SMPPConstant.STAT_ESME_RMSGQFUL);
    }
  }

  private static SubmitterDesk.Submit read(SubmitSm message) {
    var body = SmppInbound.body(message);
    Optional<Concatenation> place = SmppInbound.sar(message);
    if (message.isUdhi()) {
      var segment = Concatenation.read(body);
      body = segment.text();
      place = segment.place();
    }
    return new SubmitterDesk.Submit(
        SmppInbound.number(message.getSourceAddr(), message.getSourceAddrTon()),
        SmppInbound.number(message.getDestAddress(), message.getDestAddrTon()),
        SmppInbound.text(body, message.getDataCoding()),
        place,
        message.getPriorityFlag() > 0,
        (message.getRegisteredDelivery() & RECEIPT_WANTED) != 0);
  }

  private static ProcessRequestException refused(int status) {
    return new ProcessRequestException("refused", status);
  }

  private static ProcessRequestException unknown() {
    return refused(SMPPConstant.STAT_ESME_RINVCMDID);
  }

  @Override
  public SubmitMultiResult onAcceptSubmitMulti(SubmitMulti message, SMPPServerSession source)
      throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public QuerySmResult onAcceptQuerySm(QuerySm query, SMPPServerSession source)
      throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public void onAcceptReplaceSm(ReplaceSm message, SMPPServerSession source)
      throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public void onAcceptCancelSm(CancelSm message, SMPPServerSession source)
      throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public BroadcastSmResult onAcceptBroadcastSm(BroadcastSm message, SMPPServerSession source)
      throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public void onAcceptCancelBroadcastSm(CancelBroadcastSm message, SMPPServerSession source)
      throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public QueryBroadcastSmResult onAcceptQueryBroadcastSm(
      QueryBroadcastSm query, SMPPServerSession source) throws ProcessRequestException {
    throw unknown();
  }

  @Override
  public DataSmResult onAcceptDataSm(DataSm message, Session source)
      throws ProcessRequestException {
    throw unknown();
  }
}
