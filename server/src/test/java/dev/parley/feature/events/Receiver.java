package dev.parley.feature.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.base.kit.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A webhook on a loopback port, which answers as a test wants. */
final class Receiver implements AutoCloseable {
  /** What came in. */
  record Got(String method, Map<String, String> headers, String body) {
    JsonNode json() {
      try {
        return Json.mapper().readTree(body);
      } catch (IOException e) {
        throw new AssertionError(body, e);
      }
    }

    /** The events of the body, whether it is an array or not. */
    List<JsonNode> events() {
      var all = new ArrayList<JsonNode>();
      if (json().isArray()) {
        json().forEach(all::add);
      } else {
        all.add(json());
      }
      return all;
    }

    boolean isDelivery() {
      return "Notification".equals(headers.get("aeg-event-type"));
    }
  }

  /** Answers one request. */
  @FunctionalInterface
  interface Behaviour {
    void answer(HttpExchange exchange, Got got) throws IOException;
  }

  private final HttpServer server;
  private final List<Got> all = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour = Receiver::accept;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?code=s3cret");
  }

  void behave(Behaviour other) {
    behaviour = other;
  }

  /** Every delivery gets this status; validations succeed. */
  void answer(int status) {
    behave((exchange, got) -> {
      if (got.isDelivery()) {
        reply(exchange, status, "");
      } else {
        accept(exchange, got);
      }
    });
  }

  private void handle(HttpExchange exchange) throws IOException {
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var got = new Got(exchange.getRequestMethod(), headers, body);
    all.add(got);
    behaviour.answer(exchange, got);
  }

  /** What a well-behaved endpoint does. */
  static void accept(HttpExchange exchange, Got got) throws IOException {
    if (got.method().equals("OPTIONS")) {
      exchange
          .getResponseHeaders()
          .set("WebHook-Allowed-Origin", got.headers().get("WebHook-Request-Origin"));
      reply(exchange, 200, "");
    } else if ("SubscriptionValidation".equals(got.headers().get("aeg-event-type"))) {
      var code = got.json().get(0).path("data").path("validationCode").asText();
      reply(exchange, 200, "{\"validationResponse\":\"" + code + "\"}");
    } else {
      reply(exchange, 200, "");
    }
  }

  static void reply(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  List<Got> all() {
    return all;
  }

  List<Got> deliveries() {
    return all.stream().filter(Got::isDelivery).toList();
  }

  List<JsonNode> events() {
    return deliveries().stream().flatMap(got -> got.events().stream()).toList();
  }

  List<String> ids() {
    return events().stream().map(event -> event.path("id").asText()).toList();
  }

  List<String> types() {
    return events().stream()
        .map(event -> event.path("eventType").asText().replace("Microsoft.Communication.", ""))
        .sorted()
        .toList();
  }

  /** Waits for a condition, for at most a minute. */
  static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  /** The same; how far it came is said when it did not come to this. */
  static void until(Supplier<String> what, BooleanSupplier condition) {
    var end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("It did not come to this: " + what.get());
      }
      Thread.onSpinWait();
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
