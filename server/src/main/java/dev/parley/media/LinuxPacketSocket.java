package dev.parley.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Batches through {@code recvmmsg} and {@code sendmmsg}; waits in {@code poll}. */
final class LinuxPacketSocket implements PacketSocket {
  private static final ValueLayout.OfLong BIG_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort BIG_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt BIG_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** How long a full send buffer is waited for: longer would only add delay to what is behind. */
  private static final int SEND_WAIT_MILLIS = 2;

  /** The messages of one direction, each with its buffer and its address. */
  private static final class Batch {
    final MemorySegment messages;
    final MemorySegment vectors;
    final MemorySegment names;
    final MemorySegment buffers;

    Batch(Arena arena) {
      messages = arena.allocate(BATCH * LinuxCalls.MESSAGE_BYTES, 8);
      vectors = arena.allocate(BATCH * LinuxCalls.VECTOR_BYTES, 8);
      names = arena.allocate(BATCH * LinuxCalls.NAME_BYTES, 8);
      buffers = arena.allocate((long) BATCH * PACKET_BYTES_MAX, 64);
      for (var i = 0; i < BATCH; i++) {
        var message = i * LinuxCalls.MESSAGE_BYTES;
        var vector = i * LinuxCalls.VECTOR_BYTES;
        vectors.set(ADDRESS, vector, buffers.asSlice((long) i * PACKET_BYTES_MAX));
        vectors.set(JAVA_LONG, vector + 8, PACKET_BYTES_MAX);
        messages.set(
            ADDRESS, message + LinuxCalls.NAME_AT, names.asSlice(i * LinuxCalls.NAME_BYTES));
        messages.set(ADDRESS, message + LinuxCalls.VECTOR_AT, vectors.asSlice(vector));
        messages.set(JAVA_LONG, message + LinuxCalls.VECTOR_LENGTH_AT, 1);
      }
    }

    void nameLength(int index, int length) {
      messages.set(JAVA_INT, index * LinuxCalls.MESSAGE_BYTES + LinuxCalls.NAME_LENGTH_AT, length);
    }
  }

  private final Arena arena = Arena.ofShared();
  private final LinuxCalls calls = new LinuxCalls(arena);
  private final Batch in = new Batch(arena);
  private final Batch out = new Batch(arena);
  private final MemorySegment control = arena.allocate(LinuxCalls.CONTROL_BYTES, 8);
  private final MemorySegment descriptors = arena.allocate(16, 4);
  private final MemorySegment drained = arena.allocate(8, 8);
  private final MemorySegment one = arena.allocate(8, 8);
  private final Object closing = new Object();
  private final boolean six;
  private final int socket;
  private final int event;
  private final int port;
  private int waiting;
  private long refused;
  private boolean closed;

  /**
   * Opens a socket.
   *
   * @param address where it listens; the unspecified address for all, IPv6 and IPv4
   * @param port 0 for any
   * @param bufferBytes what the kernel is asked to hold in each direction
   */
  LinuxPacketSocket(InetAddress address, int port, int bufferBytes) throws IOException {
    var wanted = address.isAnyLocalAddress() || address.getAddress().length == 16;
    var descriptor = wanted ? calls.socket(LinuxCalls.AF_INET6) : -1;
    six = descriptor >= 0;
    socket = six ? descriptor : calls.socket(LinuxCalls.AF_INET);
    event = calls.event();
    if (socket < 0 || event < 0) {
      throw failed("The UDP socket could not be made");
    }
    if (six) {
      option(LinuxCalls.IPPROTO_IPV6, LinuxCalls.IPV6_V6ONLY, 0);
    }
    option(LinuxCalls.SOL_SOCKET, LinuxCalls.SO_RCVBUF, bufferBytes);
    option(LinuxCalls.SOL_SOCKET, LinuxCalls.SO_SNDBUF, bufferBytes);
    option(LinuxCalls.SOL_SOCKET, LinuxCalls.SO_TIMESTAMPNS, 1);
    in.messages.set(ADDRESS, LinuxCalls.CONTROL_AT, control);
    var name = arena.allocate(LinuxCalls.NAME_BYTES, 8);
    var bytes = address.getAddress();
    var mapped = bytes.length == 4;
    var low = mapped ? 0xffff00000000L | (int32(bytes, 0) & 0xffffffffL) : int64(bytes, 8);
    var any = address.isAnyLocalAddress();
    var length = write(name, 0, any ? 0 : mapped ? 0 : int64(bytes, 0), any ? 0 : low, port);
    if (calls.bind(socket, name, length) < 0) {
      throw failed("UDP port " + port + " could not be opened");
    }
    var size = arena.allocate(4, 4);
    size.set(JAVA_INT, 0, (int) LinuxCalls.NAME_BYTES);
    if (calls.name(socket, name, size) < 0) {
      throw failed("The UDP socket has no name");
    }
    this.port = name.get(BIG_SHORT, 2) & 0xffff;
    descriptors.set(JAVA_INT, 0, socket);
    descriptors.set(JAVA_INT, 8, event);
    descriptors.set(JAVA_SHORT, 12, LinuxCalls.POLLIN);
    one.set(JAVA_LONG, 0, 1);
  }

  private IOException failed(String what) {
    var problem = new IOException(what + ": error " + calls.errno() + ".");
    close();
    return problem;
  }

