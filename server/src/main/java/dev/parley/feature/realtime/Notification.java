package dev.parley.feature.realtime;

import dev.parley.base.store.JournalRow;
import dev.parley.base.store.Shard;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An event as clients are sent it, made once for all its recipients: what differs between them
 * stands at the two ends, so that the middle is shared.
 *
 * <p>On the wire stands the request with its number and address, then {@link #middle}, then the
 * recipient and the end.
 *
 * @param middle from the event's name to the place of the recipient
 * @param webMiddle the same for web clients, which undo percent escapes in texts of thread events
 * @param ephemeral worth knowing only now; not sent again
 */
record Notification(
    byte[] middle, byte[] webMiddle, boolean ephemeral, Shard shard, long position) {
  private static final byte[] REQUEST = "3:::{\"id\":".getBytes(StandardCharsets.US_ASCII);
  private static final Shard NOWHERE = new Shard(-1);

  /** A notification that is not in the journal. */
  Notification(byte[] middle, byte[] webMiddle, boolean ephemeral) {
    this(middle, webMiddle, ephemeral, NOWHERE, 0);
  }

  /** The same, of a row of the journal. */
  Notification of(JournalRow row) {
    return new Notification(middle, webMiddle, ephemeral, row.shard(), row.position());
  }

  /** Bytes that it takes on its way to one client, about. */
  int bytes() {
    return middle.length;
  }

  /** What stands between a request's number and the event's name. */
  static byte[] address(String path) {
    return (",\"method\":\"POST\",\"url\":\"" + path).getBytes(StandardCharsets.UTF_8);
  }

  /** What stands before the event's name. */
  static byte[] start(long requestId, byte[] address) {
    var digits = Decimal.digits(requestId);
    var start = Arrays.copyOf(REQUEST, REQUEST.length + digits + address.length);
    Decimal.put(start, REQUEST.length, digits, requestId);
    System.arraycopy(address, 0, start, REQUEST.length + digits, address.length);
    return start;
  }

  /** What follows the middle: the one who is told. */
  static byte[] end(String userId) {
    var id = JsonWords.escaped(JsonWords.escaped(userId));
    var bare = id.startsWith("8:") ? id.substring(2) : id;
    return (bare + "\\\",\\\"recipientMri\\\":\\\"" + id + "\\\"}\"}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
