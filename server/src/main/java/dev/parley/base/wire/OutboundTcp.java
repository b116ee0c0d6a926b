package dev.parley.base.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The one way out over plain TCP. Outside the developer profile it reaches public addresses only,
 * and what the operator allows; the address is checked where it is connected to.
 */
public final class OutboundTcp {
  private final OutboundConfig config;
  private final OutboundAllowed allowed;
  private final TcpDeadlines deadlines = new TcpDeadlines();

  public OutboundTcp(OutboundConfig config) {
    this.config = config;
    this.allowed = new OutboundAllowed(config.allowed());
  }

  /** Who the other side must prove to be in a TLS handshake. */
  public sealed interface Trust {
    /** Anybody: better than nothing against those who only listen (RFC 7435). */
    record Anybody() implements Trust {}

    /** A name, certified by an authority that the platform knows. */
    record Certified(String name) implements Trust {}

    /** A name, certified by one of these authorities and no other. */
    record Signed(String name, List<X509Certificate> authorities) implements Trust {}

    /**
     * Whoever has a certificate that the check accepts; it throws what it does not (DANE, RFC
     * 7672).
     */
    record Checked(Check check) implements Trust {}
  }

  /** Looks at a certificate chain, the server's own first. */
  @FunctionalInterface
  public interface Check {
    void accept(List<X509Certificate> chain) throws CertificateException;
  }

  /**
   * Connects.
   *
   * @param host the name that was looked up, which the operator may have allowed by itself
   * @throws OutboundRefused when the address may not be reached
   */
  public TcpLink connect(String host, InetAddress address, int port, Duration idle)
      throws IOException {
    var link = new TcpLink(socket(host, address, port), idle);
    deadlines.watch(link);
    return link;
  }

  /**
   * Connects for a library that reads and writes by itself, and bounds its own waits.
   *
   * @throws OutboundRefused when the address may not be reached
   */
  public Socket socket(String host, InetAddress address, int port) throws IOException {
    if (!config.privateAddresses()
        && !OutboundAddresses.isPublic(address)
        && !allowed.allows(host)
        && !allowed.allows(address)) {
      throw new OutboundRefused("an address that is not public");
    }
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(
          new InetSocketAddress(address, port), (int) config.connectTimeout().toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Goes on over TLS; after a failure the connection is good for nothing more. */
  public void secure(TcpLink link, String host, Trust trust) throws IOException {
    link.secured(socket -> over(socket, host, trust));
  }

  /** The same for a socket: the handshake is still to come, and its waits are the caller's. */
  public SSLSocket over(Socket socket, String host, Trust trust) throws IOException {
    var over =
        (SSLSocket)
            context(trust).getSocketFactory().createSocket(socket, host, socket.getPort(), true);
    var parameters = over.getSSLParameters();
    if (host.contains(".") && !host.matches("[\\d.]+|.*:.*")) {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    if (trust instanceof Trust.Certified || trust instanceof Trust.Signed) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    over.setSSLParameters(parameters);
    return over;
  }

  /**
   * The certificates in a PEM file, as authorities that somebody trusts.
   *
   * @throws IOException when the file cannot be read, or holds something else
   */
  public static List<X509Certificate> authorities(Path pem) throws IOException {
    try (var in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new IOException("The authorities in " + pem + " cannot be read", e);
    }
  }

  static SSLContext context(Trust trust) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          null,
          switch (trust) {
            case Trust.Anybody _ -> new TrustManager[] {new Checking(_ -> {})};
            case Trust.Certified _ -> null;
            case Trust.Signed signed -> managers(signed.authorities());
            case Trust.Checked checked -> new TrustManager[] {new Checking(checked.check())};
          },
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has TLS.", e);
    }
  }

  private static TrustManager[] managers(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      return trust.getTrustManagers();
    } catch (IOException e) {
      throw new IllegalStateException("An empty key store is always there.", e);
    }
  }

  private record Checking(Check check) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("No client is expected here.");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check.accept(List.of(chain));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
