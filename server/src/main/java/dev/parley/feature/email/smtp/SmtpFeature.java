package dev.parley.feature.email.smtp;

import dev.parley.base.wire.Feature;
import dev.parley.base.wire.Route;
import dev.parley.base.wire.TcpServer;
import dev.parley.base.wire.TlsMaterial;
import dev.parley.base.words.Resource;
import dev.parley.base.words.ResourceId;
import dev.parley.feature.email.Email;
import dev.parley.feature.email.EmailTokens;
import dev.parley.feature.email.Outbox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The SMTP listeners put together. */
public final class SmtpFeature implements Feature {
  private final SmtpConfig config;
  private final String bounceDomain;
  private final Supplier<TlsMaterial> tls;
  private final SmtpLogins logins;
  private final Email email;
  private final EmailTokens tokens;
  private final Outbox outbox;
  private final Map<String, TcpServer> servers = new LinkedHashMap<>();

  /**
   * Makes the listeners; they listen after {@link #start}.
   *
   * @param tls is asked only when a listener is configured
   */
  public SmtpFeature(
      SmtpConfig config,
      String bounceDomain,
      Supplier<TlsMaterial> tls,
      SmtpLogins logins,
      Email email,
      EmailTokens tokens,
      Outbox outbox) {
    this.config = config;
    this.bounceDomain = bounceDomain;
    this.tls = tls;
    this.logins = logins;
    this.email = email;
    this.tokens = tokens;
    this.outbox = outbox;
  }

  @Override
  public List<Route> routes() {
    return List.of();
  }

  @Override
  public void start() {
    var submission = new SubmissionDesk(logins, email);
    open("PARLEY_SMTP_PORT", "smtp-submission", config.submissionPort(), false, submission);
    open("PARLEY_SMTPS_PORT", "smtps-submission", config.submissionTlsPort(), true, submission);
    if (!bounceDomain.isEmpty()) {
      var bounces = new BounceDesk(bounceDomain, tokens, outbox);
      open("PARLEY_BOUNCE_PORT", "smtp-bounces", config.bouncePort(), false, bounces);
    }
  }

  private void open(String variable, String name, int port, boolean implicitTls, SmtpDesk desk) {
    if (port < 0) {
      return;
    }
    var how =
        new TcpServer.Listening(
            name,
            config.host(),
            port,
            implicitTls,
            config.connectionsMax(),
            config.perAddressMax(),
            config.idle());
    var own = new ArrayList<TcpServer>();
    var server =
        new TcpServer(
            how,
            tls.get().sslContext(),
            link -> new SmtpSession(config, desk, link, own.getFirst()::secure).run());
    own.add(server);
    server.start();
    servers.put(variable, server);
  }

  @Override
  public Map<String, String> environment(Resource home) {
    var environment = new LinkedHashMap<String, String>();
    servers.forEach((name, server) -> environment.put(name, Integer.toString(server.port())));
    return environment;
  }

  @Override
  public void eraseAll(ResourceId resource) {
    // What was submitted is email's own.
  }

  @Override
  public void close() {
    servers.values().forEach(TcpServer::close);
  }
}
