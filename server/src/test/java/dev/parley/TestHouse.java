package dev.parley;

import dev.parley.base.kit.FreePort;
import dev.parley.base.kit.Json;
import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A whole house in this process, spoken to over its plain listener as a client would. */
public final class TestHouse implements AutoCloseable {
  private static final DateTimeFormatter RFC_1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** A user and a token. */
  public record Person(String id, String token) {}

  /** An answer to a call. */
  public record Answer(int status, String body) {
    /** A member of the JSON, by JSON pointer; empty text when it is not there. */
    public String text(String pointer) {
      try {
        return Json.mapper().readTree(body).at(pointer).asText();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Runnable stop;
  private final Runnable kill;
  private final Path data;
  private Optional<ProcessHandle> process = Optional.empty();
  private final Map<String, String> environment = new HashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestHouse(Path data, Runnable stop, Runnable kill) {
    this.stop = stop;
    this.kill = kill;
    this.data = data;
  }

  /** Starts on a data folder, with ports that are free. */
  public static TestHouse start(Path data, Map<String, String> settings) {
    var all = new HashMap<String, String>();
    all.put("data", data.toString());
    all.put("https.port", "0");
    all.put("http.port", "0");
    all.put("log.level", "error");
    all.put("realtime.drain-time", "1s");
    all.put("http.drain-time", "1s");
    all.putAll(settings);
    var house = House.open(HouseConfig.of(new Settings(all, Map.of())));
    var test =
        new TestHouse(
            data,
            house::close,
            () -> {
              throw new IllegalStateException("It would end the tests with it.");
            });
    test.readEnvironment();
    return test;
  }

  /** Starts another server of the same database, which knows the same people and key. */
  public static TestHouse startWith(TestHouse first, Path data, Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("data", data.toString());
    all.put("https.port", "0");
    all.put("http.port", Integer.toString(FreePort.find()));
    all.put("log.level", "error");
    all.put("realtime.drain-time", "1s");
    all.put("http.drain-time", "1s");
    var house = House.open(HouseConfig.of(new Settings(all, Map.of())));
    var test = new TestHouse(data, house::close, () -> {});
    test.environment.putAll(first.environment);
    test.environment.put("PARLEY_HTTP_ENDPOINT", "http://localhost:" + all.get("http.port"));
    return test;
  }

  /** Starts a process of its own, which can be killed, on a data folder. */
  public static TestHouse startProcess(Path data) throws IOException, InterruptedException {
    return startProcess(data, Map.of());
  }

  /** The same with settings. */
  public static TestHouse startProcess(Path data, Map<String, String> settings)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(QuickStart.SHARED.command());
    command.add(Main.class.getName());
    command.addAll(List.of("up", "--data", data.toString(), "--port", "0"));
    for (var setting : List.of("http.port=0", "realtime.drain-time=1s", "http.drain-time=1s")) {
      command.addAll(List.of("--set", setting));
    }
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    Files.deleteIfExists(data.resolve("dev.env"));
    var log = data.resolveSibling("server.log").toFile();
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    while (!Files.exists(data.resolve("dev.env"))) {
      if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("The server ended: " + Files.readString(log.toPath()));
      }
    }
    var test = new TestHouse(data, () -> end(process), process::destroyForcibly);
    test.process = Optional.of(process.toHandle());
    test.readEnvironment();
    return test;
  }

  /** Knows the people and the key of another server of the same database. */
  public TestHouse knowing(TestHouse first) {
    var own = environment("PARLEY_HTTP_ENDPOINT");
    environment.putAll(first.environment);
    environment.put("PARLEY_HTTP_ENDPOINT", own);
    return this;
  }

  /** CPU time that a process of its own has used. */
  public double cpuSeconds() {
    return process
        .flatMap(own -> own.info().totalCpuDuration())
        .map(used -> used.toNanos() / 1e9)
        .orElse(Double.NaN);
  }

