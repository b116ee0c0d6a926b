package dev.parley.base.wire;

import dev.parley.base.words.Caller;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What outlives its request on a connection, whatever is spoken there: it has one outbox, cuts a
 * reader that is too slow for it, and ends with the caller's proof.
 */
abstract sealed class OpenSession extends ChannelInboundHandlerAdapter implements Session
    permits StreamConnection, WebSocketConnection {
  private static final Logger log = LoggerFactory.getLogger(OpenSession.class);
  private static final int POLICY_VIOLATION = 1008;

  /** Further away than the timer counts; a proof without an end is years away. */
  private static final Duration FAR = Duration.ofDays(2);

  private final Edge edge;
  private final Exchange exchange;
  private final Outbox.Framing framing;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile @Nullable Channel channel;
  private volatile @Nullable Outbox outbox;

  OpenSession(Edge edge, Exchange exchange, Outbox.Framing framing) {
    this.edge = edge;
    this.exchange = exchange;
    this.framing = framing;
  }

  /** The connection is the session's now. Event loop only, as are the next two. */
  abstract void begin(ChannelHandlerContext context);

  /** Says the last word, behind what was queued before, and closes. */
  abstract void end(Channel open, int status, String reason);

  /** The connection has gone. */
  abstract void gone();

  Edge edge() {
    return edge;
  }

  Exchange exchange() {
    return exchange;
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    outbox =
        new Outbox(
            context,
            edge.rounds().of(context.channel().eventLoop()),
            framing,
            edge.config().socketBytesMax(),
            this::cut);
    begin(context);
    var left = Duration.between(Instant.now(), exchange.expires());
    if (left.compareTo(FAR) < 0) {
      context
          .executor()
          .schedule(
              () -> close(POLICY_VIOLATION, "The token has expired."),
              Math.max(0, left.toMillis()),
              TimeUnit.MILLISECONDS);
    }
    // Last, since it may close the session.
    edge.open().add(this, exchange.checked());
  }

  @Override
  public final void channelInactive(ChannelHandlerContext context) {
    edge.open().remove(this);
    gone();
    context.fireChannelInactive();
  }

  @Override
  public final void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      write();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public Caller caller() {
    return exchange.caller();
  }

  @Override
  public String id() {
    return exchange.id();
  }

  /** Whether nothing more is taken or sent. */
  final boolean closing() {
    return closing.get();
  }

  /** Whether the connection still stands. */
  final boolean stands() {
    var open = channel;
    return open != null && open.isActive();
  }

  /** The box while something may still be put into it. */
  final @Nullable Outbox openBox() {
    return closing() || !stands() ? null : outbox;
  }

  /** Whether the reader has taken nothing of what waits since this was asked the last time. */
  final boolean standstill() {
    var box = outbox;
    return box != null && box.stands();
  }

  @Override
  public boolean queue(byte[]... pieces) {
    var box = openBox();
    return box != null && box.add(pieces);
  }

  @Override
  public void flush() {
    var box = outbox;
    if (box != null) {
      box.flush();
    }
  }

  private void write() {
    var box = outbox;
    if (box != null) {
      box.write();
    }
  }

  @Override
  public int queuedBytes() {
    var box = outbox;
    return box == null ? 0 : box.queuedBytes();
  }

  /** Without a last word: it would wait behind what the reader does not take. */
  final void cut() {
    var open = channel;
    if (open != null && closing.compareAndSet(false, true)) {
      edge.metrics().slowReaderCut();
      log.info("a slow reader was cut, {}, request {}", exchange.operation(), exchange.id());
      open.close();
    }
  }

  @Override
  public final void close(int status, String reason) {
    var open = channel;
    if (open != null && beginClosing()) {
      open.eventLoop()
          .execute(() -> {
            write();
            end(open, status, reason);
          });
    }
  }

  /** Whether this is the one who closes. */
  final boolean beginClosing() {
    return closing.compareAndSet(false, true);
  }
}
