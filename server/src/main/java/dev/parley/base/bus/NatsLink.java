package dev.parley.base.bus;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to NATS: made when NATS is there, made again when it was away. What cannot be sent
 * now is dropped, since nobody depends on it. Safe on every thread; publishing waits for nothing.
 */
final class NatsLink implements ConnectionListener, ErrorListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NatsLink.class);
  private static final int WAITING_MESSAGES_MAX = 10_000;
  private static final long WAITING_BYTES_MAX = 4 << 20;
  private static final Duration RETRY = Duration.ofMillis(500);

  private final List<String> subjects;
  private final BiConsumer<String, byte[]> hearer;
  private final Runnable connected;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile @Nullable Connection connection;
  private volatile boolean closing;

  /**
   * Begins to connect.
   *
   * @param hearer of what other servers publish to the subjects, on a thread of NATS; must not
   *     block
   * @param connected called each time that messages may have been missed
   */
  NatsLink(
      NatsConfig config,
      List<String> subjects,
      BiConsumer<String, byte[]> hearer,
      Runnable connected) {
    this.subjects = subjects;
    this.hearer = hearer;
    this.connected = connected;
    var options =
        new Options.Builder()
            .servers(config.url().split(",", -1))
            .connectionName("parley")
            .noEcho()
            .maxReconnects(-1)
            .reconnectWait(RETRY)
            .reconnectBufferSize(0)
            .maxMessagesInOutgoingQueue(WAITING_MESSAGES_MAX)
            .discardMessagesWhenOutgoingQueueFull()
            .connectionListener(this)
            .errorListener(this);
    if (!config.user().isEmpty()) {
      options.userInfo(config.user().toCharArray(), config.password().toCharArray());
    }
    try {
      Nats.connectAsynchronously(options.build(), true);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void connectionEvent(Connection which, Events type) {
    connection = which;
    if (closing) {
      close();
      return;
    }
    switch (type) {
      case CONNECTED -> subscribe(which);
      case RECONNECTED -> {
        away.set(false);
        log.info("NATS is there again");
        subscribe(which);
        connected.run();
      }
      case DISCONNECTED -> {
        // Told once, however often it is tried.
        if (away.compareAndSet(false, true)) {
          log.warn("NATS is away; events of other servers come a little later");
        }
      }
      default -> log.debug("NATS: {}", type);
    }
  }

  /** Once: the client subscribes by itself when it is connected again. */
  private void subscribe(Connection which) {
    if (subscribed.compareAndSet(false, true)) {
      var dispatcher =
          which.createDispatcher(message -> hearer.accept(message.getSubject(), message.getData()));
      dispatcher.setPendingLimits(WAITING_MESSAGES_MAX, WAITING_BYTES_MAX);
      subjects.forEach(dispatcher::subscribe);
      connected.run();
    }
  }

  boolean isConnected() {
    var now = connection;
    return subscribed.get() && now != null && now.getStatus() == Connection.Status.CONNECTED;
  }

  void publish(String subject, byte[] message) {
    var now = connection;
    if (now == null || now.getStatus() != Connection.Status.CONNECTED) {
      return;
    }
    try {
      now.publish(subject, message);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // Closed meanwhile, or larger than that NATS takes.
      log.debug("not published", e);
    }
  }

  @Override
  public void errorOccurred(Connection which, String error) {
    log.warn("NATS says: {}", error);
  }

  @Override
  public void exceptionOccurred(Connection which, Exception problem) {
    log.debug("the connection to NATS failed", problem);
  }

  @Override
  public void slowConsumerDetected(Connection which, Consumer slow) {
    log.warn("messages of other servers are dropped, {} so far", slow.getDroppedCount());
  }

  @Override
  public void messageDiscarded(Connection which, Message message) {
    log.debug("NATS is too slow; a message was dropped");
  }

  @Override
  public void close() {
    closing = true;
    var now = connection;
    if (now != null) {
      try {
        now.close();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
