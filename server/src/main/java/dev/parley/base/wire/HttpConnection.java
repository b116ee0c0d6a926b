package dev.parley.base.wire;

import dev.parley.base.words.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection: takes requests off it whole, one at a time and in order, and writes
 * their answers.
 *
 * <p>While a request is being answered nothing more is read, so a client that sends faster than it
 * is served waits in its own socket. All methods run on the connection's event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  private final Edge edge;
  private final Listener listener;
  private final boolean secure;
  private final HttpAnswers answers;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private @Nullable Deadline deadline;
  private @Nullable Receiving receiving;
  private boolean answering;

  HttpConnection(Edge edge, Listener listener, boolean secure) {
    this.edge = edge;
    this.listener = listener;
    this.secure = secure;
    this.answers = new HttpAnswers(edge, secure);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline = new Deadline(context, () -> timeOut(context));
    // The handshake and the first request come in this time.
    deadline.in(edge.config().requestTime());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (answering) {
      // Who asks on before he was answered is not read further. Others cost no change of interest.
      context.channel().config().setAutoRead(false);
      waiting.add(message);
    } else {
      take(context, message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    dropWaiting();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      // No TLS, a broken handshake, or more requests at once than the codec takes.
      log.debug("connection lost", cause);
    } else {
      log.warn("connection failed", cause);
    }
    context.close();
  }

  private void take(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpRequest head) {
        begin(context, head);
      }
      var current = receiving;
      if (message instanceof HttpContent content && current != null) {
        current.add(content.content());
        if (content.decoderResult().isFailure()) {
          // Netty ends a body whose chunks are broken as if it were whole.
          current.breakOff(problem(content.decoderResult().cause()));
        }
        if (content instanceof LastHttpContent) {
          answer(context, current);
        } else if (current.tooMuch()) {
          current.closeAfterwards();
          answer(context, current);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest head) {
    clock().in(edge.config().requestTime());
    var broken = head.decoderResult().cause();
    if (broken != null) {
      var refusal = problem(broken);
      var current = new Receiving(head, new Destination.Nowhere(refusal));
      current.breakOff(refusal);
      answer(context, current);
      return;
    }
    var destination = edge.dispatch().destination(head.method().name(), head.uri(), head.headers());
    var current = new Receiving(head, destination);
    receiving = current;
    if (HttpUtil.is100ContinueExpected(head)) {
      if (current.worthContinuing()) {
        context.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
      } else {
        // The client waits before it sends the body, so the answer can come first.
        current.closeAfterwards();
        answer(context, current);
      }
    }
  }

  private static Refusal problem(Throwable broken) {
    if (broken instanceof TooLongHttpLineException) {
      return Refusal.of(414, "RequestUriTooLong", "The request target is too long.");
    }
    if (broken instanceof TooLongFrameException) {
      return Refusal.of(431, "RequestHeadersTooLarge", "The request headers are too large.");
    }
    return WireProblems.badRequest("The request is not valid HTTP.")
        .because("the request could not be decoded: " + broken.getClass().getSimpleName());
  }

  private void answer(ChannelHandlerContext context, Receiving current) {
    receiving = null;
    answering = true;
    clock().off();
    var refusal = current.refusal();
    if (refusal.isPresent()) {
      write(context, current, edge.dispatch().refused(refusal.get()));
      return;
    }
    var inbound =
        current.inbound(
            listener,
            HttpServer.remoteAddress(context.channel()),
            HttpServer.localPort(context.channel()),
            secure);
    Thread.ofVirtual()
        .start(() -> {
          var exchange = edge.dispatch().answer(inbound);
          context.executor().execute(() -> write(context, current, exchange));
        });
  }

  private void write(ChannelHandlerContext context, Receiving current, Exchange exchange) {
    if (!context.channel().isActive()) {
      return;
    }
    switch (exchange.answer()) {
      case Upgrade upgrade -> upgrade(context, current, exchange, upgrade);
      case Streaming streaming -> stream(context, current, exchange, streaming);
      case Response response -> {
        var close =
            current.closing() || !HttpUtil.isKeepAlive(current.head()) || edge.draining().get();
        // Whoever does not take the answer in time is cut off.
        clock().in(edge.config().requestTime());
        var written =
            context.writeAndFlush(answers.encode(current.head(), exchange, response, close));
        if (current.closing()) {
          written.addListener(_ -> linger(context));
        } else if (close) {
          written.addListener(ChannelFutureListener.CLOSE);
        } else {
          written.addListener(done -> {
            if (done.isSuccess()) {
              next(context);
            } else {
              context.close();
            }
          });
        }
      }
    }
  }

  private void linger(ChannelHandlerContext context) {
    dropWaiting();
    clock().off();
    if (context.channel().isActive()) {
      context.pipeline().replace(this, "lingering", new Lingering());
    }
  }

  private void next(ChannelHandlerContext context) {
    answering = false;
    clock().in(edge.config().idleTime());
    while (!answering) {
      var message = waiting.poll();
      if (message == null) {
        if (edge.draining().get() && receiving == null) {
          context.close();
        } else {
          context.channel().config().setAutoRead(true);
        }
        return;
      }
      take(context, message);
    }
  }

  private void upgrade(
      ChannelHandlerContext context, Receiving current, Exchange exchange, Upgrade upgrade) {
    var refusal = WebSocketHandshake.refusal(current.head());
    if (refusal.isPresent()) {
      write(context, current, edge.dispatch().refused(refusal.get()));
      return;
    }
    dropWaiting();
    WebSocketHandshake.upgrade(context, this, edge, current.head(), exchange, upgrade);
  }

  private void stream(
      ChannelHandlerContext context, Receiving current, Exchange exchange, Streaming streaming) {
    dropWaiting();
    clock().off();
    context.writeAndFlush(answers.head(current.head(), exchange, streaming));
    context.pipeline().replace(this, "session", new StreamConnection(edge, exchange, streaming));
  }

  private void timeOut(ChannelHandlerContext context) {
    edge.metrics().timedOut();
    log.debug("connection of {} closed: too slow, or silent", context.channel().remoteAddress());
    context.close();
  }

  /** Whether it may be closed without harm when the server stops. */
  boolean idle() {
    return !answering && receiving == null;
  }

  private void dropWaiting() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  private Deadline clock() {
    if (deadline == null) {
      throw new IllegalStateException("The handler is not in a pipeline.");
    }
    return deadline;
  }

  /** The header that says how long the body is, as sent. */
  static long contentLength(HttpRequest head) {
    var text = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    try {
      return text == null ? -1 : Long.parseLong(text.strip());
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }
}
