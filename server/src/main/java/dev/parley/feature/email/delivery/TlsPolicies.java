package dev.parley.feature.email.delivery;

import dev.parley.base.kit.LruCache;
import dev.parley.base.wire.OutboundHttp;
import dev.parley.base.wire.OutboundTcp;
import dev.parley.feature.email.dns.Dns;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What domains demand of those who bring them mail: MTA-STS (RFC 8461), and DANE (RFC 7672) where
 * DNSSEC vouches for it.
 */
final class TlsPolicies {
  private static final int CACHED_MAX = 10_000;
  private static final long AGE_MAX = 31_557_600;
  private static final long FAILURE_AGE = 300;

  /** What a domain's MTA-STS demands; nothing, for most. */
  record Policy(String id, boolean enforced, List<String> hosts, Instant until) {
    boolean allows(String host) {
      return !enforced || hosts.stream().anyMatch(pattern -> matches(pattern, host));
    }

    /** A star stands for one label (RFC 8461 section 4.1). */
    private static boolean matches(String pattern, String host) {
      if (!pattern.startsWith("*.")) {
        return pattern.equalsIgnoreCase(host);
      }
      var dot = host.indexOf('.');
      return dot > 0 && host.substring(dot + 1).equalsIgnoreCase(pattern.substring(2));
    }
  }

  private final Dns dns;
  private final OutboundHttp http;
  private final InstantSource clock;
  private final LruCache<String, Policy> cache = new LruCache<>(CACHED_MAX);

  TlsPolicies(Dns dns, OutboundHttp http, InstantSource clock) {
    this.dns = dns;
    this.http = http;
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
        if (text.startsWith("v=STSv1")) {
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
      var address = URI.create("https://mta-sts." + domain + "/.well-known/mta-sts.txt");
      var answer = http.get(address, Map.of());
      if (answer.status() == 200) {
        return parsed(new String(answer.body(), StandardCharsets.UTF_8), id, now);
      }
    } catch (IOException | IllegalArgumentException _) {
      // Told below.
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
  OutboundTcp.Trust trust(Dns.Exchange exchange, int port, Policy policy) throws IOException {
    if (exchange.authentic()) {
      var tlsa =
          dns.tlsa(exchange.host(), port).stream()
              .filter(one -> one.usage() == 2 || one.usage() == 3)
              .toList();
      if (!tlsa.isEmpty()) {
        return new OutboundTcp.Trust.Checked(chain -> checkDane(tlsa, chain));
      }
    }
    return policy.enforced()
        ? new OutboundTcp.Trust.Certified(exchange.host())
        : new OutboundTcp.Trust.Anybody();
  }

  /** Usage 3 names the server's certificate, usage 2 an authority above it. */
  private static void checkDane(List<Dns.Tlsa> tlsa, List<X509Certificate> chain)
      throws CertificateException {
    for (var one : tlsa) {
      for (var i = 0; i < chain.size(); i++) {
        if (((one.usage() == 3 && i == 0) || (one.usage() == 2 && i > 0))
            && matches(one, chain.get(i))) {
          for (var below = i; below > 0; below--) {
            verify(chain.get(below - 1), chain.get(below));
          }
          return;
        }
      }
    }
    throw new CertificateException("No certificate is the one that DANE names.");
  }

  private static void verify(X509Certificate below, X509Certificate above)
      throws CertificateException {
    try {
      below.verify(above.getPublicKey());
    } catch (java.security.GeneralSecurityException e) {
      throw new CertificateException("The chain is broken.", e);
    }
  }

  private static boolean matches(Dns.Tlsa tlsa, X509Certificate certificate)
      throws CertificateException {
    var bytes =
        tlsa.selector() == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
    var compared =
        switch (tlsa.matching()) {
          case 0 -> bytes;
          case 1 -> digest("SHA-256", bytes);
          case 2 -> digest("SHA-512", bytes);
          default -> new byte[0];
        };
    return MessageDigest.isEqual(compared, tlsa.data());
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has " + algorithm + ".", e);
    }
  }
}
