package dev.parley.bench;

import dev.parley.base.kit.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A server process under load, and what a client needs to talk to it. */
final class Server implements AutoCloseable {
  private static final DateTimeFormatter RFC1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", java.util.Locale.US);

  final Process process;
  final int httpPort;
  final int httpsPort;
  final Path data;
  final double startSeconds;
  private final Map<String, String> environment;

  private Server(
      Process process,
      int httpPort,
      int httpsPort,
      Path data,
      double startSeconds,
      Map<String, String> environment) {
    this.process = process;
    this.httpPort = httpPort;
    this.httpsPort = httpsPort;
    this.data = data;
    this.startSeconds = startSeconds;
    this.environment = environment;
  }

  /** Starts the packaged server on a data folder and waits for its first answer over plain HTTP. */
  static Server start(Path home, Path data, List<String> settings) throws IOException {
    return start(
        List.of("-jar", home.resolve("server/target/parley.jar").toString(), "up"), data, settings);
  }

  /** Starts another main class that takes the same options and writes the same files. */
  static Server start(List<String> program, Path data, List<String> settings) throws IOException {
    var http = FreePort.find();
    var https = FreePort.find();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("parley.jvm", "").split(" ")));
    command.removeIf(String::isEmpty);
    command.addAll(program);
    command.addAll(List.of("--data", data.toString(), "--port", Integer.toString(https)));
    command.addAll(List.of("--set", "http.port=" + http));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    var log = data.resolveSibling(data.getFileName() + ".log").toFile();
    var before = System.nanoTime();
    var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    var answer = firstAnswer(process, http);
    var seconds = (System.nanoTime() - before) / 1e9;
    if (answer != 200) {
      throw new IOException("The server did not start; see " + log);
    }
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.exists(data.resolve("dev.env")) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    var environment = new HashMap<String, String>();
    for (var line : Files.readAllLines(data.resolve("dev.env"))) {
      environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    return new Server(process, http, https, data, seconds, environment);
  }

  /** Asks again and again, since the time of the first answer is what is measured. */
  private static int firstAnswer(Process process, int port) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (process.isAlive() && System.nanoTime() < end) {
      try (var connection = new Connection(port, null)) {
        var status = connection.exchange(Connection.request("GET", "/health/ready", "none", ""));
        if (status.status() == 200) {
          return 200;
        }
      } catch (IOException _) {
        Thread.onSpinWait();
      }
    }
    return 0;
  }

  long pid() {
    return process.pid();
  }

  /** A name of {@code dev.env}. */
  String environment(String name) {
    return environment.get(name);
  }

  /** Makes users with chat tokens through the identity API, signing with the access key. */
  List<User> users(int count) throws Exception {
    return users(count, "chat");
  }

  /** The same with tokens of another scope. */
  List<User> users(int count, String scope) throws Exception {
    var users = new ArrayList<User>();
    try (var connection = new Connection(httpPort, null)) {
      for (var i = 0; i < count; i++) {
        var answer =
            connection.exchange(
                signed(
                    "/identities?api-version=2023-10-01",
                    "{\"createTokenWithScopes\":[\"" + scope + "\"]}"));
        users.add(new User(text(answer.body(), "\"id\":\""), text(answer.body(), "\"token\":\"")));
      }
    }
    return users;
  }

  /** A user and a token. */
  record User(String id, String token) {}

  /** A POST signed with the access key of {@code dev.env}. */
  byte[] signed(String target, String body) throws Exception {
    return signed("POST", target, body);
  }

  /** A request signed with the access key of {@code dev.env}. */
  byte[] signed(String method, String target, String body) throws Exception {
    var connectionString = environment.get("ACS_CONNECTION_STRING");
    var key = connectionString.substring(connectionString.indexOf("accesskey=") + 10);
    var date = RFC1123.format(ZonedDateTime.now(ZoneOffset.UTC));
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var hash =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
    var signature =
        Base64.getEncoder()
            .encodeToString(
                mac.doFinal(
                    "%s\n%s\n%s;localhost;%s"
                        .formatted(method, target, date, hash)
                        .getBytes(StandardCharsets.UTF_8)));
    return """
    %s %s HTTP/1.1\r
    Host: localhost\r
    x-ms-date: %s\r
    x-ms-content-sha256: %s\r
    Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=%s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(method, target, date, hash, signature, bytes.length, body)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Makes a thread of these users and gives its path. */
  String thread(List<User> users) throws IOException {
    var participants = new ArrayList<String>();
    for (var user : users) {
      participants.add(
          "{\"communicationIdentifier\":{\"communicationUser\":{\"id\":\"%s\"}}}"
              .formatted(user.id()));
    }
    var body =
        "{\"topic\":\"bench\",\"participants\":[%s]}".formatted(String.join(",", participants));
    try (var connection = new Connection(httpPort, null)) {
      var answer =
          connection.exchange(
              Connection.request(
                  "POST", "/chat/threads?api-version=2025-03-15", users.getFirst().token(), body));
      return "/chat/threads/" + text(answer.body(), "\"id\":\"");
    }
  }

  private static String text(String json, String before) {
    var start = json.indexOf(before);
    if (start < 0) {
      throw new IllegalStateException("Unexpected answer: " + json);
    }
    return json.substring(start + before.length(), json.indexOf('"', start + before.length()));
  }


  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
