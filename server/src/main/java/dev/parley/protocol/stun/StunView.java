package dev.parley.protocol.stun;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A STUN message (RFC 8489 section 5) where it lies in a byte array. One view is used again for
 * every message of a thread; it copies nothing.
 *
 * <p>Not thread-safe.
 */
public final class StunView {
  static final int HEADER_BYTES = 20;
  static final int MAGIC_COOKIE = 0x2112A442;

  static final int BINDING_REQUEST = 0x0001;
  static final int BINDING_INDICATION = 0x0011;
  static final int BINDING_SUCCESS = 0x0101;
  static final int BINDING_ERROR = 0x0111;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int UNKNOWN_ATTRIBUTES = 0x000A;
  static final int XOR_MAPPED_ADDRESS = 0x0020;
  static final int PRIORITY = 0x0024;
  static final int USE_CANDIDATE = 0x0025;
  static final int FINGERPRINT = 0x8028;
  static final int ICE_CONTROLLED = 0x8029;
  static final int ICE_CONTROLLING = 0x802A;

  /** A name that is longer is no name of ours (RFC 8445 section 5.3 has 4 to 256 characters). */
  private static final int USERNAME_BYTES_MAX = 513;

  private byte[] bytes = new byte[HEADER_BYTES];
  private int offset;
  private int length;
  private int usernameAt;
  private int usernameBytes;
  private int integrityAt;
  private int fingerprintAt;
  private int mappedAt;
  private int mappedBytes;
  private boolean useCandidate;
  private boolean controlled;
  private int unknownRequired;

  /** Looks at a message. False when it is malformed: then the view shows nothing useful. */
  public boolean wrap(byte[] bytes, int offset, int length) {
    if (length < HEADER_BYTES
        || (length & 3) != 0
        || (bytes[offset] & 0xC0) != 0
        || Words.i32(bytes, offset + 4) != MAGIC_COOKIE
        || Words.u16(bytes, offset + 2) != length - HEADER_BYTES) {
      return false;
    }
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    usernameAt = -1;
    usernameBytes = 0;
    integrityAt = -1;
    fingerprintAt = -1;
    mappedAt = -1;
    mappedBytes = 0;
    useCandidate = false;
    controlled = false;
    unknownRequired = 0;
    return readAttributes();
  }

  private boolean readAttributes() {
    var end = offset + length;
    var at = offset + HEADER_BYTES;
    while (at < end) {
      if (at + 4 > end || fingerprintAt >= 0) {
        // The fingerprint is the last attribute (RFC 8489 section 14.7).
        return false;
      }
      var type = Words.u16(bytes, at);
      var size = Words.u16(bytes, at + 2);
      if (at + 4 + size > end || !take(type, at, size)) {
        return false;
      }
      at += 4 + (size + 3 & ~3);
    }
    return true;
  }

  private boolean take(int type, int at, int size) {
    if (integrityAt >= 0 && type != FINGERPRINT) {
      // Not covered by the integrity check, so it says nothing (RFC 8489 section 14.5).
      return true;
    }
    switch (type) {
      case USERNAME -> {
        if (size > USERNAME_BYTES_MAX) {
          return false;
        }
        usernameAt = at + 4;
        usernameBytes = size;
      }
      case MESSAGE_INTEGRITY -> {
        integrityAt = at;
        return size == 20;
      }
      case FINGERPRINT -> {
        fingerprintAt = at;
        return size == 4;
      }
      case XOR_MAPPED_ADDRESS -> {
        mappedAt = at + 4;
        mappedBytes = size;
        return size == 8 || size == 20;
      }
      case USE_CANDIDATE -> useCandidate = true;
      case ICE_CONTROLLED -> controlled = true;
      case PRIORITY, ICE_CONTROLLING, ERROR_CODE, UNKNOWN_ATTRIBUTES -> {
        // Known, and of no use to an ICE-lite server.
      }
      default -> {
        if (type < 0x8000 && unknownRequired == 0) {
          unknownRequired = type;
        }
      }
    }
    return true;
  }

  public boolean isBindingRequest() {
    return type() == BINDING_REQUEST;
  }

  public boolean isBindingSuccess() {
    return type() == BINDING_SUCCESS;
  }

  /** A sign of life that wants no answer (RFC 8445 section 11). */
  public boolean isBindingIndication() {
    return type() == BINDING_INDICATION;
  }

  private int type() {
    return Words.u16(bytes, offset);
  }

  /** Whether the controlling side has chosen this pair of addresses. */
  public boolean useCandidate() {
    return useCandidate;
  }

  /** Whether the sender thinks that it is the controlled side, which an ICE-lite peer never is. */
  public boolean claimsControlled() {
    return controlled;
  }

  /** An attribute that has to be understood and is not; 0 for none. */
  public int unknownRequired() {
    return unknownRequired;
  }

  /**
   * The part of the user name before the colon, which is ours (RFC 8445 section 7.2.2), or empty
   * text.
   */
  public String localFragment() {
    for (var i = 0; i < usernameBytes; i++) {
      if (bytes[usernameAt + i] == ':') {
        return new String(bytes, usernameAt, i, StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  /** Whether the user name is this; makes no object. */
  public boolean isFor(byte[] username) {
    return usernameAt >= 0
        && Arrays.equals(
            bytes, usernameAt, usernameAt + usernameBytes, username, 0, username.length);
  }

  public boolean hasIntegrity() {
    return integrityAt >= 0;
  }

  /** Whether the message was signed with this key; compares in constant time. */
  public boolean isSignedBy(StunKey key) {
    return integrityAt >= 0 && key.verifies(bytes, offset, integrityAt);
  }

  /** Whether the message ends with its right checksum (RFC 8489 section 14.7). */
  public boolean hasFingerprint() {
    return fingerprintAt >= 0
        && Words.i32(bytes, fingerprintAt + 4)
            == Words.fingerprint(bytes, offset, fingerprintAt - offset);
  }

  /** The port of the mapped address, or -1; for what plays a client. */
  public int mappedPort() {
    return mappedAt < 0 ? -1 : Words.u16(bytes, mappedAt + 2) ^ MAGIC_COOKIE >>> 16;
  }

  /** The bytes of the mapped address, 4 or 16, or none. */
  public byte[] mappedAddress() {
    if (mappedAt < 0) {
      return new byte[0];
    }
    var address = Arrays.copyOfRange(bytes, mappedAt + 4, mappedAt + mappedBytes);
    for (var i = 0; i < address.length; i++) {
      // The cookie and the transaction id lie beside each other.
      address[i] ^= bytes[offset + 4 + i];
    }
    return address;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset() {
    return offset;
  }
}
