package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A member's real-time connection to Parley: the calls and frames of the official SDK, each event answered with the response and the
 * ping that the SDK sends for it.
 */
final class Trouter implements Reactor.Receiver {
  private static final byte[] RESPONSE_BEGIN = ascii("3:::{\"id\":");
  private static final byte[] RESPONSE_END =
      ascii(",\"status\":200,\"headers\":{\"MS-CV\":\"bench.1.0\",\"trouter-client\":\"{\\\"cd\\\":3}\"},\"body\":\"\"}");
  private static final byte[] PING_BEGIN = ascii("5:");
  private static final byte[] PING_END = ascii("+::{\"name\":\"ping\"}");
  private static final byte[] MESSAGE = ascii("chatMessageReceived");
  private static final Pattern SID = Pattern.compile("\r\n\r\n([^:]+):");

  private final ChatPeer.Hearing hearing;
  private final int member;
  private final byte[] frame = new byte[512];
  private byte[] kept = new byte[0];
  private int pings = 1;
  private Reactor.Link link;
  volatile boolean ended;

  Trouter(ChatPeer.Hearing hearing, int member) {
    this.hearing = hearing;
    this.member = member;
  }

  /** Allocates, shakes hands, upgrades and registers; answers when the server has said that it is connected. */
  static SocketChannel login(Connection http, int port, String token) throws IOException {
    var channel = Reactor.connect(port);
    upgrade(
        http, token, new BufferedInputStream(channel.socket().getInputStream(), 1024), Channels.newOutputStream(channel));
    return channel;
  }

