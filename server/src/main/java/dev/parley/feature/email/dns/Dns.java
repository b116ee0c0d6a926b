package dev.parley.feature.email.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks the configured resolvers. Blocking; safe on every thread. */
public final class Dns {
  private final DnsConfig config;
  private final Resolver resolver;

  /** A server that takes mail for a domain; {@code authentic} when DNSSEC vouches for it. */
  public record Exchange(String host, int preference, boolean authentic) {}

  /** What a certificate must be (RFC 6698). */
  public record Tlsa(int usage, int selector, int matching, byte[] data) {}

  /** There is no such name; asking again is pointless. */
  public static final class NoSuchName extends IOException {
    private static final long serialVersionUID = 1L;

    NoSuchName(String name) {
      super("no such name: " + name);
    }
  }

  private record Answer(List<Record> records, boolean authentic) {}

  public Dns(DnsConfig config) {
    this.config = config;
    try {
      var all = new ArrayList<Resolver>();
      for (var one : config.resolvers()) {
        all.add(resolver(one));
      }
      resolver = all.isEmpty() ? new ExtendedResolver() : new ExtendedResolver(all);
      resolver.setTimeout(config.timeout());
      resolver.setEDNS(0, 1232, config.validated() ? org.xbill.DNS.ExtendedFlags.DO : 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("email.dns-resolvers names an unknown host.", e);
    }
  }

  private static Resolver resolver(String text) throws UnknownHostException {
    var colon = text.lastIndexOf(':');
    var hasPort = colon > 0 && text.indexOf(':') == colon;
    var simple = new SimpleResolver(hasPort ? text.substring(0, colon) : text);
    if (hasPort) {
      simple.setPort(Integer.parseInt(text.substring(colon + 1)));
    }
    return simple;
  }

  /**
   * The servers for a domain's mail, in the order to try them: its own address where it names none
   * (RFC 5321 section 5.1), and nobody where it says that it takes no mail (RFC 7505).
   *
   * @throws NoSuchName when there is no such domain
   */
  public List<Exchange> exchanges(String domain) throws IOException {
    var answer = ask(domain, Type.MX);
    var found = new ArrayList<Exchange>();
    for (var record : answer.records()) {
      if (record instanceof MXRecord mx) {
        var host = host(mx.getTarget());
        found.add(new Exchange(host, mx.getPriority(), answer.authentic()));
      }
    }
    if (found.isEmpty()) {
      return List.of(new Exchange(domain, 0, answer.authentic()));
    }
    Collections.shuffle(found);
    found.sort(Comparator.comparingInt(Exchange::preference));
    return found.stream().filter(exchange -> !exchange.host().isEmpty()).toList();
  }

  /**
   * Addresses of a host, IPv6 first.
   *
   * @throws IOException when neither kind can be learned; some name servers fail on one of them
   */
  public List<InetAddress> addresses(String host) throws IOException {
    var found = new ArrayList<InetAddress>();
    IOException failure = null;
    for (var type : new int[] {Type.AAAA, Type.A}) {
      try {
        ask(host, type).records().forEach(record -> add(record, found));
      } catch (NoSuchName e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null && found.isEmpty()) {
      throw failure;
    }
    return found;
  }

  private static void add(Record record, List<InetAddress> found) {
    switch (record) {
      case AAAARecord six -> found.add(six.getAddress());
      case ARecord four -> found.add(four.getAddress());
      default -> {}
    }
  }

  /** The texts at a name, each with its strings put together; empty where there are none. */
  public List<String> texts(String name) throws IOException {
    try {
      return ask(name, Type.TXT).records().stream()
          .filter(TXTRecord.class::isInstance)
          .map(record -> String.join("", ((TXTRecord) record).getStrings()))
          .toList();
    } catch (NoSuchName _) {
      return List.of();
    }
  }

  /** What certificates of a server must be; only what DNSSEC vouches for counts. */
  public List<Tlsa> tlsa(String host, int port) throws IOException {
    if (!config.validated()) {
      return List.of();
    }
    try {
      var answer = ask("_" + port + "._tcp." + host, Type.TLSA);
      return answer.authentic()
          ? answer.records().stream()
              .filter(TLSARecord.class::isInstance)
              .map(TLSARecord.class::cast)
              .map(tlsa ->
                  new Tlsa(
                      tlsa.getCertificateUsage(),
                      tlsa.getSelector(),
                      tlsa.getMatchingType(),
                      tlsa.getCertificateAssociationData()))
              .toList()
          : List.of();
    } catch (NoSuchName _) {
      return List.of();
    }
  }

  private Answer ask(String name, int type) throws IOException {
    Message answer;
    try {
      var absolute = Name.fromString(name.endsWith(".") ? name : name + ".");
      answer = resolver.send(Message.newQuery(Record.newRecord(absolute, type, DClass.IN)));
    } catch (TextParseException _) {
      throw new NoSuchName(name);
    }
    return switch (answer.getRcode()) {
      case Rcode.NOERROR ->
          new Answer(
              answer.getSection(org.xbill.DNS.Section.ANSWER).stream()
                  .filter(record -> record.getType() == type)
                  .toList(),
              config.validated() && answer.getHeader().getFlag(Flags.AD));
      case Rcode.NXDOMAIN -> throw new NoSuchName(name);
      default -> throw new IOException("DNS says " + Rcode.string(answer.getRcode()));
    };
  }

  private static String host(Name name) {
    return name.toString(true).toLowerCase(Locale.ROOT);
  }
}
