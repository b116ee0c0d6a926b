package dev.parley.base.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An answer that goes on. What the client sends meanwhile is dropped. */
final class StreamConnection extends OpenSession {
  private static final Logger log = LoggerFactory.getLogger(StreamConnection.class);

  /** Bytes of the answer as they are; the codec makes a chunk of each write. */
  private static final Outbox.Framing PLAIN =
      new Outbox.Framing() {
        @Override
        public int bytes(int length) {
          return length;
        }

        @Override
        public void begin(ByteBuf out, int length) {}

        @Override
        public void end(ByteBuf out) {}
      };

  private final Streaming streaming;
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable Deadline standstill;
  private volatile @Nullable Runnable end;

  StreamConnection(Edge edge, Exchange exchange, Streaming streaming) {
    super(edge, exchange, PLAIN);
    this.streaming = streaming;
  }

  @Override
  void begin(ChannelHandlerContext context) {
    var patience = edge().config().idleTime().dividedBy(2);
    standstill = new Deadline(context, () -> lookAtReader(patience));
    standstill.in(patience);
    context.channel().config().setAutoRead(true);
    Thread.ofVirtual().start(this::open);
  }

  /** A reader that has stopped sends nothing that would tell; so it is seen by what it takes. */
  private void lookAtReader(Duration patience) {
    if (standstill()) {
      cut();
    } else if (standstill != null) {
      standstill.in(patience);
    }
  }

  private void open() {
    try {
      end = streaming.opened().apply(this);
    } catch (RuntimeException e) {
      log.error("{} failed, request {}", exchange().operation(), exchange().id(), e);
      close(0, "");
    }
    if (!stands()) {
      gone();
    }
  }

  @Override
  void gone() {
    var last = end;
    if (last != null && ended.compareAndSet(false, true)) {
      last.run();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      log.debug("a stream failed, request {}", exchange().id(), cause);
    }
    context.close();
  }

  @Override
  void end(Channel open, int status, String reason) {
    open.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
  }
}
