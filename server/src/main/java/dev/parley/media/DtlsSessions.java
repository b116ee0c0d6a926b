package dev.parley.media;

import dev.parley.protocol.dtls.DtlsServer;
import dev.parley.protocol.dtls.DtlsSession;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handshakes on virtual threads, so that a worker never waits for one. Only so many run at a time;
 * a client beyond that sends its hello again a moment later.
 */
final class DtlsSessions {
  private static final Logger log = LoggerFactory.getLogger(DtlsSessions.class);

  private static final int TIMEOUT_MILLIS = 15_000;

  /** How often a silent connection is looked at; the goodbye itself comes at once. */
  private static final int ATTEND_MILLIS = 60_000;

  final AtomicLong failed = new AtomicLong();
  final AtomicLong postponed = new AtomicLong();
  private final DtlsServer server;
  private final Semaphore places;

  DtlsSessions(DtlsServer server, int handshakesMax) {
    this.server = server;
    places = new Semaphore(handshakesMax);
  }

  DtlsServer server() {
    return server;
  }

  /** A record of a peer whose address is proven; on its worker's thread. */
  void take(Peer peer, byte[] bytes, int length) {
    var inbox = peer.inbox();
    if (!inbox.attended) {
      if (!places.tryAcquire()) {
        postponed.incrementAndGet();
        return;
      }
      inbox.attended = true;
      Thread.ofVirtual().name("dtls").start(() -> attend(peer));
    }
    inbox.offer(bytes, length);
  }

  private void attend(Peer peer) {
    DtlsSession session;
    try {
      session = server.accept(peer.inbox(), peer.fingerprint(), TIMEOUT_MILLIS);
    } catch (IOException e) {
      failed.incrementAndGet();
      log.info("a DTLS handshake failed: {}", e.getMessage());
      close(peer, "the DTLS handshake failed");
      return;
    } finally {
      places.release();
    }
    peer.worker().run(() -> peer.secured(session));
    try {
      while (session.attend(ATTEND_MILLIS)) {
        if (peer.inbox().ended()) {
          return;
        }
      }
      close(peer, "left");
    } catch (IOException e) {
      close(peer, "the DTLS connection broke");
    } finally {
      // Whoever ended it: the client need not wait until its consent runs out.
      session.close();
    }
  }

  private static void close(Peer peer, String reason) {
    var _ = peer.worker().run(() -> peer.close(reason));
  }
}
