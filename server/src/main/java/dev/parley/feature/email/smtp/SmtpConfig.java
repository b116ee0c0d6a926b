package dev.parley.feature.email.smtp;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.time.Duration;

/**
 * Settings of the ways in by SMTP; a port of -1 is no listener, and 0 any free one.
 *
 * @param submissionPort where STARTTLS comes before everything else
 * @param submissionTlsPort where TLS comes first
 * @param bouncePort where other mail servers bring bounces and complaints
 * @param messageTime longest time to send one message
 */
public record SmtpConfig(
    String host,
    String hostname,
    int submissionPort,
    int submissionTlsPort,
    int bouncePort,
    int connectionsMax,
    int perAddressMax,
    int messageBytesMax,
    int recipientsMax,
    Duration idle,
    Duration messageTime) {
  /** Reads the settings; {@code developer} chooses the defaults. */
  public static SmtpConfig of(Settings settings, boolean developer) {
    return new SmtpConfig(
        settings.text(
            "smtp.host",
            developer ? "127.0.0.1" : "0.0.0.0",
            "Address that the SMTP listeners bind to."),
        settings.text("smtp.hostname", "localhost", "Name in the greeting of the SMTP listeners."),
        port(settings, "smtp.submission-port", "Port of SMTP submission with STARTTLS (587)"),
        port(settings, "smtp.submission-tls-port", "Port of SMTP submission over TLS (465)"),
        port(settings, "smtp.bounce-port", "Port where bounces and complaints come in (25)"),
        settings.number(
            "smtp.connections-max", 500, 1, 100_000, "SMTP connections at once; more are closed."),
        settings.number(
            "smtp.connections-per-address-max",
            developer ? 500 : 50,
            1,
            100_000,
            "SMTP connections from one address at once; more are closed."),
        settings.number(
            "smtp.message-bytes-max",
            10 << 20,
            1 << 10,
            64 << 20,
            "Largest submitted email, bytes."),
        settings.number("smtp.recipients-max", 50, 1, 250, "Recipients of one submitted email."),
        settings.duration(
            "smtp.idle-time", Duration.ofMinutes(5), "Silence that ends an SMTP connection."),
        settings.duration(
            "smtp.message-time", Duration.ofMinutes(10), "Time to send one message whole."));
  }

  private static int port(Settings settings, String key, String what) {
    var text = settings.text(key, "off", what + "; off for none, 0 for any free one.");
    if (text.equals("off")) {
      return -1;
    }
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535) {
      return Integer.parseInt(text);
    }
    throw new SettingsProblem(key + " must be off or a port, not \"" + text + "\".");
  }
}
