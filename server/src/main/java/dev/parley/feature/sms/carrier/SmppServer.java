package dev.parley.feature.sms.carrier;

import dev.parley.base.kit.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jsmpp.DefaultPDUSender;
import org.jsmpp.PDUStringException;
import org.jsmpp.SMPPConstant;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.BindRequest;
import org.jsmpp.session.SMPPServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SMPP 3.4 server through which older applications submit. Listens on loopback unless the
 * settings say otherwise: the protocol sends its password in the clear.
 */
public final class SmppServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SmppServer.class);
  private static final int PDU_THREADS = 16;
  private static final int PDU_QUEUE = 1_000;
  private static final long BIND_MILLIS = 10_000;
  private static final int ENQUIRE_MILLIS = 30_000;
  private static final Duration LOOK = Duration.ofMillis(200);

  private final SubmitterConfig config;
  private final SubmitterDesk desk;
  private final Map<SMPPServerSession, SubmitterConfig.Account> bound = new ConcurrentHashMap<>();
  private final Set<SMPPServerSession> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;
  private @Nullable ServerSocket socket;

  public SmppServer(SubmitterConfig config, SubmitterDesk desk) {
    this.config = config;
    this.desk = desk;
  }

  /** Opens the port. */
  public void start() {
    try {
      var listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(new InetSocketAddress(InetAddress.getByName(config.bind()), config.port()));
      socket = listening;
      Thread.ofVirtual().name("smpp-server").start(() -> accept(listening));
      Thread.ofVirtual().name("smpp-server-receipts").start(this::deliver);
      log.info("the SMPP server listens on port {}", listening.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException("The SMPP server cannot listen on " + config.port(), e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    var listening = socket;
    return listening == null ? 0 : listening.getLocalPort();
  }

  private void accept(ServerSocket listening) {
    while (!closing) {
      try {
        var connection = listening.accept();
        if (open.size() >= config.sessionsMax()) {
          connection.close();
        } else {
          Thread.ofVirtual().name("smpp-server-bind").start(() -> serve(connection));
        }
      } catch (IOException e) {
        if (!closing) {
          log.warn("the SMPP server cannot accept: {}", e.toString());
        }
      }
    }
  }

  private void serve(Socket connection) {
    try {
      connection.setTcpNoDelay(true);
      var session =
          new SMPPServerSession(
              new SmppConnection(connection),
              (state, _, source) -> {
                if (state == SessionState.CLOSED && source instanceof SMPPServerSession ended) {
                  bound.remove(ended);
                  open.remove(ended);
                }
              },
              new SmppSubmits(desk, bound),
              null,
              PDU_THREADS,
              PDU_QUEUE,
              new DefaultPDUSender(),
              new BoundedPduReader());
      open.add(session);
      session.setEnquireLinkTimer(ENQUIRE_MILLIS);
      var request = session.waitForBind(BIND_MILLIS);
      var account = account(request);
      if (account == null) {
        log.warn("an application may not bind as \"{}\"", request.getSystemId());
        request.reject(SMPPConstant.STAT_ESME_RINVPASWD);
        session.unbindAndClose();
      } else {
        bound.put(session, account);
        request.accept("parley");
      }
    } catch (TimeoutException | IOException | PDUStringException | IllegalStateException e) {
      log.info("an SMPP connection did not bind: {}", e.toString());
      try {
        connection.close();
      } catch (IOException _) {
        // It is gone already.
      }
    }
  }

  private SubmitterConfig.@Nullable Account account(BindRequest request) {
    var account = config.accounts().get(request.getSystemId());
    var given = request.getPassword() == null ? "" : request.getPassword();
    return account != null
            && account.password().matches(Secret.of(given.getBytes(StandardCharsets.US_ASCII)))
        ? account
        : null;
  }

  /** Brings receipts to whoever is bound to receive them, and takes them off when answered. */
  private void deliver() {
    while (!closing) {
      try {
        for (var entry : bound.entrySet()) {
          if (entry.getKey().getSessionState().isReceivable()) {
            deliver(entry.getKey(), entry.getValue().systemId());
          }
        }
        Thread.sleep(LOOK);
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        log.error("receipts cannot be delivered now", e);
      }
    }
  }

  private void deliver(SMPPServerSession session, String systemId) {
    for (var receipt : desk.due(systemId, SmppReceipts.AT_ONCE)) {
      if (closing || !SmppReceipts.send(session, receipt)) {
        return;
      }
      desk.taken(systemId, receipt);
    }
  }

  @Override
  public void close() {
    closing = true;
    var listening = socket;
    try {
      if (listening != null) {
        listening.close();
      }
    } catch (IOException e) {
      log.warn("the SMPP server's socket cannot be closed", e);
    }
    open.forEach(SMPPServerSession::unbindAndClose);
  }
}
