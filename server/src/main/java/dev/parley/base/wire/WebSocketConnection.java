package dev.parley.base.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One WebSocket. A silent peer is pinged and then cut. */
final class WebSocketConnection extends OpenSession implements WebSocketSession {
  private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);
  private static final int TOO_LARGE = 1009;
  private static final int PROTOCOL_ERROR = 1002;
  private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

  private final Upgrade upgrade;
  private final Duration silenceMax;
  private @Nullable WebSocketInbox inbox;
  private @Nullable Deadline silence;
  private boolean pinged;

  WebSocketConnection(Edge edge, Exchange exchange, Upgrade upgrade) {
    super(edge, exchange, WebSocketFraming.TEXT);
    this.upgrade = upgrade;
    this.silenceMax = edge.config().idleTime().dividedBy(2);
  }

  @Override
  void begin(ChannelHandlerContext context) {
    edge().metrics().socketOpened();
    inbox = new WebSocketInbox(context.channel(), () -> upgrade.hearer().apply(this));
    silence = new Deadline(context, () -> silent(context));
    silence.in(silenceMax);
  }

  @Override
  void gone() {
    edge().metrics().socketClosed();
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

  /** A short text message, as {@link WebSocketHearer#atOnce} has it. Event loop only. */
  void heardAscii(byte[] text, int length) {
    notSilent();
    if (inbox != null && !closing()) {
      inbox.ascii(text, length);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    notSilent();
    try {
      switch (message) {
        case TextWebSocketFrame text -> heard(text.text());
        case BinaryWebSocketFrame binary -> heard(ByteBufUtil.getBytes(binary.content()));
        case PingWebSocketFrame ping ->
            context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
        case CloseWebSocketFrame close -> {
          if (beginClosing()) {
            context.writeAndFlush(close.retain()).addListener(ChannelFutureListener.CLOSE);
          } else {
            context.close();
          }
        }
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void heard(Object message) {
    if (inbox != null && !closing()) {
      inbox.add(message);
    }
  }

  private void silent(ChannelHandlerContext context) {
    if (pinged) {
      edge().metrics().timedOut();
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
  public boolean queuePatiently(byte[]... pieces) {
    var box = openBox();
    return box != null && box.addPatiently(pieces);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // What was answered while reading goes out at once and together.
    flush();
    context.fireChannelReadComplete();
  }

  @Override
  void end(Channel open, int status, String reason) {
    open.writeAndFlush(new CloseWebSocketFrame(status, reason));
    open.eventLoop().schedule(() -> open.close(), CLOSING_TIME.toMillis(), TimeUnit.MILLISECONDS);
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
        log.warn("a WebSocket failed, request {}", exchange().id(), cause);
        context.close();
      }
    }
  }
}
