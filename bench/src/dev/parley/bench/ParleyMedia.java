package dev.parley.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.media.RtcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The packaged server with one media worker; clients come by WHIP and WHEP, as any would. */
final class ParleyMedia implements MediaPeer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern URL = Pattern.compile("\"url\":\"[a-z]+://[^/]+([^\"]+)\"");

  final Server server;
  private final String up;
  private final String down;
  private String room = "";

  private ParleyMedia(Server server) throws Exception {
    this.server = server;
    var paths = room(1);
    up = paths.getFirst();
    down = paths.getLast();
  }

  /** Makes a room; returns the paths of so many senders, and last that of every viewer. */
  List<String> room(int senders) throws Exception {
    var tickets = new StringBuilder();
    for (var i = 0; i < senders; i++) {
      tickets.append("{\"direction\":\"publish\",\"stream\":\"s%d\"},".formatted(i));
    }
    try (var connection = new Connection(server.httpPort, null)) {
      var body = "{\"tickets\":[%s{\"direction\":\"play\"}]}".formatted(tickets);
      var answer = connection.exchange(server.signed("/parley/media/rooms", body));
      if (answer.status() != 201) {
        throw new IOException("Refused: " + answer);
      }
      room = JSON.readTree(answer.body()).path("room").asText();
      var paths = new ArrayList<String>();
      for (var url = URL.matcher(answer.body()); url.find(); ) {
        paths.add(url.group(1));
      }
      return paths;
    }
  }

  static ParleyMedia start(Path home, Path folder) throws Exception {
    return new ParleyMedia(
        Server.start(
            home, folder, List.of("media.address=" + ADDRESS.getHostAddress(), "media.workers=1")));
  }

  @Override
  public String name() {
    return "Parley";
  }

  @Override
  public void publish(RtcClient client) throws Exception {
    client.connect(offer(up, client.offer(true, 0, 1)));
  }

  @Override
  public void watch(RtcClient client) throws Exception {
    client.connect(offer(down, client.offer(false, 0, 1)));
  }

  /** Posts an offer; returns the answer. */
  String offer(String path, String sdp) throws IOException {
    try (var connection = new Connection(server.httpPort, null)) {
      var head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, sdp.length());
      var answer =
          connection.exchange((head + sdp).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      if (answer.status() != 201) {
        throw new IOException("Refused: " + answer);
      }
      return answer.body();
    }
  }

  /** Packets of media that the last room's viewers have been sent. */
  long forwarded() throws Exception {
    try (var connection = new Connection(server.httpPort, null)) {
      var answer = connection.exchange(server.signed("GET", "/parley/media/rooms/" + room, ""));
      var sum = 0L;
      for (var viewer : JSON.readTree(answer.body()).path("viewers")) {
        for (var shown : viewer.path("shown")) {
          sum += shown.path("packets").asLong();
        }
      }
      return sum;
    }
  }

  /** How long packets are in the server, milliseconds: its own meter, of the last half minute. */
  double transitMillis(String quantile) throws Exception {
    try (var connection = new Connection(server.httpPort, null)) {
      var answer =
          connection.exchange(
              "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      var name = "parley_media_transit_seconds{quantile=\"" + quantile + "\"} ";
      return answer
          .body()
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> 1000 * Double.parseDouble(line.substring(name.length())))
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  @Override
  public double cpuSeconds() {
    return Cpu.seconds(server.pid());
  }

  /** Processor time of the media workers' threads alone, seconds. */
  double workerSeconds() throws IOException {
    var sum = 0.0;
    try (var threads = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
      for (var thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).startsWith("media-")) {
          sum += Cpu.seconds(thread.resolve("stat"));
        }
      }
    }
    return sum;
  }

  @Override
  public void close() {
    server.close();
  }
}
