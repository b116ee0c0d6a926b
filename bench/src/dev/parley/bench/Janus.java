package dev.parley.bench;

import dev.parley.base.kit.FreePort;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.media.RtcClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Debian's Janus with its videoroom, and nothing else loaded: ICE-lite, no cap on the rate, quiet,
 * on a free loopback port.
 */
final class Janus implements MediaPeer {
  private static final Path PROGRAM = Path.of("/usr/bin/janus");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROOM = 1234;
  private static final int FEED = 1;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String session;
  private final Map<Long, BlockingQueue<JsonNode>> events = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private Janus(Process process, String base) throws Exception {
    this.process = process;
    this.base = base;
    session = base + "/" + awaited().path("data").path("id").asLong();
    Thread.ofVirtual().start(this::listen);
  }

  /** Starts it on a folder of its own; installs it where it is missing and may be installed. */
  static Janus start(Path folder) throws Exception {
    Debian.need(List.of(PROGRAM), "janus");
    Files.createDirectories(folder);
    var port = FreePort.find();
    Files.writeString(
        folder.resolve("janus.jcfg"),
        """
        general: { debug_level = 2, server_name = "bench", session_timeout = 0 }
        media: { ipv6 = false }
        nat: { ice_lite = true, ignore_mdns = true }
        plugins: { disable = "%s" }
        transports: { disable = "%s" }
        loggers: { disable = "libjanus_jsonlog.so" }
        events: { broadcast = false }
        """
            .formatted(
                others(folder, "plugins", "videoroom"), others(folder, "transports", "http")));
    Files.writeString(
        folder.resolve("janus.transport.http.jcfg"),
        """
        general: { json = "compact", base_path = "/janus", http = true, port = %d, ip = "127.0.0.1", https = false }
        admin: { admin_http = false }
        """
            .formatted(port));
    Files.writeString(
        folder.resolve("janus.plugin.videoroom.jcfg"),
        """
        general: { }
        room-%d: { publishers = 6, bitrate = 0, videocodec = "vp8", record = false }
        """
            .formatted(ROOM));
    var process =
        new ProcessBuilder(PROGRAM.toString(), "-F", folder.toString(), "--log-stdout")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      return new Janus(process, "http://127.0.0.1:" + port + "/janus");
    } catch (Exception e) {
      process.destroyForcibly();
      throw new IOException(
          "Janus did not start; it said: " + Files.readString(folder.resolve("log")), e);
    }
  }

  /** The modules of a kind but the one that is needed, as Janus wants them named. */
  private static String others(Path folder, String kind, String needed) throws IOException {
    try (var roots = Files.list(Path.of("/usr/lib"))) {
      for (var root : roots.toList()) {
        var modules = root.resolve("janus").resolve(kind);
        if (Files.isDirectory(modules)) {
          try (var files = Files.list(modules)) {
            return String.join(
                ",",
                files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".so") && !name.contains(needed))
                    .toList());
          }
        }
      }
    }
    throw new IOException("Janus has no " + kind + " under /usr/lib");
  }

  /** The first answer, once it answers at all. */
  private JsonNode awaited() throws Exception {
    for (var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); ; ) {
      try {
        return post(base, Map.of("janus", "create", "transaction", "c"));
      } catch (IOException e) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private JsonNode post(String url, Map<String, Object> body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    var answer = JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    if (answer.path("janus").asText().equals("error")) {
      throw new IllegalStateException("Janus refused: " + answer);
    }
    return answer;
  }

  /** Events come by long polls. */
  private void listen() {
    try {
      while (!closed) {
        var request = HttpRequest.newBuilder(URI.create(session + "?maxev=20")).build();
        var answer = JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        for (var event : answer.isArray() ? answer : JSON.createArrayNode().add(answer)) {
          if (event.path("janus").asText().equals("event")) {
            of(event.path("sender").asLong()).add(event);
          }
        }
      }
    } catch (IOException | InterruptedException e) {
      if (!closed) {
        throw new IllegalStateException("Janus is gone.", e);
      }
    }
  }

  private BlockingQueue<JsonNode> of(long handle) {
    return events.computeIfAbsent(handle, _ -> new LinkedBlockingQueue<>());
  }

  private long attach() throws Exception {
    var answer =
        post(
            session,
            Map.of("janus", "attach", "plugin", "janus.plugin.videoroom", "transaction", "a"));
    return answer.path("data").path("id").asLong();
  }

  /** Asks the videoroom, and waits for its event. */
  private JsonNode ask(long handle, Map<String, Object> body, String type, String sdp)
      throws Exception {
    var message =
        sdp.isEmpty()
            ? Map.<String, Object>of("janus", "message", "transaction", "m", "body", body)
            : Map.<String, Object>of(
                "janus",
                "message",
                "transaction",
                "m",
                "body",
                body,
                "jsep",
                Map.of("type", type, "sdp", sdp, "trickle", false));
    post(session + "/" + handle, message);
    var event = of(handle).poll(20, TimeUnit.SECONDS);
    if (event == null || event.path("plugindata").path("data").has("error")) {
      throw new IllegalStateException("Janus refused: " + event);
    }
    return event;
  }

  @Override
  public String name() {
    return "Janus";
  }

  @Override
  public void publish(RtcClient client) throws Exception {
    var handle = attach();
    ask(handle, Map.of("request", "join", "ptype", "publisher", "room", ROOM, "id", FEED), "", "");
    var event = ask(handle, Map.of("request", "publish"), "offer", client.offer(true, 0, 1));
    client.connect(event.path("jsep").path("sdp").asText());
  }

  @Override
  public void watch(RtcClient client) throws Exception {
    var handle = attach();
    var event =
        ask(
            handle,
            Map.of(
                "request",
                "join",
                "ptype",
                "subscriber",
                "room",
                ROOM,
                "streams",
                List.of(Map.of("feed", FEED))),
            "",
            "");
    var offer = event.path("jsep").path("sdp").asText();
    ask(handle, Map.of("request", "start"), "answer", client.answer(offer));
    client.connect(offer);
  }

  @Override
  public double cpuSeconds() {
    return Cpu.seconds(process.pid());
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
