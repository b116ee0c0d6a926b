package dev.parley.protocol.rtcp;

/** Reads compound and reduced-size packets (RFC 3550 section 6.1, RFC 5506). Not thread-safe. */
public final class RtcpReader {
  private final TransportFeedback feedback = new TransportFeedback();

  /**
   * Tells the listener what the packets say. False when any of them is malformed; when they do not
   * even line up, nothing was told. Unknown types are skipped.
   */
  public boolean read(byte[] bytes, int offset, int length, RtcpListener listener) {
    if (offset < 0 || length < 4 || length > bytes.length - offset) {
      return false;
    }
    var end = offset + length;
    for (var at = offset; at < end; at += bytesOf(bytes, at)) {
      if (end - at < 4 || bytes[at] >> 6 != -2 || bytesOf(bytes, at) > end - at) {
        return false;
      }
    }
    var sound = true;
    for (var at = offset; at < end; at += bytesOf(bytes, at)) {
      sound &= packet(bytes, at, at + bytesOf(bytes, at), listener);
    }
    return sound;
  }

  private static int bytesOf(byte[] bytes, int at) {
    return 4 * (Words.u16(bytes, at + 2) + 1);
  }

  private boolean packet(byte[] bytes, int at, int packetEnd, RtcpListener listener) {
    var end = packetEnd;
    if ((bytes[at] & 0x20) != 0) {
      var padding = Words.u8(bytes, end - 1);
      if (padding == 0 || padding > end - at - 4) {
        return false;
      }
      end -= padding;
    }
    var count = bytes[at] & 0x1f;
    return switch (Words.u8(bytes, at + 1)) {
      case RtcpTypes.SENDER_REPORT -> senderReport(bytes, at, end, count, listener);
      case RtcpTypes.RECEIVER_REPORT ->
          end - at >= 8 && blocks(bytes, at, at + 8, end, count, listener);
      case RtcpTypes.SOURCE_DESCRIPTION -> names(bytes, at + 4, end, count, listener);
      case RtcpTypes.BYE -> bye(bytes, at + 4, end, count, listener);
      case RtcpTypes.TRANSPORT_FEEDBACK ->
          end - at >= 12 && transport(bytes, at, end, count, listener);
      case RtcpTypes.PAYLOAD_FEEDBACK -> end - at >= 12 && payload(bytes, at, end, count, listener);
      case RtcpTypes.EXTENDED_REPORT -> end - at >= 8 && extended(bytes, at, end, listener);
      default -> true;
    };
  }

  private static boolean senderReport(
      byte[] bytes, int at, int end, int count, RtcpListener listener) {
    if (end - at < 28 + 24 * count) {
      return false;
    }
    listener.senderReport(
        Words.i32(bytes, at + 4),
        Words.i64(bytes, at + 8),
        Words.i32(bytes, at + 16),
        Words.i32(bytes, at + 20),
        Words.i32(bytes, at + 24));
    return blocks(bytes, at, at + 28, end, count, listener);
  }

  private static boolean blocks(
      byte[] bytes, int packet, int from, int end, int count, RtcpListener listener) {
    if (end - from < 24 * count) {
      return false;
    }
    var reporter = Words.i32(bytes, packet + 4);
    for (var i = 0; i < count; i++) {
      var at = from + 24 * i;
      listener.receptionReport(
          reporter,
          Words.i32(bytes, at),
          Words.u8(bytes, at + 4),
          Words.i24(bytes, at + 5),
          Words.i32(bytes, at + 8),
          Words.i32(bytes, at + 12),
          Words.i32(bytes, at + 16),
          Words.i32(bytes, at + 20));
    }
    return true;
  }

  private static boolean names(byte[] bytes, int from, int end, int count, RtcpListener listener) {
    var at = from;
    for (var i = 0; i < count; i++) {
      if (end - at < 8) {
        return false;
      }
      var ssrc = Words.i32(bytes, at);
      at += 4;
      while (at < end && bytes[at] != 0) {
        if (end - at < 2 || Words.u8(bytes, at + 1) > end - at - 2) {
          return false;
        }
        var length = Words.u8(bytes, at + 1);
        if (bytes[at] == 1) {
          listener.canonicalName(ssrc, bytes, at + 2, length);
        }
        at += 2 + length;
      }
      if (at >= end) {
        return false;
      }
      // The zero ends the chunk, which is then filled to a whole word.
      at = from + (at - from + 4 & ~3);
    }
    return true;
  }

  private static boolean bye(byte[] bytes, int from, int end, int count, RtcpListener listener) {
    if (end - from < 4 * count) {
      return false;
    }
    for (var i = 0; i < count; i++) {
      listener.bye(Words.i32(bytes, from + 4 * i));
    }
    return true;
  }

  private boolean transport(byte[] bytes, int at, int end, int format, RtcpListener listener) {
    var sender = Words.i32(bytes, at + 4);
    var ssrc = Words.i32(bytes, at + 8);
    if (format == RtcpTypes.NACK) {
      if (end - at < 16) {
        return false;
      }
      for (var entry = at + 12; entry + 4 <= end; entry += 4) {
        listener.nack(sender, ssrc, Words.u16(bytes, entry), Words.u16(bytes, entry + 2));
      }
    } else if (format == RtcpTypes.TRANSPORT_CC) {
      if (!feedback.wrap(bytes, at, end)) {
        return false;
      }
      listener.transportFeedback(feedback);
    }
    return true;
  }

  private static boolean payload(byte[] bytes, int at, int end, int format, RtcpListener listener) {
    var sender = Words.i32(bytes, at + 4);
    var ssrc = Words.i32(bytes, at + 8);
    switch (format) {
      case RtcpTypes.PLI -> listener.pictureLoss(sender, ssrc);
      case RtcpTypes.FIR -> {
        if (end - at < 20) {
          return false;
        }
        for (var entry = at + 12; entry + 8 <= end; entry += 8) {
          listener.fullIntraRequest(sender, Words.i32(bytes, entry), Words.u8(bytes, entry + 4));
        }
      }
      case RtcpTypes.APPLICATION -> {
        if (end - at >= 20 && Words.i32(bytes, at + 12) == RtcpTypes.REMB) {
          var exponent = Words.u8(bytes, at + 17) >> 2;
          long mantissa = Words.u24(bytes, at + 17) & 0x3ffff;
          // What would not fit a long is no bitrate.
          if (exponent > 45) {
            return false;
          }
          listener.maximumBitrate(sender, mantissa << exponent);
        }
      }
      default -> {}
    }
    return true;
  }

  private static boolean extended(byte[] bytes, int packet, int end, RtcpListener listener) {
    var at = packet + 8;
    while (at < end) {
      if (end - at < 4) {
        return false;
      }
      var length = 4 * (Words.u16(bytes, at + 2) + 1);
      if (length > end - at) {
        return false;
      }
      if (bytes[at] == RtcpTypes.RECEIVER_REFERENCE_TIME && length >= 12) {
        listener.receiverReferenceTime(Words.i32(bytes, packet + 4), Words.i64(bytes, at + 4));
      }
      at += length;
    }
    return true;
  }
}
