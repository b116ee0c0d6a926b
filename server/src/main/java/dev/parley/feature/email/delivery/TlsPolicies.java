package dev.parley.feature.email.delivery;

import dev.parley.base.kit.LruCache;
import dev.parley.base.wire.OutboundConfig;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.feature.email.dns.Dns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What domains demand of those who bring them mail: MTA-STS (RFC 8461), and DANE (RFC 7672) where
 * DNSSEC vouches for it.
 */
final class TlsPolicies implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsPolicies.class);
  private static final int CACHED_MAX = 10_000;
  private static final long AGE_MAX = 31_557_600;
  private static final long FAILURE_AGE = 300;

  /** A redirect is no policy, and a long text is none either (RFC 8461 section 3.3). */
  private static final OutboundHttp.Bounds POLICY =
      new OutboundHttp.Bounds(Duration.ofMinutes(1), 64 << 10);

  /** What a domain's MTA-STS demands; nothing, for most. */
  record Policy(String id, boolean enforced, List<String> hosts, Instant until) {
    boolean allows(String host) {
      return !enforced || hosts.stream().anyMatch(pattern -> matches(pattern, host));
    }

    /** A star stands for one label (RFC 8461 section 4.1). */
    static boolean matches(String pattern, String host) {
      if (!pattern.startsWith("*.")) {
        return pattern.equalsIgnoreCase(host);
      }
      var dot = host.indexOf('.');
      return dot > 0 && host.substring(dot + 1).equalsIgnoreCase(pattern.substring(2));
    }
  }

  private final RelayConfig config;
  private final Dns dns;
  private final OutboundConfig outbound;
  private final InstantSource clock;
  private final LruCache<String, Policy> cache = new LruCache<>(CACHED_MAX);

  /** Made with the first policy; most servers never need one. */
  private @Nullable OutboundHttp http;

  TlsPolicies(RelayConfig config, Dns dns, OutboundConfig outbound, InstantSource clock) {
    this.config = config;
    this.dns = dns;
    this.outbound = outbound;
    this.clock = clock;
  }

  /** What the domain demands now. */
  Policy of(String domain) {
    var now = clock.instant();
    var known = cache.find(domain).orElse(null);
    if (known != null && known.until().isAfter(now) && known.id().isEmpty()) {
      return known;
    }
    var id = announced(domain);
    if (known != null && known.until().isAfter(now) && (id.isEmpty() || id.equals(known.id()))) {
      // A record that vanished does not end a policy that is still fresh (section 3.1).
      return known;
    }
    var fresh = id.isEmpty() ? none(now) : fetched(domain, id, known, now);
    cache.put(domain, fresh);
    return fresh;
  }

  private static Policy none(Instant now) {
    return new Policy("", false, List.of(), now.plusSeconds(FAILURE_AGE));
  }

  private String announced(String domain) {
    try {
      for (var text : dns.texts("_mta-sts." + domain)) {
        if (text.matches("v=STSv1\\s*;.*")) {
          for (var part : text.split(";", -1)) {
            if (part.strip().startsWith("id=")) {
              return part.strip().substring(3);
            }
          }
        }
      }
    } catch (IOException _) {
      // Without an answer what is known stays valid.
    }
    return "";
  }

  private Policy fetched(String domain, String id, @Nullable Policy known, Instant now) {
    try {
      var port = config.policyPort() == 443 ? "" : ":" + config.policyPort();
      var address = URI.create("https://mta-sts." + domain + port + "/.well-known/mta-sts.txt");
      var answer = http().get(address, Map.of(), POLICY);
      if (answer.status() == 200) {
        return parsed(new String(answer.body(), StandardCharsets.UTF_8), id, now);
      }
      log.info("the MTA-STS policy of {} is not there: status {}", domain, answer.status());
    } catch (IOException | IllegalArgumentException e) {
      log.info("the MTA-STS policy of {} cannot be had: {}", domain, e.toString());
    }
    return known != null && known.until().isAfter(now) ? known : none(now);
  }

  static Policy parsed(String text, String id, Instant now) {
    var hosts = new ArrayList<String>();
    var mode = "none";
    var age = 0L;
    for (var line : text.split("\r?\n", -1)) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        var value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
          case "mode" -> mode = value;
          case "mx" -> hosts.add(value.toLowerCase(Locale.ROOT));
          case "max_age" -> age = value.matches("\\d{1,10}") ? Long.parseLong(value) : 0;
          default -> {}
        }
      }
    }
    return new Policy(
        id, mode.equals("enforce"), List.copyOf(hosts), now.plusSeconds(Math.min(age, AGE_MAX)));
  }

  /** Whom a server must prove to be. */
  OutboundTcp.Trust trust(Dns.Exchange exchange, String domain, Policy policy) throws IOException {
    var tlsa =
        exchange.authentic() ? dns.tlsa(exchange.host(), config.port()) : List.<Dns.Tlsa>of();
    var dane = new Dane(tlsa, List.of(exchange.host(), domain));
    if (dane.isUsable()) {
      return new OutboundTcp.Trust.Checked(dane::check);
    }
    if (policy.enforced()) {
      return config.certified(exchange.host());
    }
    // Records that nobody can check still say that there is TLS (RFC 7672 section 2.2).
    return tlsa.isEmpty()
        ? new OutboundTcp.Trust.Anybody()
        : new OutboundTcp.Trust.Checked(_ -> {});
  }

  private synchronized OutboundHttp http() {
    var known = http;
    if (known == null) {
      known = new OutboundHttp(outbound, this::addresses, config.authorities());
      http = known;
    }
    return known;
  }

  private InetAddress[] addresses(String host) throws UnknownHostException {
    try {
      var found = dns.addresses(host);
      if (!found.isEmpty()) {
        return found.toArray(InetAddress[]::new);
      }
    } catch (IOException e) {
      throw unknown(host, e);
    }
    throw new UnknownHostException(host);
  }

  private static UnknownHostException unknown(String host, IOException cause) {
    var unknown = new UnknownHostException(host);
    unknown.initCause(cause);
    return unknown;
  }

  @Override
  public synchronized void close() throws IOException {
    if (http != null) {
      http.close();
    }
  }
}
