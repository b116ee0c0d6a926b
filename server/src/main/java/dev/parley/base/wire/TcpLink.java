package dev.parley.base.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/**
 * A TCP connection for protocols of lines, blocking, for one virtual thread. Every wait ends: each
 * with the idle time, and all together with a deadline that the other side cannot move by sending a
 * byte now and then.
 */
public final class TcpLink implements AutoCloseable {
  private static final int BUFFER = 16 << 10;

  private final byte[] buffer = new byte[BUFFER];

  /** Below TLS: closing it ends a write that waits, which closing what is above would wait for. */
  private final Socket bottom;

  private Socket socket;
  private OutputStream out;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private int position;
  private int limit;
  private Duration idle;

  /** Read by {@link TcpDeadlines} too. */
  private volatile long deadline = Long.MAX_VALUE;

  TcpLink(Socket socket, Duration idle) throws IOException {
    this.bottom = socket;
    this.socket = socket;
    this.idle = idle;
    this.out = socket.getOutputStream();
  }

  /** A line was longer than its bound. */
  public static final class LineTooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** What is read and written from now on has to be done within the span. */
  public void within(Duration span, Duration idleTime) {
    deadline = System.nanoTime() + span.toNanos();
    idle = idleTime;
  }

  /** Nothing is expected of the other side for now. */
  public void rest() {
    deadline = Long.MAX_VALUE;
  }

  /** Whether its deadline has passed, on any thread. */
  boolean isOverdue() {
    return deadline != Long.MAX_VALUE && System.nanoTime() - deadline > 0;
  }

  boolean isClosed() {
    return bottom.isClosed();
  }

  /** Ends whatever waits on it, on any thread. */
  void cut() {
    try {
      bottom.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }

  /** The address of the other side. */
  public InetAddress remote() {
    return socket.getInetAddress();
  }

  /** Whether it runs over TLS. */
  public boolean isSecure() {
    return socket instanceof SSLSocket;
  }

  /** Whether the other side has sent something that nobody has read yet. */
  public boolean hasUnread() {
    return position < limit;
  }

  /** The next byte, or -1 at the end. */
  public int read() throws IOException {
    if (position == limit && !fill()) {
      return -1;
    }
    return buffer[position++] & 0xff;
  }

  private boolean fill() throws IOException {
    flush();
    var left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("the deadline has passed");
    }
    socket.setSoTimeout((int) Math.max(1, Math.min(idle.toMillis(), left)));
    var count = socket.getInputStream().read(buffer);
    position = 0;
    limit = Math.max(0, count);
    return count > 0;
  }

  /**
   * The next line without its end, one character a byte. A line ends with CRLF or LF.
   *
   * @throws EOFException when the connection ended before the line did
   */
  public String line(int bytesMax) throws IOException {
    var line = new StringBuilder();
    while (true) {
      var next = read();
      if (next < 0) {
        throw new EOFException("the connection ended");
      }
      if (next == '\n') {
        var end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
      }
      if (line.length() >= bytesMax) {
        throw new LineTooLong();
      }
      line.append((char) next);
    }
  }

  /** Writes; it goes out with the next flush or read. */
  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Writes a part. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    pending.write(bytes, offset, length);
    if (pending.size() >= BUFFER) {
      flush();
    }
  }

  /** Sends what was written. */
  public void flush() throws IOException {
    if (pending.size() > 0) {
      if (System.nanoTime() >= deadline) {
        throw new SocketTimeoutException("the deadline has passed");
      }
      pending.writeTo(out);
      out.flush();
      pending.reset();
    }
  }

  /**
   * Goes on over TLS. What came in the clear before and was not read is forgotten: nobody may slip
   * something in ahead of the encryption.
   *
   * @param shaken a socket over this one that has not shaken hands yet
   */
  void secured(SocketOver shaken) throws IOException {
    flush();
    socket.setSoTimeout((int) Math.max(1, idle.toMillis()));
    var over = shaken.over(socket);
    over.startHandshake();
    socket = over;
    out = over.getOutputStream();
    position = 0;
    limit = 0;
  }

  /** Puts TLS over a socket. */
  @FunctionalInterface
  interface SocketOver {
    SSLSocket over(Socket socket) throws IOException;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone either way.
    }
  }
}
