package dev.parley.base.wire;

import dev.parley.base.words.Caller;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket. A silent peer is pinged and then cut; a slow reader is cut when too much is queued
 * for it; the session ends with the caller's proof.
 */
final class WebSocketConnection extends SimpleChannelInboundHandler<WebSocketFrame>
    implements WebSocketSession {
  private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);
  private static final int TOO_LARGE = 1009;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int POLICY_VIOLATION = 1008;
  private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

  private final Edge edge;
  private final Exchange exchange;
  private final Upgrade upgrade;
  private final Duration silenceMax;
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile @Nullable Channel channel;
  private volatile @Nullable Outbox outbox;
  private @Nullable WebSocketInbox inbox;
  private @Nullable Deadline silence;
  private boolean pinged;

  WebSocketConnection(Edge edge, Exchange exchange, Upgrade upgrade) {
    this.edge = edge;
    this.exchange = exchange;
    this.upgrade = upgrade;
    this.silenceMax = edge.config().idleTime().dividedBy(2);
  }

  @Override
  public Caller caller() {
    return exchange.caller();
  }

  @Override
  public String id() {
    return exchange.id();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    outbox =
        new Outbox(
            context,
            edge.rounds().of(context.channel().eventLoop()),
            WebSocketFraming.TEXT,
            edge.config().socketBytesMax(),
            () -> cut(context.channel()));
    edge.metrics().socketOpened();
    inbox = new WebSocketInbox(context.channel(), () -> upgrade.hearer().apply(this));
    silence = new Deadline(context, () -> silent(context));
    silence.in(silenceMax);
    var left = Duration.between(Instant.now(), exchange.expires());
    // A proof without an end is years away, further than the timer counts.
    if (left.compareTo(Duration.ofDays(2)) < 0) {
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
  public void channelInactive(ChannelHandlerContext context) {
    edge.open().remove(this);
    edge.metrics().socketClosed();
    if (inbox != null) {
      inbox.end();
    }
  }

  /** The peer is there. */
  private void notSilent() {
    pinged = false;
    if (silence != null) {
      silence.in(silenceMax);
    }
  }

  /** A text message, whole. Event loop only. */
  void heardText(String text) {
    notSilent();
    if (inbox != null && !closing.get()) {
      inbox.text(text);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    notSilent();
    switch (frame) {
      case TextWebSocketFrame text -> heardText(text.text());
      case BinaryWebSocketFrame binary -> heard(ByteBufUtil.getBytes(binary.content()));
      case PingWebSocketFrame ping ->
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case CloseWebSocketFrame close -> {
        if (closing.compareAndSet(false, true)) {
          context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
        } else {
          context.close();
        }
      }
      default -> {}
    }
  }

  private void heard(Object message) {
    if (inbox != null && !closing.get()) {
      inbox.add(message);
    }
  }

  private void silent(ChannelHandlerContext context) {
    if (pinged) {
      edge.metrics().timedOut();
      context.close();
      return;
    }
    pinged = true;
    context.writeAndFlush(new PingWebSocketFrame());
    if (silence != null) {
      silence.in(silenceMax);
    }
  }

  @Override
  public boolean send(String text) {
    var queued = queue(text.getBytes(StandardCharsets.UTF_8));
    flush();
    return queued;
  }

  @Override
  public boolean queue(byte[]... pieces) {
    var open = channel;
    var box = outbox;
    return box != null && open != null && !closing.get() && open.isActive() && box.add(pieces);
  }

  @Override
  public boolean queuePatiently(byte[]... pieces) {
    var open = channel;
    var box = outbox;
    return box != null
        && open != null
        && !closing.get()
        && open.isActive()
        && box.addPatiently(pieces);
  }

  @Override
  public int queuedBytes() {
    var box = outbox;
    return box == null ? 0 : box.queuedBytes();
  }

  @Override
  public void flush() {
    var box = outbox;
    if (box != null) {
      box.flush();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // What was answered while reading goes out at once and together.
    flush();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    var box = outbox;
    if (box != null && context.channel().isWritable()) {
      box.write();
    }
    context.fireChannelWritabilityChanged();
  }

  /** No close frame: it would wait behind what the reader does not take. */
  private void cut(Channel open) {
    if (closing.compareAndSet(false, true)) {
      edge.metrics().slowReaderCut();
      log.info("a slow reader of a WebSocket was cut, request {}", exchange.id());
      open.close();
    }
  }

  @Override
  public void close(int status, String reason) {
    var open = channel;
    if (open != null && closing.compareAndSet(false, true)) {
      // Behind what was queued before it.
      open.eventLoop()
          .execute(() -> {
            var box = outbox;
            if (box != null) {
              box.write();
            }
            open.writeAndFlush(new CloseWebSocketFrame(status, reason));
          });
      open.eventLoop().schedule(() -> open.close(), CLOSING_TIME.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    switch (cause) {
      case TooLongFrameException _ -> close(TOO_LARGE, "The message is too large.");
      case CorruptedWebSocketFrameException broken ->
          close(broken.closeStatus().code(), "The frame is malformed.");
      case CorruptedFrameException _ -> close(PROTOCOL_ERROR, "The frame is malformed.");
      // The peer went away, perhaps in the middle of a message.
      case IOException _ -> context.close();
      case PrematureChannelClosureException _ -> context.close();
      default -> {
        log.warn("a WebSocket failed, request {}", exchange.id(), cause);
        context.close();
      }
    }
  }
}
