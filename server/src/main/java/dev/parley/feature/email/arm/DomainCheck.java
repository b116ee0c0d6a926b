package dev.parley.feature.email.arm;

import dev.parley.feature.email.DomainKeys;
import dev.parley.feature.email.SenderDomain;
import dev.parley.feature.email.dns.Dns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/**
 * The records that prove a domain and let its mail be believed: what to publish, and whether it is
 * there.
 */
final class DomainCheck {
  /** Records by the contract's words. */
  enum Kind {
    DOMAIN("Domain"),
    SPF("SPF"),
    DKIM("DKIM"),
    DKIM2("DKIM2"),
    DMARC("DMARC");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** A TXT record to publish. */
  record Wanted(String name, String value) {}

  /** What a check found; {@code errorCode} is empty when the record is there. */
  record Found(boolean there, String errorCode) {}

  private final DomainKeys keys;
  private final Dns dns;
  private final String hostname;

  DomainCheck(DomainKeys keys, Dns dns, String hostname) {
    this.keys = keys;
    this.dns = dns;
    this.hostname = hostname;
  }

  Wanted wanted(SenderDomain domain, Kind kind) {
    var at = domain.domain();
    return switch (kind) {
      case DOMAIN -> new Wanted(at, "ms-domain-verification=" + proof(domain));
      case SPF -> new Wanted(at, "v=spf1 a:" + hostname + " -all");
      case DKIM ->
          new Wanted(
              DomainKeys.RSA_SELECTOR + "._domainkey." + at, keys.records(domain).getFirst());
      case DKIM2 ->
          new Wanted(
              DomainKeys.ED25519_SELECTOR + "._domainkey." + at, keys.records(domain).getLast());
      case DMARC -> new Wanted("_dmarc." + at, "v=DMARC1; p=quarantine");
    };
  }

  /** The same for a service and a domain, for ever. */
  private static String proof(SenderDomain domain) {
    var text = "domain:" + domain.service() + ":" + domain.domain();
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  Found check(SenderDomain domain, Kind kind) {
    var wanted = wanted(domain, kind);
    try {
      var texts = dns.texts(wanted.name());
      var there = texts.stream().anyMatch(text -> isIt(kind, text, wanted.value()));
      if (there) {
        return new Found(true, "");
      }
      var other = texts.stream().anyMatch(text -> begins(text, wanted.value()));
      return new Found(false, other ? "RecordMismatch" : "RecordNotFound");
    } catch (IOException _) {
      return new Found(false, "DnsServerUnavailable");
    }
  }

  private static boolean isIt(Kind kind, String text, String wanted) {
    return switch (kind) {
      case DOMAIN -> text.strip().equals(wanted);
      // Other senders may be named as well.
      case SPF ->
          begins(text, wanted) && (" " + text + " ").contains(" " + wanted.split(" ", -1)[1] + " ");
      case DKIM, DKIM2 -> text.replaceAll("\\s", "").equals(wanted.replaceAll("\\s", ""));
      case DMARC -> begins(text, wanted) && text.replaceAll("\\s", "").contains("p=");
    };
  }

  private static boolean begins(String text, String wanted) {
    var word = wanted.split("[ ;=]", 2)[0].toLowerCase(Locale.ROOT);
    var first = text.strip().toLowerCase(Locale.ROOT);
    return first.startsWith(word + "=")
        && first.startsWith(
            wanted.toLowerCase(Locale.ROOT).substring(0, Math.min(6, wanted.length())));
  }
}
