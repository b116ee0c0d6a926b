package dev.parley.feature.realtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.base.kit.Json;
import dev.parley.base.words.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an endpoint, after it was authenticated: says that it is connected, answers
 * what the client says, and carries what the endpoint has for it. Safe on every thread; blocks
 * nowhere.
 */
final class Link {
  /** Why the server ends a connection; the client's own words for it. */
  enum Ending {
    /** The client fetches a token anew, then connects again. */
    UNAUTHORIZED("0:::{\"reason\":\"unauthorized\"}"),
    /** The client connects again at once. */
    UNAVAILABLE("0:::{\"reason\":\"serviceunavailable\"}"),
    /** Nobody is there to read a reason. */
    SILENT("");

    private final String packet;

    Ending(String packet) {
      this.packet = packet;
    }
  }

  private final String id;
  private final Caller.User user;
  private final Instant expires;
  private final Instant since;
  private final String client;
  private final LinkTransport transport;
  private final Endpoint endpoint;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private volatile long heardAt = System.nanoTime();
  private volatile byte @Nullable [] address;

  Link(
      String id,
      Caller.User user,
      Instant expires,
      Instant since,
      String client,
      LinkTransport transport,
      Endpoint endpoint) {
    this.id = id;
    this.user = user;
    this.expires = expires;
    this.since = since;
    this.client = client;
    this.transport = transport;
    this.endpoint = endpoint;
  }

  /** Names the connection in the addresses of what it is sent. */
  String id() {
    return id;
  }

  /** What every request on this connection says between its number and its name. */
  byte[] address() {
    var made = address;
    if (made == null) {
      made = Notification.address(Allocation.path(id));
      address = made;
    }
    return made;
  }

  Caller.User user() {
    return user;
  }

  /** When the token ends that it was opened with. */
  Instant expires() {
    return expires;
  }

  Instant since() {
    return since;
  }

  /** What the client says about itself, for people. */
  String client() {
    return client;
  }

  LinkTransport transport() {
    return transport;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  boolean isOpen() {
    return open.get();
  }

  /** For how long the client has said nothing, nanoseconds. */
  long silentNanos() {
    return System.nanoTime() - heardAt;
  }

  /** The client has shown that it is there. */
  void heard() {
    heardAt = System.nanoTime();
  }

  /** Queues a packet whose text is made for this client alone. */
  boolean queue(String packet) {
    return transport.queue(packet.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Takes one packet of the client.
   *
   * @return false when it is none; the connection is then closed
   */
  boolean hear(String text) {
    heard();
    var parsed = Packet.parse(text);
    if (parsed.isEmpty() || !hear(parsed.get())) {
      end(Ending.SILENT, "The packet is malformed.");
      return false;
    }
    return true;
  }

  /**
   * Takes one packet in ASCII, which is read where it lies if it is one of those that come often.
   */
  void hear(byte[] ascii, int length) {
    var response = ClientResponse.read(ascii, length);
    if (response != null) {
      heard();
      endpoint.acknowledged(response);
      return;
    }
    var pong = Pong.to(ascii, length);
    if (pong != null) {
      heard();
      transport.queuePatiently(pong);
      return;
    }
    hear(new String(ascii, 0, length, StandardCharsets.ISO_8859_1));
  }

  private boolean hear(Packet packet) {
    switch (packet.type()) {
      case Packet.DISCONNECT -> left();
      case Packet.MESSAGE -> {
        var response = ClientResponse.parse(packet.data());
        if (response.isEmpty()) {
          return false;
        }
        endpoint.acknowledged(response.get());
      }
      case Packet.EVENT -> {
        var name = eventName(packet.data());
        if (name == null) {
          return false;
        }
        if (!packet.id().isEmpty()) {
          // Clients wait seconds for it: it need not cost a write of its own.
          var answer = Packet.acknowledgement(packet.id(), name.equals("ping") ? "pong" : name);
          transport.queuePatiently(answer.getBytes(StandardCharsets.UTF_8));
        }
      }
      // Heartbeats and acknowledgements tell that the client is there, which is noted already.
      default -> {}
    }
    return true;
  }

  /** The name of a known event; others are acknowledged without being repeated. */
  private static @Nullable String eventName(String json) {
    try {
      var name = Json.mapper().readTree(json).path("name");
      if (!name.isTextual()) {
        return null;
      }
      return switch (name.asText()) {
        case "ping" -> "ping";
        case "user.activity" -> "user.activity";
        case "trouter.processed_message_loss" -> "trouter.processed_message_loss";
        default -> "unknown";
      };
    } catch (JsonProcessingException _) {
      return null;
    }
  }

  /** The client has gone, or its connection has. */
  void left() {
    if (open.compareAndSet(true, false)) {
      transport.close("The client has left.");
    }
    endpoint.detached(this);
  }

  /** Ends the connection from here. */
  void end(Ending ending, String reason) {
    if (open.compareAndSet(true, false)) {
      if (!ending.packet.isEmpty()) {
        queue(ending.packet);
      }
      transport.flush();
      transport.close(reason);
    }
    endpoint.detached(this);
  }
}
