package dev.parley.feature.sms.carrier;

import dev.parley.base.wire.OutboundTcp;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jsmpp.DefaultPDUSender;
import org.jsmpp.bean.BindType;
import org.jsmpp.bean.InterfaceVersion;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.BindParameter;
import org.jsmpp.session.SMPPSession;

/**
 * One bound session. When it ends, whoever waits for an answer on it is woken: the library would
 * let them wait out their time.
 */
final class SmppLink {
  /** Receipts are answered when they are stored, so many are in work at the same time. */
  private static final int PDU_THREADS = 256;

  private static final int PDU_QUEUE = 10_000;
  private static final long BIND_MILLIS = 15_000;

  private final SMPPSession session;
  private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);

  private SmppLink(SMPPSession session) {
    this.session = session;
  }

  /** Connects and binds. */
  static SmppLink open(
      SmppConfig config, OutboundTcp outbound, BindType type, CarrierListener listener)
      throws IOException {
    var session =
        new SMPPSession(
            new DefaultPDUSender(), new BoundedPduReader(), new SmppSockets(config, outbound));
    session.setPduProcessorDegree(PDU_THREADS);
    session.setQueueCapacity(PDU_QUEUE);
    session.setEnquireLinkTimer(Math.toIntExact(config.enquireLink().toMillis()));
    session.setTransactionTimer(config.answerTimeout().toMillis());
    session.setMessageReceiverListener(new SmppInbound(config.name(), listener));
    var link = new SmppLink(session);
    session.addSessionStateListener((now, _, _) -> {
      if (now == SessionState.CLOSED || now == SessionState.UNBOUND) {
        link.end();
      }
    });
    try {
      session.connectAndBind(
          config.host(),
          config.port(),
          new BindParameter(
              type,
              config.systemId(),
              config.password(),
              config.systemType(),
              TypeOfNumber.UNKNOWN,
              NumberingPlanIndicator.UNKNOWN,
              "",
              InterfaceVersion.IF_34),
          BIND_MILLIS);
      return link;
    } catch (IOException | RuntimeException e) {
      session.unbindAndClose();
      throw e;
    }
  }

  private void end() {
    ended.countDown();
    waiting.forEach(Thread::interrupt);
  }

  SMPPSession session() {
    return session;
  }

  boolean bound() {
    return ended.getCount() > 0 && session.getSessionState().isBound();
  }

  /** Begins to wait for an answer; false when the link has ended. */
  boolean enter() {
    waiting.add(Thread.currentThread());
    return bound();
  }

  /** The wait is over; an interruption by the end of the link is not handed on. */
  void leave() {
    waiting.remove(Thread.currentThread());
    var _ = Thread.interrupted();
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  void close() {
    session.unbindAndClose();
    end();
  }
}
