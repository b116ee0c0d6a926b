package dev.parley.base.bus;

import dev.parley.base.kit.Settings;

/**
 * Where the servers of one house tell each other what is worth knowing now.
 *
 * @param url {@code nats://host:port}, or {@code tls://}; several with commas; empty text for none
 * @param subject what the house's subjects begin with; another one for each house
 * @param user empty text for none
 * @param password never logged
 */
public record NatsConfig(String url, String subject, String user, String password) {
  /** No NATS: one server, or several that look into their database for news. */
  public static final NatsConfig NONE = new NatsConfig("", "parley", "", "");

  /** Reads the settings. */
  static NatsConfig of(Settings settings) {
    return new NatsConfig(
        settings.text(
            "bus.nats.url",
            NONE.url(),
            "NATS servers between the servers of one database, nats://host:4222 or tls://; without"
                + " it typing stays on the server that it came to."),
        settings.text(
            "bus.nats.subject",
            NONE.subject(),
            "What subjects begin with; where several databases share a NATS, each needs its own."),
        settings.text("bus.nats.user", NONE.user(), "User name for NATS."),
        settings.secret("bus.nats.password", "Password for NATS."));
  }

  /** Whether there is one. */
  public boolean isSet() {
    return !url.isEmpty();
  }

  @Override
  public String toString() {
    return "NatsConfig[url=" + url + ", subject=" + subject + ", user=" + user + "]";
  }
}