  private void option(int level, int option, int value) {
    var holder = arena.allocate(4, 4);
    holder.set(JAVA_INT, 0, value);
    // The kernel gives what its limits allow; docs/media.md says how to raise them.
    calls.setOption(socket, level, option, holder);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int receive(int waitMillis) {
    descriptors.set(JAVA_SHORT, 4, LinuxCalls.POLLIN);
    if (calls.poll(descriptors, 2, waitMillis) <= 0) {
      return 0;
    }
    if (descriptors.get(JAVA_SHORT, 14) != 0) {
      calls.read(event, drained);
    }
    if (descriptors.get(JAVA_SHORT, 6) == 0) {
      return 0;
    }
    for (var i = 0; i < BATCH; i++) {
      in.nameLength(i, (int) LinuxCalls.NAME_BYTES);
    }
    in.messages.set(JAVA_LONG, LinuxCalls.CONTROL_LENGTH_AT, LinuxCalls.CONTROL_BYTES);
    return Math.max(0, calls.receive(socket, in.messages, BATCH));
  }

  @Override
  public long nanosSinceArrival() {
    var whole =
        in.messages.get(JAVA_LONG, LinuxCalls.CONTROL_LENGTH_AT) == LinuxCalls.CONTROL_BYTES
            && control.get(JAVA_INT, LinuxCalls.CONTROL_TYPE_AT) == LinuxCalls.SO_TIMESTAMPNS;
    if (!whole) {
      return -1;
    }
    var wall = Instant.now();
    var seconds = wall.getEpochSecond() - control.get(JAVA_LONG, LinuxCalls.SECONDS_AT);
    var nanos = wall.getNano() - control.get(JAVA_LONG, LinuxCalls.NANOS_AT);
    // The clock may be set meanwhile.
    return Math.max(0, TimeUnit.SECONDS.toNanos(seconds) + nanos);
  }

  @Override
  public int length(int index) {
    return in.messages.get(JAVA_INT, index * LinuxCalls.MESSAGE_BYTES + LinuxCalls.RECEIVED_AT);
  }

  @Override
  public long high(int index) {
    return six ? in.names.get(BIG_LONG, index * LinuxCalls.NAME_BYTES + 8) : 0;
  }

  @Override
  public long low(int index) {
    var at = index * LinuxCalls.NAME_BYTES;
    return six
        ? in.names.get(BIG_LONG, at + 16)
        : 0xffff00000000L | (in.names.get(BIG_INT, at + 4) & 0xffffffffL);
  }

  @Override
  public int port(int index) {
    return in.names.get(BIG_SHORT, index * LinuxCalls.NAME_BYTES + 2) & 0xffff;
  }

  @Override
  public void read(int index, byte[] to) {
    MemorySegment.copy(
        in.buffers, JAVA_BYTE, (long) index * PACKET_BYTES_MAX, to, 0, length(index));
  }

  @Override
  public void send(byte[] bytes, int offset, int length, long high, long low, int port) {
    if (waiting == BATCH) {
      flush();
    }
    var index = waiting++;
    MemorySegment.copy(
        bytes, offset, out.buffers, JAVA_BYTE, (long) index * PACKET_BYTES_MAX, length);
    out.vectors.set(JAVA_LONG, index * LinuxCalls.VECTOR_BYTES + 8, length);
    out.nameLength(index, write(out.names, index * LinuxCalls.NAME_BYTES, high, low, port));
  }

  /** Writes a socket address; returns its length. */
  private int write(MemorySegment names, long at, long high, long low, int port) {
    names.set(BIG_SHORT, at + 2, (short) port);
    if (six) {
      names.set(JAVA_SHORT, at, (short) LinuxCalls.AF_INET6);
      names.set(JAVA_INT, at + 4, 0);
      names.set(BIG_LONG, at + 8, high);
      names.set(BIG_LONG, at + 16, low);
      names.set(JAVA_INT, at + 24, 0);
      return 28;
    }
    names.set(JAVA_SHORT, at, (short) LinuxCalls.AF_INET);
    names.set(BIG_INT, at + 4, (int) low);
    return 16;
  }

  @Override
  public void flush() {
    var from = 0;
    while (from < waiting) {
      var rest = out.messages.asSlice(from * LinuxCalls.MESSAGE_BYTES);
      var sent = calls.send(socket, rest, waiting - from);
      if (sent > 0) {
        from += sent;
      } else if (calls.errno() == LinuxCalls.EAGAIN) {
        descriptors.set(JAVA_SHORT, 4, LinuxCalls.POLLOUT);
        if (calls.poll(descriptors, 1, SEND_WAIT_MILLIS) <= 0) {
          refused += waiting - from;
          break;
        }
      } else if (calls.errno() != LinuxCalls.EINTR) {
        // This one cannot be sent, its address has no route for instance; the others can.
        refused++;
        from++;
      }
    }
    waiting = 0;
  }

  @Override
  public long refused() {
    return refused;
  }

  @Override
  public void wake() {
    synchronized (closing) {
      if (!closed) {
        calls.write(event, one);
      }
    }
  }

  @Override
  public void close() {
    synchronized (closing) {
      if (closed) {
        return;
      }
      closed = true;
      if (socket >= 0) {
        calls.close(socket);
      }
      if (event >= 0) {
        calls.close(event);
      }
      arena.close();
    }
  }

  private static int int32(byte[] bytes, int at) {
    return java.nio.ByteBuffer.wrap(bytes).getInt(at);
  }

  private static long int64(byte[] bytes, int at) {
    return java.nio.ByteBuffer.wrap(bytes).getLong(at);
  }
}
