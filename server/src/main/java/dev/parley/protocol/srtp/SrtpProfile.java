package dev.parley.protocol.srtp;

import java.util.Optional;

/** The protection profiles that we speak, best first (RFC 5764 section 4.1.2, RFC 7714). */
public enum SrtpProfile {
  /** Half the cost of the other one. */
  AEAD_AES_128_GCM(0x0007, 16, 12, 16),
  AES_CM_128_HMAC_SHA1_80(0x0001, 16, 14, 10);

  private final int id;
  private final int keyBytes;
  private final int saltBytes;
  private final int tagBytes;

  SrtpProfile(int id, int keyBytes, int saltBytes, int tagBytes) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
    this.tagBytes = tagBytes;
  }

  /** The profile of a DTLS extension's number. */
  public static Optional<SrtpProfile> of(int id) {
    for (var profile : values()) {
      if (profile.id == id) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  /** The number in the DTLS extension. */
  public int id() {
    return id;
  }

  public int keyBytes() {
    return keyBytes;
  }

  public int saltBytes() {
    return saltBytes;
  }

  /** What protection adds to an RTP packet; RTCP gets four bytes more. */
  public int tagBytes() {
    return tagBytes;
  }
}
