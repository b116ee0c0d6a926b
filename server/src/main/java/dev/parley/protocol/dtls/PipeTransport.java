package dev.parley.protocol.dtls;

import java.io.IOException;
import org.bouncycastle.tls.DatagramTransport;

/** Our pipe as the library wants it. */
final class PipeTransport implements DatagramTransport {
  /** What goes through any path on the internet. */
  private static final int SEND_BYTES_MAX = 1200;

  private static final int RECEIVE_BYTES_MAX = 2048;

  private final DtlsPipe pipe;
  private volatile boolean closed;

  PipeTransport(DtlsPipe pipe) {
    this.pipe = pipe;
  }

  /** Whether the peer has said goodbye, or the library gave up. */
  boolean closed() {
    return closed;
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_BYTES_MAX;
  }

  @Override
  public int getSendLimit() {
    return SEND_BYTES_MAX;
  }

  @Override
  public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
    if (closed) {
      // The library would wait on for the rest of its time.
      throw new IOException("The connection was closed.");
    }
    return pipe.receive(bytes, offset, length, waitMillis);
  }

  @Override
  public void send(byte[] bytes, int offset, int length) {
    pipe.send(bytes, offset, length);
  }

  @Override
  public void close() {
    closed = true;
  }
}
