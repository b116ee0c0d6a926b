package dev.parley.feature.sms.carrier;

import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.time.Duration;
import java.util.Locale;

/**
 * Settings of an SMPP 3.4 carrier.
 *
 * @param bind one transceiver, or a transmitter and a receiver
 * @param trust PEM file with the certificates that the carrier's may be signed by; empty for the
 *     usual authorities
 * @param window submits without an answer, at most
 * @param perSecond segments a second, at most; 0 for no bound
 * @param answerTimeout a submit without an answer for so long may have been taken or not
 * @param longText how messages of several segments are sent
 */
public record SmppConfig(
    String name,
    Reach reach,
    String host,
    int port,
    String systemId,
    String password,
    String systemType,
    Bind bind,
    boolean tls,
    String trust,
    int window,
    int perSecond,
    Duration enquireLink,
    Duration answerTimeout,
    Duration reconnectMax,
    LongText longText,
    boolean receipts)
    implements CarrierConfig {
  /** Which sessions are opened. */
  public enum Bind {
    TRANSCEIVER,
    PAIR
  }

  /** How a message of several segments travels. */
  public enum LongText {
    /** A user data header before each segment. */
    UDH,
    /** {@code sar_msg_ref_num} and its companions. */
    SAR,
    /** The whole text in {@code message_payload}; the carrier cuts it. */
    PAYLOAD
  }

  static SmppConfig of(Settings settings, String name, String key) {
    var tls = settings.flag(key + ".tls", false, "Whether the bind is inside TLS.");
    var config =
        new SmppConfig(
            name,
            Reach.of(settings, key),
            settings.text(key + ".host", "localhost", "Host of the SMPP server."),
            settings.number(
                key + ".port", tls ? 3550 : 2775, 1, 65_535, "Port of the SMPP server."),
            settings.text(key + ".system-id", "", "system_id of the bind."),
            settings.secret(key + ".password", "password of the bind; at most 8 characters."),
            settings.text(key + ".system-type", "", "system_type of the bind."),
            word(
                settings,
                key + ".bind",
                Bind.TRANSCEIVER,
                "transceiver, or pair for a transmitter and a receiver."),
            tls,
            settings.text(
                key + ".trust",
                "",
                "PEM file with the authorities of the carrier; empty for the usual ones."),
            settings.number(key + ".window", 50, 1, 1_000, "Submits without an answer, at most."),
            settings.number(
                key + ".per-second", 0, 0, 100_000, "Segments a second, at most; 0 for no bound."),
            settings.duration(
                key + ".enquire-link",
                Duration.ofSeconds(30),
                "A link that is silent for so long is asked whether it lives."),
            settings.duration(
                key + ".answer-timeout",
                Duration.ofSeconds(20),
                "Longest wait for the answer to a submit."),
            settings.duration(
                key + ".reconnect-max",
                Duration.ofSeconds(30),
                "Longest pause between two tries to bind."),
            word(
                settings,
                key + ".long-text",
                LongText.UDH,
                "How long messages travel: udh, sar or payload."),
            settings.flag(
                key + ".receipts",
                true,
                "Whether the carrier sends delivery receipts; else taken counts as delivered."));
    if (config.password().length() > 8 || config.systemId().length() > 15) {
      throw new SettingsProblem(key + ": a system id has at most 15 characters, a password 8.");
    }
    return config;
  }

  private static <E extends Enum<E>> E word(
      Settings settings, String key, E fallback, String sentence) {
    var text = settings.text(key, fallback.name().toLowerCase(Locale.ROOT), sentence);
    try {
      return Enum.valueOf(fallback.getDeclaringClass(), text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw new SettingsProblem(key + " cannot be \"" + text + "\". " + sentence);
    }
  }
}
