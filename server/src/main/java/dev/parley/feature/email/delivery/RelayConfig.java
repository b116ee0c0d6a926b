package dev.parley.feature.email.delivery;

import dev.parley.base.kit.Secret;
import dev.parley.base.kit.Settings;
import dev.parley.base.kit.SettingsProblem;
import dev.parley.base.wire.OutboundTcp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the way out.
 *
 * @param hostname how this server calls itself
 * @param smarthost takes everything; empty to deliver to the recipients' own servers
 * @param port of the recipients' servers, 25 but in tests
 * @param policyPort of the servers of MTA-STS policies, 443 but in tests
 * @param authorities who may certify mail and policy servers; empty for those the platform knows
 */
public record RelayConfig(
    String hostname,
    Optional<Smarthost> smarthost,
    int port,
    int policyPort,
    List<X509Certificate> authorities) {
  public RelayConfig {
    authorities = List.copyOf(authorities);
  }

  /** A server that takes all mail. */
  public record Smarthost(String host, int port, Security security, String user, Secret password) {}

  /** How the way to a smarthost is made safe. */
  public enum Security {
    /** TLS where it is offered. */
    OPPORTUNISTIC,
    /** STARTTLS, and a certificate of that name. */
    STARTTLS,
    /** TLS from the first byte, and a certificate of that name. */
    TLS
  }

  /** Reads the settings. */
  public static RelayConfig of(Settings settings) {
    var hostname =
        settings.text(
            "email.hostname",
            "localhost",
            "How this server calls itself to other mail servers; must resolve to its public"
                + " address.");
    var host =
        settings.text(
            "email.smarthost",
            "",
            "Mail server that takes all outgoing email, host:port; empty to deliver to the"
                + " recipients' servers.");
    var security =
        settings.text(
            "email.smarthost-security",
            "starttls",
            "How the way to the smarthost is made safe: tls, starttls or opportunistic.");
    var user = settings.text("email.smarthost-user", "", "User name at the smarthost.");
    var password = settings.secret("email.smarthost-password", "Password at the smarthost.");
    var port =
        settings.number(
            "email.mx-port",
            25,
            1,
            65535,
            "Port of the recipients' servers; another only in tests.");
    var policyPort =
        settings.number(
            "email.mta-sts-port",
            443,
            1,
            65535,
            "Port of the servers of MTA-STS policies; another only in tests.");
    var authorities =
        settings.text(
            "email.authorities",
            "",
            "PEM file of the authorities that may certify mail servers and MTA-STS policies, where"
                + " a certificate is asked for; empty for those that Java knows.");
    return new RelayConfig(
        hostname,
        host.isEmpty() ? Optional.empty() : Optional.of(smarthost(host, security, user, password)),
        port,
        policyPort,
        authorities.isEmpty() ? List.of() : authorities(authorities));
  }

  private static List<X509Certificate> authorities(String file) {
    try {
      return OutboundTcp.authorities(Path.of(file));
    } catch (IOException e) {
      throw new SettingsProblem("email.authorities: " + e.getMessage());
    }
  }

  /** Who proves to be that server, by a certificate of an authority. */
  OutboundTcp.Trust certified(String host) {
    return authorities.isEmpty()
        ? new OutboundTcp.Trust.Certified(host)
        : new OutboundTcp.Trust.Signed(host, authorities);
  }

  private static Smarthost smarthost(String text, String security, String user, String password) {
    var colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
      throw new SettingsProblem("email.smarthost must be host:port, not \"" + text + "\".");
    }
    var how =
        switch (security) {
          case "tls" -> Security.TLS;
          case "starttls" -> Security.STARTTLS;
          case "opportunistic" -> Security.OPPORTUNISTIC;
          default ->
              throw new SettingsProblem(
                  "email.smarthost-security must be tls, starttls or opportunistic.");
        };
    return new Smarthost(
        text.substring(0, colon),
        Integer.parseInt(text.substring(colon + 1)),
        how,
        user,
        Secret.of(password.getBytes(StandardCharsets.UTF_8)));
  }
}
