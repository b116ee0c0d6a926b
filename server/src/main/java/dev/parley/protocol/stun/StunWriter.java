package dev.parley.protocol.stun;

import java.nio.charset.StandardCharsets;

/** Writes STUN messages into a byte array. Every method returns the message's length. */
public final class StunWriter {
  /** No message that is written here is longer. */
  public static final int BYTES_MAX = 256;

  private StunWriter() {}

  /**
   * The answer to a binding request: where it came from (RFC 8489 section 14.2). It is smaller than
   * any request that ICE sends, so it amplifies nothing.
   *
   * @param high the upper half of the IPv6 address; for IPv4, 0
   * @param low the lower half; for IPv4, the mapped form ({@code ::ffff:a.b.c.d})
   */
  public static int success(
      StunView request, long high, long low, int port, StunKey key, byte[] out, int at) {
    var end = begin(StunView.BINDING_SUCCESS, request, out, at);
    var mapped = high == 0 && low >>> 32 == 0xffff;
    Words.put16(out, end, StunView.XOR_MAPPED_ADDRESS);
    Words.put16(out, end + 2, mapped ? 8 : 20);
    Words.put16(out, end + 4, mapped ? 1 : 2);
    Words.put16(out, end + 6, port ^ StunView.MAGIC_COOKIE >>> 16);
    end += 8;
    if (mapped) {
      Words.put32(out, end, (int) low ^ StunView.MAGIC_COOKIE);
      end += 4;
    } else {
      for (var i = 0; i < 16; i++) {
        var part = (int) ((i < 8 ? high : low) >>> (56 - 8 * (i & 7)));
        out[end + i] = (byte) (part ^ request.bytes()[request.offset() + 4 + i]);
      }
      end += 16;
    }
    return finish(out, at, end, key);
  }

  /**
   * A refusal (RFC 8489 section 14.8), such as 400, or 487 for a peer that wants to be controlled.
   *
   * @param unknown the attribute that 420 is about; 0 otherwise
   */
  public static int error(
      StunView request, int code, String reason, int unknown, StunKey key, byte[] out, int at) {
    var end = begin(StunView.BINDING_ERROR, request, out, at);
    var text = reason.getBytes(StandardCharsets.UTF_8);
    Words.put16(out, end, StunView.ERROR_CODE);
    Words.put16(out, end + 2, 4 + text.length);
    Words.put32(out, end + 4, (code / 100) << 8 | code % 100);
    System.arraycopy(text, 0, out, end + 8, text.length);
    end = pad(out, end + 8 + text.length);
    if (unknown != 0) {
      Words.put16(out, end, StunView.UNKNOWN_ATTRIBUTES);
      Words.put16(out, end + 2, 2);
      Words.put16(out, end + 4, unknown);
      end = pad(out, end + 6);
    }
    return finish(out, at, end, key);
  }

  /** A request as an ICE client sends it; for what plays a client. */
  public static int request(
      byte[] transaction, String username, boolean useCandidate, StunKey key, byte[] out, int at) {
    Words.put16(out, at, StunView.BINDING_REQUEST);
    Words.put32(out, at + 4, StunView.MAGIC_COOKIE);
    System.arraycopy(transaction, 0, out, at + 8, 12);
    var end = at + StunView.HEADER_BYTES;
    var name = username.getBytes(StandardCharsets.UTF_8);
    Words.put16(out, end, StunView.USERNAME);
    Words.put16(out, end + 2, name.length);
    System.arraycopy(name, 0, out, end + 4, name.length);
    end = pad(out, end + 4 + name.length);
    Words.put16(out, end, StunView.PRIORITY);
    Words.put16(out, end + 2, 4);
    Words.put32(out, end + 4, 0x6e7f1eff);
    Words.put16(out, end + 8, StunView.ICE_CONTROLLING);
    Words.put16(out, end + 10, 8);
    System.arraycopy(transaction, 0, out, end + 12, 8);
    end += 20;
    if (useCandidate) {
      Words.put16(out, end, StunView.USE_CANDIDATE);
      Words.put16(out, end + 2, 0);
      end += 4;
    }
    return finish(out, at, end, key);
  }

  private static int begin(int type, StunView request, byte[] out, int at) {
    Words.put16(out, at, type);
    // The cookie and the transaction id are the request's.
    System.arraycopy(request.bytes(), request.offset() + 4, out, at + 4, 16);
    return at + StunView.HEADER_BYTES;
  }

  private static int pad(byte[] out, int from) {
    var end = from;
    while ((end & 3) != 0) {
      out[end++] = 0;
    }
    return end;
  }

  /** Signs and adds the checksum. */
  private static int finish(byte[] out, int at, int from, StunKey key) {
    var end = from;
    Words.put16(out, at + 2, end + 24 - at - StunView.HEADER_BYTES);
    var sum = key.sum(out, at, end - at);
    Words.put16(out, end, StunView.MESSAGE_INTEGRITY);
    Words.put16(out, end + 2, StunKey.BYTES);
    System.arraycopy(sum, 0, out, end + 4, StunKey.BYTES);
    end += 24;
    Words.put16(out, at + 2, end + 8 - at - StunView.HEADER_BYTES);
    Words.put16(out, end, StunView.FINGERPRINT);
    Words.put16(out, end + 2, 4);
    Words.put32(out, end + 4, Words.fingerprint(out, at, end - at));
    return end + 8 - at;
  }
}
