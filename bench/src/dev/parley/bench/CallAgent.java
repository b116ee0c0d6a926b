package dev.parley.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A client of docs/calling-protocol.md that answers and acknowledges as it says, and counts what it is told. */
final class CallAgent implements WebSocket.Listener, AutoCloseable {
  private static final int ACKNOWLEDGED_EVERY = 32;
  private static final int ANSWER_SECONDS_MAX = 60;

  final LongAdder told;
  private final Map<Long, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final StringBuilder text = new StringBuilder();
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private WebSocket socket;

  private CallAgent(LongAdder told) {
    this.told = told;
  }

  /** Connects and says hello; {@code told} counts notifications, of many agents together. */
  static CallAgent connect(HttpClient client, int port, String token, LongAdder told) throws Exception {
    var agent = new CallAgent(told);
    agent.socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://localhost:" + port + "/calling/v1/connect"), agent)
            .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    agent.ask("\"do\":\"hello\",\"version\":1,\"client\":\"bench\",\"token\":\"" + token + "\"");
    return agent;
  }

  /** The members of a request without its id; answers the whole answer, which must not be an error. */
  String ask(String members) throws IOException {
    var answer = new CompletableFuture<String>();
    var id = ids.incrementAndGet();
    asked.put(id, answer);
    send("{\"id\":" + id + "," + members + "}");
    try {
      var text = answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
      if (!text.contains("\"ok\":")) {
        throw new IOException("Refused: " + text);
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("No answer to " + members.substring(0, Math.min(60, members.length())), e);
    }
  }

  /** One after the other, since a WebSocket takes no second message before the first is written. */
  private synchronized void send(String message) {
    sending = sending.handle((_, _) -> null).thenCompose(_ -> socket.sendText(message, true));
  }

  @Override
  public void onOpen(WebSocket opened) {
    opened.request(Long.MAX_VALUE);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      heard(text.toString());
      text.setLength(0);
    }
    return null;
  }

  private void heard(String message) {
    if (message.startsWith("{\"seq\":")) {
      told.increment();
      var seq = number(message, 7);
      if (seq % ACKNOWLEDGED_EVERY == 0) {
        send("{\"ack\":" + seq + "}");
      }
    } else if (message.startsWith("{\"id\":")) {
      var answer = asked.remove(number(message, 6));
      if (answer != null) {
        answer.complete(message);
      }
    } else if (message.startsWith("{\"ping\"")) {
      send("{\"pong\":1}");
    }
  }

  private static long number(String text, int from) {
    var to = from;
    while (Character.isDigit(text.charAt(to))) {
      to++;
    }
    return Long.parseLong(text, from, to, 10);
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    asked.values().forEach(answer -> answer.completeExceptionally(error));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
