package dev.parley.base.wire;

import dev.parley.base.words.Refusal;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Switches a connection from HTTP to WebSocket (RFC 6455 section 4.2). */
final class WebSocketHandshake {
  private static final int KEY_BYTES = 16;

  private WebSocketHandshake() {}

  /** Why this request cannot become a WebSocket. */
  static Optional<Refusal> refusal(HttpRequest head) {
    var headers = head.headers();
    if (!head.method().equals(HttpMethod.GET)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
        || !headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)) {
      return Optional.of(
          Refusal.of(426, "UpgradeRequired", "This address speaks the WebSocket protocol.")
              .header("Upgrade", "websocket"));
    }
    if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return Optional.of(
          Refusal.of(426, "UpgradeRequired", "Only WebSocket version 13 is spoken here.")
              .header("Sec-WebSocket-Version", "13"));
    }
    return isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))
        ? Optional.empty()
        : Optional.of(WireProblems.badRequest("The Sec-WebSocket-Key is malformed."));
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1)).length
          == KEY_BYTES;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** Answers 101 and puts the session in the place of the HTTP handler. */
  static void upgrade(
      ChannelHandlerContext context,
      HttpConnection http,
      Edge edge,
      HttpRequest head,
      Exchange exchange,
      Upgrade upgrade) {
    var subprotocols =
        upgrade.subprotocols().isEmpty() ? null : String.join(",", upgrade.subprotocols());
    var handshaker =
        new WebSocketServerHandshaker13(
            head.uri(),
            subprotocols,
            WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(upgrade.messageBytesMax())
                .allowExtensions(false)
                // Closing at once would take the reason away from a peer that is still sending.
                .closeOnProtocolViolation(false)
                .build());
    var request =
        new DefaultFullHttpRequest(
            head.protocolVersion(),
            head.method(),
            head.uri(),
            Unpooled.EMPTY_BUFFER,
            head.headers(),
            EmptyHttpHeaders.INSTANCE);
    var headers = new DefaultHttpHeaders();
    new HttpAnswers(edge, false).common(head, exchange, headers);
    var pipeline = context.pipeline();
    var session = new WebSocketConnection(edge, exchange, upgrade);
    handshaker
        .handshake(context.channel(), request, headers, context.channel().newPromise())
        .addListener(done -> {
          if (!done.isSuccess()) {
            context.close();
            return;
          }
          pipeline.replace(http, "session", session);
          pipeline.addBefore(
              "session", "whole", new WebSocketFrameAggregator(upgrade.messageBytesMax()));
          // RFC 6455 section 8.1: text that is no UTF-8 ends the connection.
          pipeline.addBefore("whole", "utf8", new Utf8FrameValidator(false));
          pipeline.addBefore("wsdecoder", "short", new ShortFrames(session::heardAscii));
          context.channel().config().setAutoRead(true);
        });
  }
}
