package dev.parley.base.wire;

import dev.parley.base.words.Caller;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that goes on. What the client sends meanwhile is dropped; the stream ends with the
 * caller's proof.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter implements Session {
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

  private final Edge edge;
  private final Exchange exchange;
  private final Streaming streaming;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable Deadline standstill;
  private volatile @Nullable Channel channel;
  private volatile @Nullable Outbox outbox;
  private volatile @Nullable Runnable end;

  StreamConnection(Edge edge, Exchange exchange, Streaming streaming) {
    this.edge = edge;
    this.exchange = exchange;
    this.streaming = streaming;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
    outbox =
        new Outbox(
            context,
            edge.rounds().of(context.channel().eventLoop()),
            PLAIN,
            edge.config().socketBytesMax(),
            this::cut);
    var patience = edge.config().idleTime().dividedBy(2);
    standstill = new Deadline(context, () -> lookAtReader(patience));
    standstill.in(patience);
    edge.open().add(this, exchange.checked());
    var left = Duration.between(Instant.now(), exchange.expires());
    if (left.compareTo(Duration.ofDays(2)) < 0) {
      context
          .executor()
          .schedule(
              () -> close(0, "The token has expired."),
              Math.max(0, left.toMillis()),
              TimeUnit.MILLISECONDS);
    }
    context.channel().config().setAutoRead(true);
    Thread.ofVirtual().start(this::open);
  }

  /** A reader that has stopped sends nothing that would tell; so it is seen by what it takes. */
  private void lookAtReader(Duration patience) {
    var box = outbox;
    if (box != null && box.stands()) {
      cut();
    } else if (standstill != null) {
      standstill.in(patience);
    }
  }

  private void open() {
    try {
      end = streaming.opened().apply(this);
    } catch (RuntimeException e) {
      log.error("{} failed, request {}", exchange.operation(), exchange.id(), e);
      close(0, "");
    }
    var open = channel;
    if (open == null || !open.isActive()) {
      finish();
    }
  }

  private void finish() {
    var last = end;
    if (last != null && ended.compareAndSet(false, true)) {
      last.run();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    edge.open().remove(this);
    finish();
    context.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    var box = outbox;
    if (box != null && context.channel().isWritable()) {
      box.write();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      log.debug("a stream failed, request {}", exchange.id(), cause);
    }
    context.close();
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
  public boolean queue(byte[]... pieces) {
    var box = outbox;
    var open = channel;
    return box != null && open != null && open.isActive() && !closing.get() && box.add(pieces);
  }

  @Override
  public void flush() {
    var box = outbox;
    if (box != null) {
      box.flush();
    }
  }

  @Override
  public int queuedBytes() {
    var box = outbox;
    return box == null ? 0 : box.queuedBytes();
  }

  private void cut() {
    var open = channel;
    if (open != null && closing.compareAndSet(false, true)) {
      edge.metrics().slowReaderCut();
      log.info("a slow reader of a stream was cut, request {}", exchange.id());
      open.close();
    }
  }

  @Override
  public void close(int status, String reason) {
    var open = channel;
    if (open != null && closing.compareAndSet(false, true)) {
      open.eventLoop()
          .execute(() -> {
            var box = outbox;
            if (box != null) {
              box.write();
            }
            open.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                .addListener(ChannelFutureListener.CLOSE);
          });
    }
  }
}
