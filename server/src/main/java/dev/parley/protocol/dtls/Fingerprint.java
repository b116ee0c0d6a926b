package dev.parley.protocol.dtls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The fingerprint of a certificate as SDP has it (RFC 8122 section 5).
 *
 * @param algorithm {@code sha-256}, {@code sha-384} or {@code sha-512}
 * @param value upper-case bytes between colons
 */
public record Fingerprint(String algorithm, String value) {
  private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

  /** Weaker sums are not taken (RFC 8122 section 5 leaves MD5 and SHA-1 to the past). */
  private static final Map<String, String> DIGESTS =
      Map.of("sha-256", "SHA-256", "sha-384", "SHA-384", "sha-512", "SHA-512");

  /** Reads what stands behind {@code a=fingerprint:}; empty for weak sums and nonsense. */
  public static Optional<Fingerprint> read(String text) {
    var space = text.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    var algorithm = text.substring(0, space).toLowerCase(Locale.ROOT);
    try {
      var bytes = HEX.parseHex(text.substring(space + 1).strip());
      var name = DIGESTS.get(algorithm);
      if (name == null || bytes.length != MessageDigest.getInstance(name).getDigestLength()) {
        return Optional.empty();
      }
      return Optional.of(new Fingerprint(algorithm, HEX.formatHex(bytes)));
    } catch (IllegalArgumentException | GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  /** The SHA-256 fingerprint of a certificate. */
  static Fingerprint of(byte[] certificate) {
    return new Fingerprint("sha-256", HEX.formatHex(digest("SHA-256", certificate)));
  }

  boolean matches(byte[] certificate) {
    var name = DIGESTS.get(algorithm);
    return name != null && MessageDigest.isEqual(HEX.parseHex(value), digest(name, certificate));
  }

  private static byte[] digest(String name, byte[] bytes) {
    try {
      return MessageDigest.getInstance(name).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + name + ".", e);
    }
  }

  @Override
  public String toString() {
    return algorithm + " " + value;
  }
}
