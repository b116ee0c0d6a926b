package dev.parley.media;

import dev.parley.protocol.dtls.DtlsPipe;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * DTLS records of one peer on their way from the worker to the handshake's thread, and back. What
 * comes too fast is dropped: DTLS sends again.
 */
final class DtlsInbox implements DtlsPipe {
  private static final int RECORDS_MAX = 32;
  private static final byte[] END = {};

  private final Peer peer;
  private final ArrayBlockingQueue<byte[]> records = new ArrayBlockingQueue<>(RECORDS_MAX);
  private volatile boolean ended;

  /** Whether a thread looks after this connection; on the worker's thread. */
  boolean attended;

  DtlsInbox(Peer peer) {
    this.peer = peer;
  }

  void offer(byte[] bytes, int length) {
    var _ = records.offer(Arrays.copyOf(bytes, length));
  }

  /** No more will come; wakes who waits. */
  void end() {
    ended = true;
    records.clear();
    var _ = records.offer(END);
  }

  boolean ended() {
    return ended;
  }

  @Override
  public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
    try {
      var record = ended ? END : records.poll(waitMillis, TimeUnit.MILLISECONDS);
      if (record == null) {
        return -1;
      }
      if (record.length == 0 || ended) {
        throw new IOException("The connection has ended.");
      }
      var size = Math.min(length, record.length);
      System.arraycopy(record, 0, bytes, offset, size);
      return size;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for a record.", e);
    }
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    var record = Arrays.copyOfRange(bytes, offset, offset + length);
    var _ = peer.worker().run(() -> peer.worker().send(peer, record, record.length));
  }
}