  /** The same over any stream; the configuration is known: everything is on one origin. */
  static void upgrade(Connection http, String token, InputStream in, OutputStream out) throws IOException {
    var endpoint = UUID.randomUUID().toString();
    var query = "cor_id=" + endpoint + "&con_num=1_1&epid=" + endpoint;
    var allocation = exchange(http, "POST", "/v4/a?" + query, token, "").body();
    var parameters = parameters(allocation);
    var all = parameters + "v=v4&timeout=40&auth=true&" + query + "&ccid=" + text(allocation, "ccid") + "&t=1";
    var answer = exchange(http, "GET", "/socket.io/1/?" + all, token, "");
    var sid = SID.matcher("\r\n\r\n" + answer.body());
    if (!sid.find()) {
      throw new IOException("No handshake: " + answer);
    }
    out.write(
        ascii(
            "GET /socket.io/1/websocket/%s?%s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                .formatted(sid.group(1), all)));
    out.flush();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) read(in));
    }
    if (!head.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("No upgrade: " + head);
    }
    for (var seen = ""; !seen.contains("trouter.connected"); ) {
      seen = frameText(in);
    }
    var registration =
        """
        {"clientDescription":{"appId":"AcsWeb","aesKey":"","languageId":"en-US","platform":"SPOOL","templateKey":"AcsWeb_Chat_2.1",\
        "platformUIVersion":"0.0.0"},"registrationId":"%s","nodeId":"","transports":{"TROUTER":[{"context":"","path":"%s","ttl":7200}]}}"""
            .formatted(endpoint, text(allocation, "surl"));
    exchange(http, "POST", registrations(http, token), token, registration);
    out.write(framed("5:1+::{\"name\":\"user.activity\",\"args\":[{\"state\":\"active\",\"cv\":\"bench.1\"}]}"));
    out.flush();
  }

  private static volatile String registrations;

  /** Where the server wants registrations is asked once for all. */
  private static String registrations(Connection http, String token) throws IOException {
    if (registrations == null) {
      var answer =
          http.exchange(
              Connection.request("GET", "/chat/config/realTimeNotifications?api-version=2024-09-01", token, ""));
      registrations = text(answer.body(), "registrarServiceUrl").replaceFirst("https://[^/]+", "") + "/v3/registrations";
    }
    return registrations;
  }

  /** The reactor's thread takes over. */
  void join(Reactor reactor, SocketChannel channel) throws IOException {
    link = reactor.join(channel, this);
  }

  /** What the SDK sends every 40 s when nothing happens. */
  void ping() {
    var length = ping(0);
    link.write(frame, length);
  }

  @Override
  public void received(byte[] bytes, int length) {
    var from = 0;
    if (kept.length > 0) {
      var joined = Arrays.copyOf(kept, kept.length + length);
      System.arraycopy(bytes, 0, joined, kept.length, length);
      bytes = joined;
      length = joined.length;
    }
    for (var next = frame(bytes, from, length); next > from; next = frame(bytes, from, length)) {
      from = next;
    }
    kept = from == length ? NOTHING : Arrays.copyOfRange(bytes, from, length);
  }

  private static final byte[] NOTHING = {};

  /** Handles the frame that begins here; answers where the next one does, or the same place when this one is not whole yet. */
  private int frame(byte[] bytes, int from, int to) {
    if (to - from < 2) {
      return from;
    }
    var size = bytes[from + 1] & 127;
    var body = from + 2;
    if (size == 126) {
      if (to - from < 4) {
        return from;
      }
      size = (bytes[from + 2] & 255) << 8 | bytes[from + 3] & 255;
      body += 2;
    } else if (size == 127) {
      if (to - from < 10) {
        return from;
      }
      size = (int) ByteBuffer.wrap(bytes, from + 2, 8).getLong();
      body += 8;
    }
    if (to - body < size) {
      return from;
    }
    packet(bytes, body, body + size);
    return body + size;
  }

  private void packet(byte[] bytes, int from, int to) {
    if (to - from < 5 || bytes[from] != '3') {
      return;
    }
    answer(bytes, find(bytes, from, to, RESPONSE_BEGIN) + RESPONSE_BEGIN.length, to);
    // The event's name is at the end of the request's address, near the front.
    if (find(bytes, from, Math.min(to, from + 300), MESSAGE) >= 0) {
      hearing.delivered(member, bytes, from, to);
    }
  }

  private void answer(byte[] bytes, int id, int to) {
    var end = id;
    while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    var digits = end - id;
    var size = RESPONSE_BEGIN.length + digits + RESPONSE_END.length;
    var at = head(0, size);
    at = put(at, RESPONSE_BEGIN);
    System.arraycopy(bytes, id, frame, at, digits);
    at = put(at + digits, RESPONSE_END);
    link.write(frame, ping(at));
  }

  private int ping(int at) {
    var number = ascii(Integer.toString(++pings));
    at = head(at, PING_BEGIN.length + number.length + PING_END.length);
    at = put(at, PING_BEGIN);
    at = put(at, number);
    return put(at, PING_END);
  }

  /** A masked text frame's head; the mask is zero, which is a mask like any other and spares the generator the work. */
  private int head(int at, int size) {
    frame[at++] = (byte) 0x81;
    if (size < 126) {
      frame[at++] = (byte) (0x80 | size);
    } else {
      frame[at++] = (byte) (0x80 | 126);
      frame[at++] = (byte) (size >>> 8);
      frame[at++] = (byte) size;
    }
    Arrays.fill(frame, at, at + 4, (byte) 0);
    return at + 4;
  }

  private int put(int at, byte[] bytes) {
    System.arraycopy(bytes, 0, frame, at, bytes.length);
    return at + bytes.length;
  }

  @Override
  public void closed() {
    ended = true;
  }

  void close() {
    if (link != null) {
      link.close();
    }
  }

  private static byte[] framed(String text) {
    var frame = new Trouter(null, 0);
    var bytes = ascii(text);
    var at = frame.put(frame.head(0, bytes.length), bytes);
    return Arrays.copyOf(frame.frame, at);
  }

  private static String frameText(InputStream in) throws IOException {
    read(in);
    var size = read(in) & 127;
    if (size == 126) {
      size = read(in) << 8 | read(in);
    }
    return new String(in.readNBytes(size), StandardCharsets.UTF_8);
  }

  private static int read(InputStream in) throws IOException {
    var one = in.read();
    if (one < 0) {
      throw new IOException("The server closed the connection.");
    }
    return one;
  }

  private static Connection.Answer exchange(Connection http, String method, String target, String token, String body)
      throws IOException {
    var head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nX-Skypetoken: %s\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(method, target, token, body.isEmpty() ? "" : "Content-Type: application/json\r\n", body.length(), body);
    var answer = http.exchange(ascii(head));
    if (answer.status() / 100 != 2) {
      throw new IOException(method + " " + target + ": " + answer);
    }
    return answer;
  }

  /** The members of {@code connectparams} as a query, as the SDK copies them. */
  private static String parameters(String allocation) {
    var object = allocation.substring(allocation.indexOf("\"connectparams\":{") + 17);
    var pairs = new StringBuilder();
    for (var pair : object.substring(0, object.indexOf('}')).split(",")) {
      if (!pair.isBlank()) {
        pairs.append(pair.replace("\"", "").replaceFirst(":", "=")).append('&');
      }
    }
    return pairs.toString();
  }

  private static String text(String json, String name) {
    var start = json.indexOf("\"" + name + "\":\"");
    if (start < 0) {
      throw new IllegalStateException("No " + name + " in " + json);
    }
    start += name.length() + 4;
    return json.substring(start, json.indexOf('"', start));
  }

  private static int find(byte[] bytes, int from, int to, byte[] wanted) {
    outer:
    for (var i = from; i <= to - wanted.length; i++) {
      for (var j = 0; j < wanted.length; j++) {
        if (bytes[i + j] != wanted[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
