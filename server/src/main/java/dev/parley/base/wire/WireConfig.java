package dev.parley.base.wire;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of the edge.
 *
 * @param host address that listeners bind to
 * @param httpsPort port of the main listener; 0 for any free one
 * @param httpPort port of the plain listener on loopback, or -1 for none; 0 for any free one
 * @param nativeTransport whether epoll is used where it is there
 * @param nativeTls whether BoringSSL is used where it is there
 * @param idleTime how long a connection may be silent between requests
 * @param requestTime how long a client may take to send one request whole
 * @param drainTime how long open requests may take to finish at the end
 * @param connectionsMax connections at once
 * @param headerBytesMax of the request line, and of all headers together
 * @param socketBytesMax queued for one WebSocket before it is cut
 * @param origins that browsers may call from; {@code *} for all
 * @param strictTransport whether browsers are told to use TLS only (RFC 6797)
 */
public record WireConfig(
    String host,
    int httpsPort,
    int httpPort,
    boolean nativeTransport,
    boolean nativeTls,
    Duration idleTime,
    Duration requestTime,
    Duration drainTime,
    int connectionsMax,
    int headerBytesMax,
    int socketBytesMax,
    Set<String> origins,
    boolean strictTransport) {
  public WireConfig {
    origins = Set.copyOf(origins);
  }

  /** Reads the settings; {@code developer} chooses the defaults. */
  public static WireConfig of(Settings settings, boolean developer) {
    return new WireConfig(
        settings.text(
            "https.host", developer ? "127.0.0.1" : "0.0.0.0", "Address that listeners bind to."),
        settings.number("https.port", 8443, 0, 65535, "Port of the main TLS listener."),
        httpPort(
            settings.text(
                "http.port",
                "off",
                "Port of a plain-http listener on loopback, for a TLS-terminating proxy and for benchmarks; off for none.")),
        settings.flag("native.transport", true, "Whether epoll is used where it is there."),
        settings.flag("native.tls", true, "Whether BoringSSL is used where it is there."),
        settings.duration(
            "http.idle-time", Duration.ofSeconds(120), "Silence that ends a connection."),
        settings.duration(
            "http.request-time",
            Duration.ofSeconds(30),
            "Time a client has to send one request whole."),
        settings.duration(
            "http.drain-time",
            Duration.ofSeconds(10),
            "Time open requests have to finish when the server stops."),
        settings.number(
            "http.connections-max", 50_000, 1, 2_000_000, "Connections at once; more are closed."),
        settings.number(
            "http.header-bytes-max",
            32 << 10,
            1 << 10,
            1 << 20,
            "Largest request line, and largest headers together, bytes."),
        settings.number(
            "websocket.queued-bytes-max",
            1 << 20,
            1 << 10,
            1 << 28,
            "Bytes queued for one WebSocket before its slow reader is cut."),
        origins(
            settings.text(
                "cors.origins",
                developer ? "*" : "",
                "Origins that browsers may call the data plane from, between commas; * for all.")),
        settings.flag(
            "https.strict",
            !developer,
            "Whether browsers are told to use TLS only; on localhost this would break other programs' pages."));
  }

  private static int httpPort(String text) {
    if (text.equals("off")) {
      return -1;
    }
    try {
      var port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw new SettingsProblem("http.port must be off or a port, not \"" + text + "\".");
  }

  private static Set<String> origins(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(origin -> !origin.isEmpty())
        .collect(Collectors.toSet());
  }
}
