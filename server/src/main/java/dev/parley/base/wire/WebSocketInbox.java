package dev.parley.base.wire;

import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages on their way from a socket to the one who hears it. A virtual thread runs while there
 * are any; reading stops while too many wait, so a peer that talks faster than it is heard waits in
 * its own socket.
 */
final class WebSocketInbox {
  private static final Logger log = LoggerFactory.getLogger(WebSocketInbox.class);
  private static final int WAITING_MAX = 64;

  /** The first and the last message. */
  private enum Mark {
    OPEN,
    END
  }

  private final Channel channel;
  private final Supplier<WebSocketHearer> opening;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private @Nullable WebSocketHearer hearer;
  private boolean running;
  private boolean paused;

  WebSocketInbox(Channel channel, Supplier<WebSocketHearer> opening) {
    this.channel = channel;
    this.opening = opening;
    add(Mark.OPEN);
  }

  /** Takes a short text; at once if it comes to that, without a thread or a copy of its own. */
  void ascii(byte[] message, int length) {
    lock.lock();
    try {
      var open = hearer;
      if (!running && open != null && open.atOnce(message, length)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    add(new String(message, 0, length, StandardCharsets.ISO_8859_1));
  }

  /** Takes a text or an array of bytes. */
  void add(Object message) {
    lock.lock();
    try {
      waiting.add(message);
      if (waiting.size() >= WAITING_MAX && !paused) {
        paused = true;
        channel.config().setAutoRead(false);
      }
      if (!running) {
        running = true;
        Thread.ofVirtual().start(this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  void end() {
    add(Mark.END);
  }

  private void run() {
    for (var message = next(); message != null; message = next()) {
      try {
        hear(message);
      } catch (RuntimeException e) {
        log.error("the hearer of a WebSocket failed", e);
        channel.close();
      }
    }
  }

  private @Nullable Object next() {
    lock.lock();
    try {
      var message = waiting.poll();
      running = message != null;
      if (paused && waiting.size() < WAITING_MAX / 2) {
        paused = false;
        channel.config().setAutoRead(true);
      }
      return message;
    } finally {
      lock.unlock();
    }
  }

  private void hear(Object message) {
    var open = hearer;
    if (open == null) {
      hearer = opening.get();
      return;
    }
    switch (message) {
      case Mark _ -> open.closed();
      case String text -> open.text(text);
      case byte[] bytes -> open.binary(bytes);
      default -> throw new IllegalArgumentException("No message: " + message.getClass());
    }
  }
}
