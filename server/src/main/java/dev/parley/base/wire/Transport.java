package dev.parley.base.wire;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;

/**
 * The sockets and the TLS of this platform: epoll and BoringSSL where their libraries load and the
 * settings allow it, NIO and the JDK's TLS otherwise.
 *
 * @param loops threads that move bytes; no handler of ours blocks them
 */
record Transport(
    String name, EventLoopGroup loops, Class<? extends ServerChannel> server, SslProvider tls) {
  static Transport of(WireConfig config) {
    var threads = Runtime.getRuntime().availableProcessors();
    var tls = config.nativeTls() && OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    if (config.nativeTransport() && Epoll.isAvailable()) {
      return new Transport(
          "epoll, " + tls,
          new MultiThreadIoEventLoopGroup(threads, EpollIoHandler.newFactory()),
          EpollServerSocketChannel.class,
          tls);
    }
    return new Transport(
        "nio, " + tls,
        new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory()),
        NioServerSocketChannel.class,
        tls);
  }

  /** What a TLS listener needs; TLS 1.2 and 1.3. */
  SslContext sslContext(TlsMaterial material) {
    try {
      return SslContextBuilder.forServer(material.readKey(), material.readChain())
          .sslProvider(tls)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "The certificate "
              + material.certificateChain()
              + " or its key cannot be used: "
              + e.getMessage(),
          e);
    }
  }
}
