package dev.parley.protocol.rtcp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a compound packet into a byte array. A method that finds no room for its whole packet
 * writes nothing and answers false. One writer is used again; not thread-safe.
 */
public final class RtcpWriter {
  /** Blocks and sources per packet: the count has five bits. */
  public static final int COUNT_MAX = 31;

  private byte[] bytes = new byte[0];
  private int offset;
  private int limit;
  private int at;
  private int reportAt;

  /** Begins; {@code limit} is the index that must not be reached. */
  public RtcpWriter begin(byte[] bytes, int offset, int limit) {
    this.bytes = bytes;
    this.offset = offset;
    this.limit = Math.min(limit, bytes.length);
    at = offset;
    reportAt = -1;
    return this;
  }

  /** The bytes written so far. */
  public int length() {
    return at - offset;
  }

  /** A sender report (RFC 3550 section 6.4.1), see {@link RtcpListener#senderReport}. */
  public boolean senderReport(int ssrc, long ntp, int rtp, int packets, int octets) {
    var start = open(0, RtcpTypes.SENDER_REPORT, 28);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, ssrc);
    Words.put64(bytes, start + 8, ntp);
    Words.put32(bytes, start + 16, rtp);
    Words.put32(bytes, start + 20, packets);
    Words.put32(bytes, start + 24, octets);
    reportAt = start;
    return true;
  }

  /** A receiver report (RFC 3550 section 6.4.2). */
  public boolean receiverReport(int ssrc) {
    var start = open(0, RtcpTypes.RECEIVER_REPORT, 8);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, ssrc);
    reportAt = start;
    return true;
  }

  /**
   * A block of the report that was just begun, see {@link RtcpListener#receptionReport}; false also
   * after {@link #COUNT_MAX} blocks.
   */
  public boolean receptionReport(
      int ssrc,
      int fractionLost,
      int packetsLost,
      int highestSequence,
      int jitter,
      int lastReport,
      int delay) {
    if (reportAt < 0 || (bytes[reportAt] & 0x1f) == COUNT_MAX || limit - at < 24) {
      return false;
    }
    Words.put32(bytes, at, ssrc);
    bytes[at + 4] = (byte) Math.clamp(fractionLost, 0, 255);
    Words.put24(bytes, at + 5, Math.clamp(packetsLost, -0x800000, 0x7fffff));
    Words.put32(bytes, at + 8, highestSequence);
    Words.put32(bytes, at + 12, jitter);
    Words.put32(bytes, at + 16, lastReport);
    Words.put32(bytes, at + 20, delay);
    at += 24;
    bytes[reportAt]++;
    Words.put16(bytes, reportAt + 2, (at - reportAt) / 4 - 1);
    return true;
  }

  /** A source's name (RFC 3550 section 6.5.1), at most 255 bytes of UTF-8. */
  public boolean canonicalName(int ssrc, String name) {
    var text = name.getBytes(StandardCharsets.UTF_8);
    // The list of items ends with one to four zeros.
    var length = 8 + (2 + text.length + 4 & ~3);
    var start = text.length > 255 ? -1 : open(1, RtcpTypes.SOURCE_DESCRIPTION, length);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, ssrc);
    bytes[start + 8] = 1;
    bytes[start + 9] = (byte) text.length;
    System.arraycopy(text, 0, bytes, start + 10, text.length);
    Arrays.fill(bytes, start + 10 + text.length, start + length, (byte) 0);
    return true;
  }

  /** A source leaves (RFC 3550 section 6.6). */
  public boolean bye(int ssrc) {
    var start = open(1, RtcpTypes.BYE, 8);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, ssrc);
    return true;
  }

  /**
   * A generic NACK (RFC 4585 section 6.2.1).
   *
   * @param sequences the lost packets in ascending order, wraps included
   */
  public boolean nack(int sender, int ssrc, int[] sequences, int count) {
    var entries = 0;
    for (var i = 0; i < count; i = entryEnd(sequences, i, count)) {
      entries++;
    }
    var start =
        entries == 0 ? -1 : open(RtcpTypes.NACK, RtcpTypes.TRANSPORT_FEEDBACK, 12 + 4 * entries);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, sender);
    Words.put32(bytes, start + 8, ssrc);
    var entry = start + 12;
    for (var i = 0; i < count; entry += 4) {
      var next = entryEnd(sequences, i, count);
      var following = 0;
      for (var j = i + 1; j < next; j++) {
        following |= 1 << (sequences[j] - sequences[i] - 1 & 0xffff);
      }
      Words.put16(bytes, entry, sequences[i]);
      Words.put16(bytes, entry + 2, following);
      i = next;
    }
    return true;
  }

  /** The first of the packets that the entry of this one cannot hold. */
  private static int entryEnd(int[] sequences, int from, int count) {
    var next = from + 1;
    while (next < count) {
      var ahead = sequences[next] - sequences[from] & 0xffff;
      if (ahead < 1 || ahead > 16) {
        break;
      }
      next++;
    }
    return next;
  }

  /** A key frame is wanted (RFC 4585 section 6.3.1). */
  public boolean pictureLoss(int sender, int ssrc) {
    var start = open(RtcpTypes.PLI, RtcpTypes.PAYLOAD_FEEDBACK, 12);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, sender);
    Words.put32(bytes, start + 8, ssrc);
    return true;
  }

  /** A key frame is wanted (RFC 5104 section 4.3.1); a new request has the next number. */
  public boolean fullIntraRequest(int sender, int ssrc, int number) {
    var start = open(RtcpTypes.FIR, RtcpTypes.PAYLOAD_FEEDBACK, 20);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, sender);
    Words.put32(bytes, start + 8, 0);
    Words.put32(bytes, start + 12, ssrc);
    Words.put32(bytes, start + 16, number << 24);
    return true;
  }

  /** REMB for the streams together; at most 255 are named. */
  public boolean maximumBitrate(int sender, long bitsPerSecond, int[] ssrcs, int count) {
    var start =
        count > 255 ? -1 : open(RtcpTypes.APPLICATION, RtcpTypes.PAYLOAD_FEEDBACK, 20 + 4 * count);
    if (start < 0) {
      return false;
    }
    var rate = Math.max(0, bitsPerSecond);
    var exponent = Math.max(0, 64 - 18 - Long.numberOfLeadingZeros(rate));
    Words.put32(bytes, start + 4, sender);
    Words.put32(bytes, start + 8, 0);
    Words.put32(bytes, start + 12, RtcpTypes.REMB);
    bytes[start + 16] = (byte) count;
    Words.put24(bytes, start + 17, exponent << 18 | (int) (rate >> exponent));
    for (var i = 0; i < count; i++) {
      Words.put32(bytes, start + 20 + 4 * i, ssrcs[i]);
    }
    return true;
  }

  /** The answer to a receiver's reference time (RFC 3611 section 4.5). */
  public boolean referenceTimeAnswer(int sender, int ssrc, int lastReference, int delay) {
    var start = open(0, RtcpTypes.EXTENDED_REPORT, 24);
    if (start < 0) {
      return false;
    }
    Words.put32(bytes, start + 4, sender);
    Words.put32(bytes, start + 8, RtcpTypes.DLRR << 24 | 3);
    Words.put32(bytes, start + 12, ssrc);
    Words.put32(bytes, start + 16, lastReference);
    Words.put32(bytes, start + 20, delay);
    return true;
  }

  /**
   * Transport-wide feedback for the packets from {@code first} on. Returns the first packet that it
   * does not speak of: {@code first} itself when there is no room.
   */
  long transportFeedback(
      int sender, int ssrc, long first, long last, long reference, int count, ArrivalLog log) {
    var start = at;
    // Seven packets take two bytes for their chunk and at most fourteen for their deltas.
    var room = limit - start - 20 - 3;
    if (room < 16) {
      return first;
    }
    var packets = (int) Math.min(last - first + 1, room / 16 * 7L);
    // Deltas are relative, so that the packet ends where one does not fit 16 bits.
    var ticks = reference * TransportFeedback.REFERENCE_TICKS;
    var told = 0;
    var previous = ticks;
    for (var i = 0; i < packets; i++) {
      var arrival = log.ticks(first + i);
      if (arrival != Long.MIN_VALUE) {
        if ((short) (arrival - previous) != arrival - previous) {
          break;
        }
        previous = arrival;
        told = i + 1;
      }
    }
    if (told == 0) {
      return first;
    }
    var chunk = start + 20;
    var delta = chunk + 2 * ((told + 6) / 7);
    previous = ticks;
    for (var i = 0; i < told; i += 7) {
      var word = 0xc000;
      for (var j = 0; j < 7 && i + j < told; j++) {
        var arrival = log.ticks(first + i + j);
        if (arrival == Long.MIN_VALUE) {
          continue;
        }
        var step = (int) (arrival - previous);
        previous = arrival;
        if (step >= 0 && step <= 255) {
          word |= 1 << (12 - 2 * j);
          bytes[delta++] = (byte) step;
        } else {
          word |= 2 << (12 - 2 * j);
          Words.put16(bytes, delta, step);
          delta += 2;
        }
      }
      Words.put16(bytes, chunk, word);
      chunk += 2;
    }
    while ((delta - start & 3) != 0) {
      bytes[delta++] = 0;
    }
    open(RtcpTypes.TRANSPORT_CC, RtcpTypes.TRANSPORT_FEEDBACK, delta - start);
    Words.put32(bytes, start + 4, sender);
    Words.put32(bytes, start + 8, ssrc);
    Words.put16(bytes, start + 12, (int) first);
    Words.put16(bytes, start + 14, told);
    Words.put24(bytes, start + 16, (int) reference);
    bytes[start + 19] = (byte) count;
    return first + told;
  }

  /** Writes a packet's head and takes its bytes; negative when there is no room. */
  private int open(int count, int type, int length) {
    if (length > limit - at || offset < 0) {
      return -1;
    }
    var start = at;
    bytes[start] = (byte) (0x80 | count);
    bytes[start + 1] = (byte) type;
    Words.put16(bytes, start + 2, length / 4 - 1);
    at += length;
    reportAt = -1;
    return start;
  }
}
