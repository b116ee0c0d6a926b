package dev.parley.base.wire;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers as they go out, with the headers that every one has ({@code behaviour.md} section 16 of
 * the contracts).
 */
final class HttpAnswers {
  private static final Logger log = LoggerFactory.getLogger(HttpAnswers.class);
  private static final Pattern CLIENT_REQUEST_ID = Pattern.compile("[!-~]{1,128}");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** A second, and its text. */
  private record Dated(long second, String text) {}

  private static volatile Dated dated = new Dated(0, "");

  private final Edge edge;
  private final boolean secure;

  HttpAnswers(Edge edge, boolean secure) {
    this.edge = edge;
    this.secure = secure;
  }

  /**
   * The answer in Netty's form; a 500 when a handler made what HTTP cannot say.
   *
   * @param close whether the connection ends with it
   */
  FullHttpResponse encode(
      HttpRequest request, Exchange exchange, Response response, boolean close) {
    try {
      return encoded(request, exchange, response, close);
    } catch (IllegalArgumentException e) {
      log.error(
          "{} gave an answer that is no HTTP, request {}", exchange.operation(), exchange.id(), e);
      return encoded(request, exchange, ErrorAnswer.of(WireProblems.fault()), close);
    }
  }

  private FullHttpResponse encoded(
      HttpRequest request, Exchange exchange, Response response, boolean close) {
    var encoded =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            // RFC 9110 section 9.3.2: the head alone.
            request.method().equals(HttpMethod.HEAD)
                ? Unpooled.EMPTY_BUFFER
                : Unpooled.wrappedBuffer(response.body()));
    var headers = encoded.headers();
    if (!response.contentType().isEmpty()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
      headers.set("X-Content-Type-Options", "nosniff");
    }
    if (response.status() != 204) {
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    }
    response.headers().forEach(headers::set);
    common(request, exchange, headers);
    if (close) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return encoded;
  }

  /** The head of an answer that goes on. */
  HttpResponse head(HttpRequest request, Exchange exchange, Streaming streaming) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    var headers = head.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, streaming.contentType());
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    common(request, exchange, headers);
    return head;
  }

  /** The headers of any answer, a switch of protocol included. */
  void common(HttpRequest request, Exchange exchange, HttpHeaders headers) {
    headers.set(HttpHeaderNames.DATE, date());
    headers.set("x-ms-request-id", exchange.id());
    headers.set("MS-CV", exchange.id().substring(0, 8) + exchange.id().substring(28) + ".0");
    var client = request.headers().get("x-ms-client-request-id");
    if (client != null && CLIENT_REQUEST_ID.matcher(client).matches()) {
      headers.set("x-ms-client-request-id", client);
    }
    edge.cors().headers(request.uri(), request.headers()).forEach(headers::set);
    if (secure && edge.config().strictTransport()) {
      headers.set("Strict-Transport-Security", "max-age=31536000");
    }
  }

  private static String date() {
    var now = Instant.now();
    var last = dated;
    if (last.second() != now.getEpochSecond()) {
      last = new Dated(now.getEpochSecond(), DATE.format(now));
      dated = last;
    }
    return last.text();
  }
}
