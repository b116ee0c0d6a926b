package dev.parley.base.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The one way out over HTTP: webhooks, media URLs, key sets of outside issuers.
 *
 * <p>Outside the developer profile it reaches public addresses over https only, and what the
 * operator allows. The address is checked where it is connected to, so neither a redirect nor a DNS
 * answer that changes between look and leap gets around it. Blocking; safe on every thread.
 */
public final class OutboundHttp implements AutoCloseable {
  private static final int REDIRECTS_MAX = 3;
  private static final int CONNECTIONS_MAX = 256;
  private static final int CONNECTIONS_PER_HOST_MAX = 32;

  /**
   * An answer with its body whole. Header names are lower-case; of repeated ones the first counts.
   */
  public record Answer(int status, Map<String, String> headers, byte[] body) {}

  /** Looks a host name up. */
  @FunctionalInterface
  public interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /**
   * Bounds of one call, where they are narrower than the house's.
   *
   * @param bodyBytesMax how much of the answer's body is read; what is beyond is left unread
   */
  public record Bounds(Duration deadline, int bodyBytesMax) {}

  private final OutboundConfig config;
  private final OutboundAllowed allowed;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("outbound-deadlines").daemon().factory());

  public OutboundHttp(OutboundConfig config) {
    this(config, SystemDefaultDnsResolver.INSTANCE::resolve);
  }

  OutboundHttp(OutboundConfig config, Lookup lookup) {
    this(config, lookup, List.of());
  }

  /**
   * For those who ask resolvers of their own.
   *
   * @param authorities who may certify the other sides; empty for those that the platform knows
   */
  public OutboundHttp(OutboundConfig config, Lookup lookup, List<X509Certificate> authorities) {
    this.config = config;
    this.allowed = new OutboundAllowed(config.allowed());
    // Thousands of calls a second end long before their deadlines.
    deadlines.setRemoveOnCancelPolicy(true);
    var timeout = Timeout.of(config.connectTimeout());
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setTlsSocketStrategy(authorities.isEmpty() ? null : signedBy(authorities))
            .setDnsResolver(guarded(lookup))
            .setMaxConnTotal(CONNECTIONS_MAX)
            .setMaxConnPerRoute(CONNECTIONS_PER_HOST_MAX)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(timeout)
                    .setSocketTimeout(Timeout.of(config.deadline()))
                    .build())
            .build();
    client =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(timeout)
                    .setResponseTimeout(Timeout.of(config.deadline()))
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("Parley")
            .build();
  }

  private static TlsSocketStrategy signedBy(List<X509Certificate> authorities) {
    return new DefaultClientTlsStrategy(
        OutboundTcp.context(new OutboundTcp.Trust.Signed("", authorities)));
  }

  /** Fetches within bounds; a redirect is the answer. */
  public Answer get(URI address, Map<String, String> headers, Bounds bounds) throws IOException {
    return exchange("GET", address, headers, null, bounds, false);
  }

  /** Fetches; follows at most three redirects. */
  public Answer get(URI address, Map<String, String> headers) throws IOException {
    var next = address;
    for (var hop = 0; hop <= REDIRECTS_MAX; hop++) {
      // Credentials stay with the host they were meant for.
      var answer = exchange("GET", next, sameOrigin(address, next) ? headers : Map.of(), null);
      var location = answer.headers().get("location");
      if (answer.status() < 300 || answer.status() > 399 || location == null) {
        return answer;
      }
      next = resolved(next, location);
    }
    throw new OutboundRefused("more than " + REDIRECTS_MAX + " redirects");
  }

  /** Posts; a redirect is the answer, since a webhook must not be led elsewhere. */
  public Answer post(URI address, Map<String, String> headers, String contentType, byte[] body)
      throws IOException {
    return exchange(
        "POST", address, headers, new ByteArrayEntity(body, ContentType.parse(contentType)));
  }

  /** Posts within bounds; of a longer answer the beginning is given. */
  public Answer post(
      URI address, Map<String, String> headers, String contentType, byte[] body, Bounds bounds)
      throws IOException {
    var entity = new ByteArrayEntity(body, ContentType.parse(contentType));
    return exchange("POST", address, headers, entity, bounds, true);
  }

  /** Asks what an address allows (RFC 9110 section 9.3.7); a redirect is the answer. */
  public Answer options(URI address, Map<String, String> headers, Bounds bounds)
      throws IOException {
    return exchange("OPTIONS", address, headers, null, bounds, true);
  }

  private Answer exchange(
      String method, URI address, Map<String, String> headers, @Nullable ByteArrayEntity body)
      throws IOException {
    var bounds = new Bounds(config.deadline(), config.bodyBytesMax());
    return exchange(method, address, headers, body, bounds, false);
  }

  private Answer exchange(
      String method,
      URI address,
      Map<String, String> headers,
      @Nullable ByteArrayEntity body,
      Bounds bounds,
      boolean beginning)
      throws IOException {
    checkScheme(address);
    var request = new HttpUriRequestBase(method, address);
    headers.forEach(request::setHeader);
    if (body != null) {
      request.setEntity(body);
    }
    var cut =
        deadlines.schedule(request::cancel, bounds.deadline().toMillis(), TimeUnit.MILLISECONDS);
    // Closing a response that was not read to its end drops the connection instead of draining it.
    try (var response = client.executeOpen(null, request, null)) {
      return read(response, bounds.bodyBytesMax(), beginning);
    } finally {
      cut.cancel(false);
    }
  }

  private static Answer read(ClassicHttpResponse response, int bytesMax, boolean beginning)
      throws IOException {
    var headers = new HashMap<String, String>();
    for (var header : response.getHeaders()) {
      headers.putIfAbsent(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    var entity = response.getEntity();
    if (entity == null) {
      return new Answer(response.getCode(), headers, new byte[0]);
    }
    var body = entity.getContent().readNBytes(bytesMax + 1);
    if (body.length > bytesMax && !beginning) {
      throw new OutboundRefused("the answer is larger than " + bytesMax + " bytes");
    }
    return new Answer(
        response.getCode(), headers, Arrays.copyOf(body, Math.min(body.length, bytesMax)));
  }

  private void checkScheme(URI address) throws OutboundRefused {
    var scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    if (address.getHost() == null || address.getUserInfo() != null) {
      throw new OutboundRefused("the address names no host, or credentials");
    }
    var plain = config.privateAddresses() || allowed.allows(address.getHost());
    if (!scheme.equals("https") && !(scheme.equals("http") && plain)) {
      throw new OutboundRefused("only https is allowed");
    }
  }

  private DnsResolver guarded(Lookup lookup) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        var addresses = lookup.addresses(host);
        for (var address : addresses) {
          if (!mayReach(host, address)) {
            var refusal = new UnknownHostException("the host has an address that is not public");
            refusal.initCause(new OutboundRefused("an address that is not public"));
            throw refusal;
          }
        }
        return addresses;
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  private boolean mayReach(String host, InetAddress address) {
    return config.privateAddresses()
        || OutboundAddresses.isPublic(address)
        || allowed.allows(host)
        || allowed.allows(address);
  }

  private static boolean sameOrigin(URI one, URI other) {
    return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(other.getScheme()))
        && String.valueOf(one.getAuthority())
            .equalsIgnoreCase(String.valueOf(other.getAuthority()));
  }

  private static URI resolved(URI base, String location) throws OutboundRefused {
    try {
      return base.resolve(location);
    } catch (IllegalArgumentException _) {
      throw new OutboundRefused("a redirect to no address");
    }
  }

  @Override
  public void close() throws IOException {
    deadlines.shutdownNow();
    client.close();
  }
}
