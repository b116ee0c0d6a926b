package dev.parley;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.base.kit.Secret;
import dev.parley.base.wire.RawClient;
import dev.parley.base.wire.RawReply;
import dev.parley.base.wire.RawRequest;
import dev.parley.base.wire.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server as it runs in life: a process of its own, on free ports, reached over sockets. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(60);

  final Path data;
  private final Path log;
  private final Process process;

  private ServerProcess(Path data, Path log, Process process) {
    this.data = data;
    this.log = log;
    this.process = process;
  }

  /** Starts a server in the developer profile and waits until it answers. */
  static ServerProcess start(Path data, String... settings) throws IOException {
    return start(data, List.of(), List.of(settings));
  }

  /** The same, with more options for the JVM. */
  static ServerProcess start(Path data, List<String> options, List<String> settings)
      throws IOException {
    var server = launch(data, options, settings);
    // The last file that it writes, when it listens.
    server.await(settings.contains("profile=production") ? "control" : "dev.env");
    return server;
  }

  /** Starts without waiting. */
  static ServerProcess launch(Path data, List<String> options, List<String> settings)
      throws IOException {
    Files.createDirectories(data);
    // Left over by a killed server.
    Files.deleteIfExists(data.resolve("control"));
    Files.deleteIfExists(data.resolve("dev.env"));
    var command = new ArrayList<>(QuickStart.SHARED.command());
    command.addAll(1, options);
    command.add(Main.class.getName());
    command.addAll(List.of("up", "--data", data.toString(), "--port", "0"));
    command.addAll(List.of("--set", "http.port=0"));
    for (var setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    var log = data.resolveSibling(data.getFileName() + ".log");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new ServerProcess(data, log, process);
  }

  private void await(String last) {
    var file = data.resolve(last);
    until(START_MAX, "the start", () -> Files.exists(file) || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("The server did not start:\n" + log());
    }
  }

  /** Looks again and again until it is so. */
  static void until(Duration longest, String what, BooleanSupplier condition) {
    var end = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(what + " took more than " + longest);
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Everything it said, over all starts on its data. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, String> environment() {
    return values("dev.env");
  }

  private Map<String, String> values(String name) {
    try {
      var values = new LinkedHashMap<String, String>();
      for (var line : Files.readAllLines(data.resolve(name))) {
        var equals = line.indexOf('=');
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String connectionString() {
    return value("ACS_CONNECTION_STRING");
  }

  String value(String name) {
    return environment().getOrDefault(name, "");
  }

  int plainPort() {
    var endpoint = value("PARLEY_HTTP_ENDPOINT");
    return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }

  int tlsPort() {
    var endpoint = value("ACS_ENDPOINT");
    return Integer.parseInt(endpoint.replaceAll("\\D", ""));
  }

  /** The default resource. */
  Tenant home() {
    return new Tenant(this, "localhost", connectionString());
  }

  /** The operator's request, as the launcher sends it. */
  RawReply control(String method, String path, String json) {
    var control = values("control");
    var request =
        new RawRequest(
            method,
            path,
            "127.0.0.1",
            List.of(
                "Authorization: Bearer " + control.get("token"),
                "Accept: text/plain",
                "Content-Type: application/json"),
            json.getBytes(StandardCharsets.UTF_8));
    return ask(Integer.parseInt(control.getOrDefault("port", "0")), request);
  }

  RawReply ask(RawRequest request) {
    return ask(plainPort(), request);
  }

  private static RawReply ask(int port, RawRequest request) {
    try (var client = RawClient.plain(port)) {
      return client.send(request.bytes()).reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it as a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Tells it to stop, as a service manager does. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end; gives the exit code. */
  int exit() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("The server does not end:\n" + log());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    terminate();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A resource of a server.
   *
   * @param host name that leads to it on the plain listener
   */
  record Tenant(ServerProcess server, String host, String connectionString) {
    Secret key() {
      var key = connectionString.substring(connectionString.indexOf("accesskey=") + 10);
      return Secret.of(Base64.getDecoder().decode(key));
    }

    /** The same resource behind another server of the same database. */
    Tenant at(ServerProcess other) {
      return new Tenant(other, host, connectionString);
    }

    RawRequest signed(String method, String path, String json) {
      var request =
          new RawRequest(
              method,
              path + "?api-version=2023-10-01",
              host,
              List.of("Content-Type: application/json"),
              json.getBytes(StandardCharsets.UTF_8));
      return new Signer(key()).sign(request);
    }

    RawReply key(String method, String path, String json) {
      return server.ask(signed(method, path, json));
    }

    /** A user with a chat token. */
    Person person() {
      var json = json(201, key("POST", "/identities", "{\"createTokenWithScopes\":[\"chat\"]}"));
      return new Person(
          this, json.at("/identity/id").asText(), json.at("/accessToken/token").asText());
    }
  }

  /** A user of a tenant. */
  record Person(Tenant tenant, String id, String token) {
    RawRequest request(String method, String path, String json) {
      var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
      return new RawRequest(
          method,
          path + (path.contains("?") ? "&" : "?") + "api-version=2025-03-15",
          tenant.host(),
          List.of("Authorization: Bearer " + token, "Content-Type: " + type),
          json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same user, asking another server. */
    Person at(ServerProcess other) {
      return new Person(tenant.at(other), id, token);
    }

    RawReply ask(String method, String path, String json) {
      return tenant.server().ask(request(method, path, json));
    }

    /** A thread with these others; gives its path. */
    String thread(Person... others) {
      var participants = new ArrayList<String>();
      for (var other : others) {
        participants.add("{\"communicationIdentifier\":{\"rawId\":\"" + other.id + "\"}}");
      }
      var body = "{\"topic\":\"A thread\",\"participants\":" + participants + "}";
      var made = json(201, ask("POST", "/chat/threads", body));
      return "/chat/threads/" + made.at("/chatThread/id").asText();
    }

    String send(String thread, String text) {
      return json(201, ask("POST", thread + "/messages", "{\"content\":\"" + text + "\"}"))
          .path("id")
          .asText();
    }

    /** Messages that were written, newest first: id and words. */
    List<String> written(String thread) {
      var found = new ArrayList<String>();
      var path = thread + "/messages?maxPageSize=200";
      while (!path.isEmpty()) {
        var page = json(200, ask("GET", path, ""));
        for (var message : page.path("value")) {
          if (message.path("type").asText().equals("text")) {
            found.add(message.path("id").asText() + " " + message.at("/content/message").asText());
          }
        }
        var next = page.path("nextLink").asText();
        path =
            next.isEmpty()
                ? ""
                : next.substring(next.indexOf("/chat")).replaceAll("&api-version=.*", "");
      }
      return found;
    }
  }

  /** The JSON of an answer that must have this status. */
  static JsonNode json(int status, RawReply reply) {
    if (reply.status() != status) {
      throw new AssertionError(reply.status() + " instead of " + status + ": " + reply.text());
    }
    try {
      return reply.json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
