package dev.parley.feature.realtime;

import dev.parley.base.kit.Settings;
import java.time.Duration;

/**
 * Settings of real time.
 *
 * @param address public base URL of this very server for its sockets, without a path; empty text
 *     for the resource's own endpoint
 * @param catchUp how long what a client missed is kept for it
 * @param waitingEventsMax events that wait for one endpoint
 * @param waitingBytesMax their bytes
 * @param endpointsMax endpoints (tabs, devices) of one user
 * @param silence how long a client may say nothing
 * @param receiptTime how long a client may take to acknowledge an event
 * @param pollTime how long an idle poll is held
 * @param drainTime how long clients have to move elsewhere when the server stops
 */
public record RealtimeConfig(
    String address,
    Duration catchUp,
    int waitingEventsMax,
    int waitingBytesMax,
    int endpointsMax,
    Duration silence,
    Duration receiptTime,
    Duration pollTime,
    Duration drainTime) {
  /** The defaults. */
  public static final RealtimeConfig DEFAULT =
      new RealtimeConfig(
          "",
          Duration.ofSeconds(120),
          5_000,
          4 << 20,
          100,
          Duration.ofSeconds(90),
          Duration.ofSeconds(30),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5));

  /** Reads the settings. */
  public static RealtimeConfig of(Settings settings) {
    return new RealtimeConfig(
        settings.text(
            "realtime.address",
            DEFAULT.address(),
            "Public URL, https://host:port, that leads to this very server; where several share a database, a client stays with the one it began at. Empty for the resource's endpoint."),
        settings.duration(
            "realtime.catch-up",
            DEFAULT.catchUp(),
            "How long a client that lost its connection finds what it missed."),
        settings.number(
            "realtime.waiting-events-max",
            DEFAULT.waitingEventsMax(),
            10,
            1_000_000,
            "Events that wait for one client; a client further behind is cut and told that it lost some."),
        settings.number(
            "realtime.waiting-bytes-max",
            DEFAULT.waitingBytesMax(),
            64 << 10,
            1 << 30,
            "Bytes of the events that wait for one client."),
        settings.number(
            "realtime.endpoints-max",
            DEFAULT.endpointsMax(),
            1,
            10_000,
            "Tabs and devices of one user that may be connected at once."),
        settings.duration(
            "realtime.silence",
            DEFAULT.silence(),
            "Silence of a client that ends its connection; clients ping every 40 seconds."),
        settings.duration(
            "realtime.receipt-time",
            DEFAULT.receiptTime(),
            "Time a client has to acknowledge an event before its connection is cut."),
        settings.duration(
            "realtime.poll-time",
            DEFAULT.pollTime(),
            "How long a long poll without news is held; below 40 seconds."),
        settings.duration(
            "realtime.drain-time",
            DEFAULT.drainTime(),
            "Time clients have to move to another server when this one stops."));
  }
}
