package dev.parley.feature.sms.carrier;

import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings of the SMPP server that older applications submit to.
 *
 * @param port 0 for none; {@code bind} is the address that it listens on
 * @param accounts by system id
 */
public record SubmitterConfig(
    boolean open, String bind, int port, int sessionsMax, Map<String, Account> accounts) {
  /**
   * Who may bind.
   *
   * @param resource name of the resource that it sends for; empty for the default one
   */
  public record Account(String systemId, Secret password, String resource) {}

  public static SubmitterConfig of(Settings settings) {
    var accounts = new LinkedHashMap<String, Account>();
    for (var name : settings.names("sms.smpp-server.accounts")) {
      var key = "sms.smpp-server.accounts." + name;
      var password =
          settings.secret(key + ".password", "Password of the account, at most 8 characters.");
      if (password.isEmpty() || password.length() > 8) {
        throw new SettingsProblem(key + ".password must have 1 to 8 characters.");
      }
      accounts.put(
          name,
          new Account(
              name,
              Secret.of(password.getBytes(StandardCharsets.US_ASCII)),
              settings.text(
                  key + ".resource",
                  "",
                  "Resource that the account sends for; empty for the default one.")));
    }
    return new SubmitterConfig(
        !accounts.isEmpty(),
        settings.text(
            "sms.smpp-server.bind", "127.0.0.1", "Address that the SMPP server listens on."),
        settings.number(
            "sms.smpp-server.port",
            2775,
            0,
            65_535,
            "Port of the SMPP server, which is open when it has accounts; 0 for a free one."),
        settings.number(
            "sms.smpp-server.sessions-max", 32, 1, 1_000, "Sessions of the SMPP server, at most."),
        accounts);
  }
}
