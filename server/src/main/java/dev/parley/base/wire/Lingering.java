package dev.parley.base.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection on which the client may still be sending: says that nothing more will come, and
 * drops what arrives for a while. Closing at once would reset the connection, and the reset would
 * take the answer away from the client (RFC 9112 section 9.6).
 */
final class Lingering extends ChannelInboundHandlerAdapter {
  private static final long SECONDS = 2;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var ssl = context.pipeline().get(SslHandler.class);
    if (ssl == null) {
      shutDown(context);
    } else {
      ssl.closeOutbound().addListener(_ -> shutDown(context));
    }
    context.channel().config().setAutoRead(true);
    context.executor().schedule(() -> context.close(), SECONDS, TimeUnit.SECONDS);
  }

  private static void shutDown(ChannelHandlerContext context) {
    if (context.channel() instanceof DuplexChannel channel) {
      channel.shutdownOutput();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