  private static void end(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process without any warning. */
  public void kill() {
    kill.run();
  }

  private void readEnvironment() {
    try {
      for (var line : Files.readAllLines(data.resolve("dev.env"))) {
        var equals = line.indexOf('=');
        environment.put(line.substring(0, equals), line.substring(equals + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A value of the environment file. */
  public String environment(String name) {
    return environment.get(name);
  }

  /** Port of the plain listener on loopback. */
  public int port() {
    return URI.create(environment("PARLEY_HTTP_ENDPOINT")).getPort();
  }

  /** Port of the main listener. */
  public int tlsPort() {
    return URI.create(environment("ACS_ENDPOINT")).getPort();
  }

  /** What the main listener shows its clients, PEM. */
  public Path certificate() {
    return data.resolve("tls").resolve("server.pem");
  }

  /** A fresh user with a chat token. */
  public Person person() {
    return person("chat");
  }

  /** A fresh user with a token of one scope. */
  public Person person(String scope) {
    var answer =
        signed(
            "POST",
            "/identities?api-version=2023-10-01",
            "{\"createTokenWithScopes\":[\"" + scope + "\"]}");
    return new Person(answer.text("/identity/id"), answer.text("/accessToken/token"));
  }

  /** A thread that the first of them makes; its path. */
  public String thread(Person... people) {
    var participants = new ArrayList<String>();
    for (var person : people) {
      participants.add(
          "{\"communicationIdentifier\":{\"rawId\":\"%s\",\"communicationUser\":{\"id\":\"%s\"}},\"displayName\":\"P\"}"
              .formatted(person.id(), person.id()));
    }
    var answer =
        call(
            "POST",
            "/chat/threads?api-version=2025-03-15",
            people[0].token(),
            "{\"topic\":\"t\",\"participants\":[%s]}".formatted(String.join(",", participants)));
    if (answer.status() != 201) {
      throw new AssertionError(answer);
    }
    return "/chat/threads/"
        + URLEncoder.encode(answer.text("/chatThread/id"), StandardCharsets.UTF_8);
  }

  /** Sends a message; its id. */
  public String send(Person sender, String thread, String text) {
    var answer =
        call(
            "POST",
            thread + "/messages?api-version=2025-03-15",
            sender.token(),
            "{\"content\":%s,\"senderDisplayName\":\"Ann\"}".formatted(Json.text(text)));
    if (answer.status() != 201) {
      throw new AssertionError(answer);
    }
    return answer.text("/id");
  }

  /** A call with a user's token. */
  public Answer call(String method, String target, String token, String body) {
    return exchange(
        method,
        target,
        body,
        token.isEmpty() ? List.of() : List.of("Authorization", "Bearer " + token));
  }

  /** A call signed with the access key. */
  public Answer signed(String method, String target, String body) {
    return exchange(method, target, body, signature(method, target, body));
  }

  /** The headers of a signature, names and values in turn. */
  public List<String> signature(String method, String target, String body) {
    return signature(environment("ACS_CONNECTION_STRING"), method, target, body);
  }

  /** The headers of a signature with the key of this connection string. */
  public List<String> signature(String connection, String method, String target, String body) {
    var key = Secret.fromBase64(connection.substring(connection.indexOf("accesskey=") + 10));
    var date = RFC_1123.format(ZonedDateTime.now(ZoneOffset.UTC));
    var hash = sha256(body.getBytes(StandardCharsets.UTF_8));
    var text = method + "\n" + target + "\n" + date + ";localhost:" + port() + ";" + hash;
    var signature =
        Base64.getEncoder().encodeToString(key.hmacSha256(text.getBytes(StandardCharsets.UTF_8)));
    return List.of(
        "x-ms-date",
        date,
        "x-ms-content-sha256",
        hash,
        "Authorization",
        "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + signature);
  }

  /** Has the operator regenerate a key of the resource; the connection string with the new one. */
  public String regenerateKey(String keyType) throws IOException, InterruptedException {
    var path = "/parley/resources/%s/:regenerateKey".formatted(environment("ACS_RESOURCE_NAME"));
    var answer = operated("POST", path, "{\"keyType\":\"" + keyType + "\"}");
    if (answer.status() != 200) {
      throw new AssertionError(answer);
    }
    return answer.text("/connectionString");
  }

  /** What the operator is answered, as the launcher would be. */
  public String operator(String method, String path) throws IOException, InterruptedException {
    var answer = operated(method, path, "");
    if (answer.status() != 200) {
      throw new AssertionError(answer);
    }
    return answer.body();
  }

  private Answer operated(String method, String path, String body)
      throws IOException, InterruptedException {
    var control = new HashMap<String, String>();
    for (var line : Files.readAllLines(data.resolve("control"))) {
      control.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.get("port") + path))
            .header("Authorization", "Bearer " + control.get("token"))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  /** Any call. */
  public Answer exchange(String method, String target, String body, List<String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port() + target))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header(
          "Content-Type",
          method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
    }
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    try {
      var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] body) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
    stop.run();
  }
}
