package dev.parley.base.wire;

import dev.parley.base.kit.Secret;
import dev.parley.base.words.ResourceDirectory;
import dev.parley.base.words.ResourceId;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edge: listens for HTTPS, WebSockets and, on loopback, plain HTTP; hands requests that pass
 * the checks to their routes' handlers, each on a virtual thread.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final int GOING_AWAY = 1001;
  private static final int BACKLOG = 4096;

  private final WireConfig config;
  private final Transport transport;
  private final SslContext ssl;
  private final Edge edge;
  private final Map<ResourceId, Channel> own = new ConcurrentHashMap<>();
  private @Nullable Channel main;
  private @Nullable Channel plain;
  private @Nullable Channel control;

  /**
   * Makes the edge; it listens after {@link #start}.
   *
   * @param clock edge time
   * @param operatorToken the operator's bearer token
   * @throws IllegalArgumentException when two routes share method and path
   */
  public HttpServer(
      WireConfig config,
      TlsMaterial material,
      List<Route> routes,
      ResourceDirectory resources,
      BearerVerifier bearers,
      InstantSource clock,
      Secret operatorToken,
      MeterRegistry registry) {
    this.config = config;
    this.transport = Transport.of(config);
    this.ssl = transport.sslContext(material);
    var metrics = new HttpMetrics(registry);
    var cors = new Cors(config.origins());
    var gate = new Gate(resources, bearers, clock, operatorToken);
    var dispatch = new Dispatch(routes, gate, cors, metrics);
    this.edge =
        new Edge(
            config,
            dispatch,
            cors,
            metrics,
            new OpenConnections(),
            new FlushRounds(),
            new AtomicBoolean());
  }

  /** Binds the listeners. */
  public void start() {
    main = bind(config.host(), config.httpsPort(), Listener.MAIN);
    control = bind(LOOPBACK, 0, Listener.CONTROL);
    if (config.httpPort() >= 0) {
      plain = bind(LOOPBACK, config.httpPort(), Listener.PLAIN);
    }
    log.info("listening on port {} ({})", mainPort(), transport.name());
  }

  /** Port of the main TLS listener. */
  public int mainPort() {
    return portOf(main);
  }

  /** Port of the operator's listener, on loopback. */
  public int controlPort() {
    return portOf(control);
  }

  /** Port of the plain listener on loopback, or 0. */
  public int plainPort() {
    return plain == null ? 0 : portOf(plain);
  }

  /** The connections that outlive a request. */
  public OpenConnections connections() {
    return edge.open();
  }

  /**
   * Listens for one resource on a port of its own.
   *
   * @param port 0 for any free one; another is taken when it is in use
   * @return the port
   */
  public int open(ResourceId resource, int port) {
    Channel channel;
    try {
      channel = bind(config.host(), port, Listener.RESOURCE);
    } catch (IllegalStateException e) {
      if (port == 0) {
        throw e;
      }
      log.warn("port {} is taken; the resource gets another", port);
      channel = bind(config.host(), 0, Listener.RESOURCE);
    }
    own.put(resource, channel);
    return localPort(channel);
  }

  /** Stops listening for the resource. */
  public void close(ResourceId resource) {
    var channel = own.remove(resource);
    if (channel != null) {
      channel.close();
    }
  }

  private Channel bind(String host, int port, Listener listener) {
    var bootstrap =
        new ServerBootstrap()
            .group(transport.loops())
            .channel(transport.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Accepted(listener));
    var bound = bootstrap.bind(host, port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IllegalStateException(
          "Cannot listen on " + host + " port " + port + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return bound.channel();
  }

  /** Makes the pipeline of a new connection. */
  private final class Accepted extends ChannelInitializer<Channel> {
    private final Listener listener;

    Accepted(Listener listener) {
      this.listener = listener;
    }

    @Override
    protected void initChannel(Channel channel) {
      edge.open().add(channel);
      var count = edge.metrics().opened();
      channel.closeFuture().addListener(_ -> edge.metrics().closed());
      if (count > config.connectionsMax()) {
        edge.metrics().turnedAway();
        channel.close();
        return;
      }
      var secure = listener == Listener.MAIN || listener == Listener.RESOURCE;
      var pipeline = channel.pipeline();
      if (secure) {
        pipeline.addLast(ssl.newHandler(channel.alloc()));
      }
      pipeline.addLast(
          new HttpServerCodec(
              new HttpDecoderConfig()
                  .setMaxInitialLineLength(config.headerBytesMax())
                  .setMaxHeaderSize(config.headerBytesMax())));
      pipeline.addLast(new HttpConnection(edge, listener, secure));
    }
  }

  /** The local port of a connection or listener. */
  static int localPort(Channel channel) {
    return channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
  }

  /** The address of a connection's other end; loopback for a channel that has none. */
  static InetAddress remoteAddress(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private static int portOf(@Nullable Channel listener) {
    if (listener == null) {
      throw new IllegalStateException("The server has not started.");
    }
    return localPort(listener);
  }

  /** Stops taking connections, lets open requests finish within the drain time, then closes. */
  @Override
  public void close() {
    edge.draining().set(true);
    for (var listener : new Channel[] {main, plain, control}) {
      if (listener != null) {
        listener.close().awaitUninterruptibly();
      }
    }
    own.values().forEach(channel -> channel.close().awaitUninterruptibly());
    edge.open().sessions().forEach(session -> session.close(GOING_AWAY, "The server stops."));
    var end = System.nanoTime() + config.drainTime().toNanos();
    for (var channel : edge.open().channels()) {
      channel.eventLoop().execute(() -> closeIfIdle(channel));
    }
    for (var channel : edge.open().channels()) {
      channel.closeFuture().awaitUninterruptibly(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    edge.open().channels().forEach(Channel::close);
    transport
        .loops()
        .shutdownGracefully(0, 2, TimeUnit.SECONDS)
        .awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  private static void closeIfIdle(Channel channel) {
    var http = channel.pipeline().get(HttpConnection.class);
    if (http != null && http.idle()) {
      channel.close();
    }
  }
}
