package dev.parley.protocol.rtp;

import java.nio.charset.StandardCharsets;

/**
 * What single extensions say, and setting it where it stands. Ids come from an {@link
 * ExtensionMap}; an id of 0 (not negotiated) finds nothing.
 */
public final class Extensions {
  /** The packet does not say. */
  public static final int ABSENT = -1;

  private Extensions() {}

  /** The transport-wide sequence number, or {@link #ABSENT}. */
  public static int transportCc(RtpView packet, int id) {
    var at = packet.extension(id);
    return at == RtpView.NONE || packet.extensionLength(at) < 2
        ? ABSENT
        : Bits.u16(packet.bytes(), at);
  }

  /** Sets the transport-wide sequence number where it stands; false when it does not. */
  public static boolean transportCc(RtpView packet, int id, int number) {
    var at = packet.extension(id);
    if (at == RtpView.NONE || packet.extensionLength(at) < 2) {
      return false;
    }
    Bits.put16(packet.bytes(), at, number);
    return true;
  }

  /** The time of sending in 2^-18 seconds, 24 bits, or {@link #ABSENT}. */
  public static int absSendTime(RtpView packet, int id) {
    var at = packet.extension(id);
    return at == RtpView.NONE || packet.extensionLength(at) < 3
        ? ABSENT
        : Bits.u24(packet.bytes(), at);
  }

  /** Sets the time of sending where it stands; false when it does not. */
  public static boolean absSendTime(RtpView packet, int id, long nanos) {
    var at = packet.extension(id);
    if (at == RtpView.NONE || packet.extensionLength(at) < 3) {
      return false;
    }
    Bits.put24(packet.bytes(), at, absSendTime(nanos));
    return true;
  }

  /** A time as 6.18 fixed point seconds, which wrap after 64. */
  public static int absSendTime(long nanos) {
    var seconds = Math.floorDiv(nanos, 1_000_000_000L);
    var rest = Math.floorMod(nanos, 1_000_000_000L);
    return (int) ((seconds << 18) + (rest << 18) / 1_000_000_000L) & 0xffffff;
  }

  /** The audio level in -dBov, 0 (loudest) to 127 (RFC 6464 section 3), or {@link #ABSENT}. */
  public static int audioLevel(RtpView packet, int id) {
    var at = packet.extension(id);
    return at == RtpView.NONE || packet.extensionLength(at) < 1
        ? ABSENT
        : packet.bytes()[at] & 0x7f;
  }

  /** Whether the sender takes the packet for speech (RFC 6464 section 3). */
  public static boolean isVoice(RtpView packet, int id) {
    var at = packet.extension(id);
    return at != RtpView.NONE
        && packet.extensionLength(at) >= 1
        && (packet.bytes()[at] & 0x80) != 0;
  }

  /** Whether a text extension (mid, rid, repaired rid) says just this. Makes no object. */
  public static boolean says(RtpView packet, int id, byte[] text) {
    var at = packet.extension(id);
    if (at == RtpView.NONE || packet.extensionLength(at) != text.length) {
      return false;
    }
    for (var i = 0; i < text.length; i++) {
      if (packet.bytes()[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * A text extension (mid, rid, repaired rid), or empty text. Makes a string: for the first packets
   * of a source only.
   */
  public static String text(RtpView packet, int id) {
    var at = packet.extension(id);
    return at == RtpView.NONE
        ? ""
        : new String(packet.bytes(), at, packet.extensionLength(at), StandardCharsets.UTF_8);
  }
}
