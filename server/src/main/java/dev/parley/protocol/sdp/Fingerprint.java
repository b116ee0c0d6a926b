package dev.parley.protocol.sdp;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hash of a certificate (RFC 8122 section 5).
 *
 * @param algorithm {@code sha-256}, {@code sha-384} or {@code sha-512}
 * @param value upper-case hexadecimal with colons
 */
public record Fingerprint(String algorithm, String value) {
  private static final Map<String, Integer> BYTES =
      Map.of("sha-256", 32, "sha-384", 48, "sha-512", 64);
  private static final Pattern HEX = Pattern.compile("[0-9A-F]{2}(?::[0-9A-F]{2})*");

  /** The strongest of those offered. */
  static Fingerprint strongest(List<String> values) throws SdpProblem {
    if (values.isEmpty()) {
      throw new SdpProblem(SdpReason.NO_FINGERPRINT, "No fingerprint");
    }
    return values.stream()
        .map(Fingerprint::of)
        .flatMap(Optional::stream)
        .max(Comparator.comparingInt(fingerprint -> fingerprint.value().length()))
        .orElseThrow(() ->
            new SdpProblem(
                SdpReason.WEAK_HASH, "No fingerprint of sha-256 or better that is whole"));
  }

  private static Optional<Fingerprint> of(String text) {
    var words = SdpReader.words(text);
    if (words.size() != 2) {
      return Optional.empty();
    }
    var algorithm = words.get(0).toLowerCase(Locale.ROOT);
    var value = words.get(1).toUpperCase(Locale.ROOT);
    var bytes = BYTES.getOrDefault(algorithm, 0);
    return value.length() == 3 * bytes - 1 && HEX.matcher(value).matches()
        ? Optional.of(new Fingerprint(algorithm, value))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return algorithm + " " + value;
  }
}
