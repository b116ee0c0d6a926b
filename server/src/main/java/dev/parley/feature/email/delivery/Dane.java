package dev.parley.feature.email.delivery;

import dev.parley.feature.email.dns.Dns;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

/** Holds a server's certificates against TLSA records, as mail does (RFC 7672 section 3.1). */
final class Dane {
  /** Usage of an authority above the server's certificate. */
  private static final int AUTHORITY = 2;

  /** Usage of the server's own certificate. */
  private static final int OWN = 3;

  /** A name of a host in a certificate (RFC 5280 section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private final List<Dns.Tlsa> usable;
  private final List<String> names;

  /**
   * Takes records of which others than of mail's two usages do not count.
   *
   * @param names one of which a certificate below a named authority must have
   */
  Dane(List<Dns.Tlsa> records, List<String> names) {
    this.usable =
        records.stream()
            .filter(one -> one.usage() == AUTHORITY || one.usage() == OWN)
            .filter(one -> one.selector() <= 1 && one.matching() <= 2)
            .toList();
    this.names = List.copyOf(names);
  }

  /** Whether there is anything to hold a certificate against. */
  boolean isUsable() {
    return !usable.isEmpty();
  }

  /**
   * Looks at a chain, the server's own certificate first. A certificate that is named itself may be
   * old, and of any name (RFC 7672 section 3.1.1).
   *
   * @throws CertificateException when no record names any of it
   */
  void check(List<X509Certificate> chain) throws CertificateException {
    for (var one : usable) {
      if (one.usage() == OWN && matches(one, chain.getFirst())) {
        return;
      }
      for (var i = 1; one.usage() == AUTHORITY && i < chain.size(); i++) {
        if (matches(one, chain.get(i))) {
          checkBelow(chain.subList(0, i + 1));
          return;
        }
      }
    }
    throw new CertificateException("No certificate is the one that DANE names.");
  }

  private void checkBelow(List<X509Certificate> chain) throws CertificateException {
    for (var i = 0; i + 1 < chain.size(); i++) {
      var above = chain.get(i + 1);
      if (above.getBasicConstraints() < i) {
        throw new CertificateException("A certificate above is no authority.");
      }
      try {
        chain.get(i).verify(above.getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new CertificateException("The chain is broken.", e);
      }
      chain.get(i).checkValidity();
    }
    if (!hasName(chain.getFirst())) {
      throw new CertificateException("The certificate has another name.");
    }
  }

  private boolean hasName(X509Certificate certificate) throws CertificateException {
    var alternatives = certificate.getSubjectAlternativeNames();
    return alternatives != null
        && alternatives.stream()
            .filter(name -> name.get(0).equals(DNS_NAME))
            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
            .anyMatch(pattern ->
                names.stream().anyMatch(name -> TlsPolicies.Policy.matches(pattern, name)));
  }

  private static boolean matches(Dns.Tlsa tlsa, X509Certificate certificate)
      throws CertificateException {
    var bytes =
        tlsa.selector() == 0 ? certificate.getEncoded() : certificate.getPublicKey().getEncoded();
    var compared =
        switch (tlsa.matching()) {
          case 0 -> bytes;
          case 1 -> digest("SHA-256", bytes);
          default -> digest("SHA-512", bytes);
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
