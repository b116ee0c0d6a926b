package dev.parley.feature.email.delivery;

import dev.parley.base.wire.OutboundTcp;
import dev.parley.feature.email.Addresses;
import dev.parley.feature.email.OutboxItem;
import dev.parley.feature.email.Outgoing;
import dev.parley.feature.email.RecipientState;
import dev.parley.feature.email.dns.Dns;
import dev.parley.protocol.smtp.SmtpReply;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A last hop over SMTP: to a smarthost, or to the servers that the recipient's domain names. */
final class SmtpHop implements LastHop, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SmtpHop.class);
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** Servers and addresses that one attempt tries. */
  private static final int SERVERS_MAX = 5;

  private final RelayConfig config;
  private final DeliveryConfig delivery;
  private final Outgoing outgoing;
  private final Dns dns;
  private final OutboundTcp tcp;
  private final TlsPolicies policies;
  private final SmtpPool pool = new SmtpPool();

  SmtpHop(
      RelayConfig config,
      DeliveryConfig delivery,
      Outgoing outgoing,
      Dns dns,
      OutboundTcp tcp,
      TlsPolicies policies) {
    this.config = config;
    this.delivery = delivery;
    this.outgoing = outgoing;
    this.dns = dns;
    this.tcp = tcp;
    this.policies = policies;
  }

  /** The server said no, or nothing, before any message was at stake. */
  private static final class Unready extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient SmtpReply reply;

    Unready(SmtpReply reply) {
      super(reply.text());
      this.reply = reply;
    }
  }

  /** The other side offered TLS, and it came to nothing. */
  private static final class BrokenTls extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenTls(IOException cause) {
      super("TLS failed: " + cause.getMessage(), cause);
    }
  }

  @Override
  public String lane(String destination) {
    return config.smarthost().isPresent() ? "smarthost" : destination;
  }

  @Override
  public boolean hasOneLane() {
    return config.smarthost().isPresent();
  }

  @Override
  public Attempt deliver(OutboxItem item) {
    var kept = pool.take(lane(item.destination()));
    if (kept != null) {
      var attempt = deliver(item, kept);
      // Servers end connections that rest; that says nothing, and no message was at stake.
      if (!(attempt instanceof Attempt.NotNow) || kept.isAnswered()) {
        return attempt;
      }
    }
    return deliver(item, null);
  }

  /** Over a connection that was kept, or a new one. */
  private Attempt deliver(OutboxItem item, @Nullable SmtpClient kept) {
    var client = kept;
    try {
      if (client == null) {
        client = connect(item.destination());
      }
      var attempt = transact(client, item);
      pool.give(lane(item.destination()), client);
      return attempt;
    } catch (Dns.NoSuchName _) {
      return new Attempt.Ended(RecipientState.BOUNCED, "", "550 5.1.2 The domain does not exist");
    } catch (NoMail _) {
      return new Attempt.Ended(RecipientState.BOUNCED, "", "556 5.1.10 The domain accepts no mail");
    } catch (Loop _) {
      return new Attempt.Ended(
          RecipientState.FAILED, "", "554 5.4.6 The mail would come back here");
    } catch (Unready e) {
      drop(client);
      return new Attempt.NotNow(hostOf(client), e.reply.text(), true);
    } catch (IOException e) {
      drop(client);
      log.debug("{} cannot be reached", item.destination(), e);
      // A connection that broke in the middle says nothing about the next one.
      var words = "451 4.4.1 " + e.getMessage();
      return new Attempt.NotNow(hostOf(client), words, client == null);
    }
  }

  private static String hostOf(@Nullable SmtpClient client) {
    return client == null ? "" : client.host();
  }

  private static void drop(@Nullable SmtpClient client) {
    if (client != null) {
      client.link().close();
    }
  }

  /** The domain has said that it takes no mail (RFC 7505). */
  private static final class NoMail extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The domain's mail is this server's own, which takes none from outside. */
  private static final class Loop extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private Attempt transact(SmtpClient client, OutboxItem item) throws IOException {
    client.link().within(delivery.attemptTime(), IDLE);
    var mail = outgoing.message(item);
    var from = outgoing.returnPath(item);
    var to = Addresses.local(item.recipient()) + "@" + item.destination();
    var parameters = new StringBuilder();
    if (!isAscii(from) || !isAscii(to) || mail.headerHasLetters()) {
      if (!client.offers("SMTPUTF8")) {
        return new Attempt.Ended(
            RecipientState.BOUNCED,
            client.host(),
            "553 5.6.7 The server takes no internationalised addresses");
      }
      parameters.append(" SMTPUTF8");
    }
    if (client.offers("8BITMIME") && (mail.headerHasLetters() || mail.bodyHasLetters())) {
      parameters.append(" BODY=8BITMIME");
    }
    if (client.offers("SIZE")) {
      parameters.append(" SIZE=").append(mail.size());
    }
    var sent = client.transact(from, to, parameters.toString(), mail);
    return judged(client.host(), sent);
  }

  /** What a server's word means for the recipient. */
  static Attempt judged(String host, SmtpClient.Sent sent) {
    var reply = sent.reply();
    if (reply.isDone()) {
      return new Attempt.Ended(RecipientState.DELIVERED, host, reply.text());
    }
    if (!reply.isPermanent()) {
      // 421 closes the channel: the whole destination is busy.
      return new Attempt.NotNow(host, reply.text(), reply.code() == 421);
    }
    // A bare refusal of the recipient, but for its size, means that there is no such mailbox.
    var bare = reply.enhanced().isEmpty() && sent.atRecipient() && reply.code() != 552;
    return new Attempt.Ended(
        bare ? RecipientState.BOUNCED : RecipientState.ofRefusal(reply.enhanced()),
        host,
        reply.text());
  }

  private SmtpClient connect(String destination) throws IOException {
    if (config.smarthost().isPresent()) {
      return smarthost(config.smarthost().get());
    }
    var exchanges = dns.exchanges(destination);
    if (exchanges.isEmpty()) {
      throw new NoMail();
    }
    var policy = policies.of(destination);
    IOException last = new IOException("no server of " + destination + " can be used");
    var tried = 0;
    for (var exchange : exchanges) {
      if (exchange.host().equalsIgnoreCase(config.hostname())) {
        // Those behind it would only bring it back (RFC 5321 section 5.1).
        throw tried == 0 ? new Loop() : last;
      }
      if (!policy.allows(exchange.host())) {
        continue;
      }
      for (var address : addresses(exchange.host())) {
        if (++tried > SERVERS_MAX) {
          throw last;
        }
        try {
          return open(exchange, address, destination, policy);
        } catch (IOException e) {
          last = e;
        }
      }
    }
    throw last;
  }

  /**
   * A host that a domain names but that does not exist is the domain's fault, and may be mended.
   */
  private List<InetAddress> addresses(String host) throws IOException {
    try {
      return new ArrayList<>(dns.addresses(host));
    } catch (Dns.NoSuchName _) {
      return List.of();
    }
  }

  private SmtpClient open(
      Dns.Exchange exchange, InetAddress address, String domain, TlsPolicies.Policy policy)
      throws IOException {
    var trust = policies.trust(exchange, domain, policy);
    return open(exchange.host(), address, config.port(), trust);
  }

  /**
   * With TLS where it is offered; whom the server must prove to be decides whether it is a must.
   */
  private SmtpClient open(String host, InetAddress address, int port, OutboundTcp.Trust trust)
      throws IOException {
    var required = !(trust instanceof OutboundTcp.Trust.Anybody);
    try {
      return open(host, address, port, trust, required, true);
    } catch (BrokenTls e) {
      if (required) {
        throw e;
      }
      // Opportunistic: a server whose TLS is broken still gets its mail (RFC 7435).
      return open(host, address, port, trust, false, false);
    }
  }

  private SmtpClient open(
      String host,
      InetAddress address,
      int port,
      OutboundTcp.Trust trust,
      boolean required,
      boolean tls)
      throws IOException {
    var client = new SmtpClient(tcp.connect(host, address, port, IDLE), host);
    try {
      client.link().within(delivery.attemptTime(), IDLE);
      ready(client.greeting());
      ready(client.hello(config.hostname()));
      if (tls && client.offers("STARTTLS") && client.say("STARTTLS").isDone()) {
        secure(client, host, trust);
        ready(client.hello(config.hostname()));
      } else if (required) {
        throw new IOException("the server offers no TLS, and its domain's policy wants it");
      }
      return client;
    } catch (IOException | RuntimeException e) {
      client.link().close();
      throw e;
    }
  }

  private void secure(SmtpClient client, String host, OutboundTcp.Trust trust) throws BrokenTls {
    try {
      tcp.secure(client.link(), host, trust);
    } catch (IOException e) {
      throw new BrokenTls(e);
    }
  }

  private SmtpClient smarthost(RelayConfig.Smarthost relay) throws IOException {
    var certified = config.certified(relay.host());
    IOException last = new IOException("the smarthost " + relay.host() + " has no address");
    for (var address : InetAddress.getAllByName(relay.host())) {
      try {
        var client =
            switch (relay.security()) {
              case TLS -> implicitTls(relay, address, certified);
              case STARTTLS -> open(relay.host(), address, relay.port(), certified);
              case OPPORTUNISTIC ->
                  open(relay.host(), address, relay.port(), new OutboundTcp.Trust.Anybody());
            };
        if (!relay.user().isEmpty()) {
          if (!client.link().isSecure()) {
            client.close();
            throw new IOException("the smarthost offers no TLS, and a password needs it");
          }
          ready(client.authenticate(relay.user(), relay.password().reveal()));
        }
        return client;
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private SmtpClient implicitTls(
      RelayConfig.Smarthost relay, InetAddress address, OutboundTcp.Trust trust)
      throws IOException {
    var client =
        new SmtpClient(tcp.connect(relay.host(), address, relay.port(), IDLE), relay.host());
    try {
      client.link().within(delivery.attemptTime(), IDLE);
      tcp.secure(client.link(), relay.host(), trust);
      ready(client.greeting());
      ready(client.hello(config.hostname()));
      return client;
    } catch (IOException | RuntimeException e) {
      client.link().close();
      throw e;
    }
  }

  private static void ready(SmtpReply reply) throws Unready {
    if (!reply.isDone()) {
      throw new Unready(reply);
    }
  }

  private static boolean isAscii(String text) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
  }

  @Override
  public void close() {
    pool.close();
    try {
      policies.close();
    } catch (IOException e) {
      log.debug("the way to policies does not close", e);
    }
  }
}
