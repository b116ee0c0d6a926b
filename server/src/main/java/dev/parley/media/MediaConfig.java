package dev.parley.media;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Settings of the media core.
 *
 * @param address where UDP and TCP listen
 * @param port of the first worker; the others follow; 0 for any
 * @param workers threads, each with a port
 * @param publicAddresses what peers are told; empty for the addresses of this machine
 * @param loopback whether peers are told the loopback address as well
 * @param tcp whether peers may come over TCP
 * @param batches whether packets are read and written in batches where the platform can
 * @param bufferBytes what the kernel is asked to hold per socket and direction
 * @param handshakesMax DTLS handshakes at a time
 * @param peersMax connections of one worker
 * @param lastN voices that are forwarded at a time in a room, the loudest; 0 for all
 */
public record MediaConfig(
    InetAddress address,
    int port,
    int workers,
    List<InetAddress> publicAddresses,
    boolean loopback,
    boolean tcp,
    boolean batches,
    int bufferBytes,
    int handshakesMax,
    int peersMax,
    int lastN) {
  private static final int PORT = 8444;

  public MediaConfig {
    publicAddresses = List.copyOf(publicAddresses);
  }

  /** Reads the settings. */
  public static MediaConfig of(Settings settings, boolean developer) {
    var workers =
        settings.number(
            "media.workers",
            0,
            0,
            64,
            "Media threads, each with a port of its own; 0 for one less than there are processors,"
                + " at least one.");
    return new MediaConfig(
        address(
            "media.address",
            settings.text(
                "media.address",
                "::",
                "Address on which media listens; :: for all of IPv6 and IPv4.")),
        settings.number(
            "media.port",
            developer ? 0 : PORT,
            0,
            65_535,
            "UDP port of the first media thread, and TCP port of the same number; the others"
                + " follow. 0 for any."),
        workers == 0 ? Math.max(1, Runtime.getRuntime().availableProcessors() - 1) : workers,
        addresses(
            settings.text(
                "media.public-addresses",
                "",
                "Addresses under which clients reach the media ports, between commas; empty for"
                    + " those of this machine.")),
        developer,
        settings.flag("media.tcp", true, "Whether media may come over TCP where UDP is blocked."),
        settings.flag(
            "media.batches",
            true,
            "Whether packets are read and written in batches on Linux; false for the portable"
                + " way."),
        settings.number(
            "media.buffer-bytes",
            4 << 20,
            1 << 16,
            1 << 28,
            "What the kernel is asked to hold per media socket and direction; it gives what"
                + " net.core.rmem_max allows."),
        settings.number(
            "media.handshakes-max", 64, 1, 4096, "DTLS handshakes that run at the same time."),
        settings.number(
            "media.peers-max", 5_000, 1, 100_000, "Connections that one media thread takes."),
        settings.number(
            "media.last-n",
            8,
            0,
            100,
            "Voices that are forwarded at a time in a room, the loudest; 0 for all."));
  }

  private static List<InetAddress> addresses(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .map(entry -> address("media.public-addresses", entry))
        .toList();
  }

  private static InetAddress address(String setting, String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      throw new SettingsProblem("%s must be an IP address, not \"%s\".".formatted(setting, text));
    }
  }
}
