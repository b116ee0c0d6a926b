package dev.parley.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Set;

/** The calls of the Linux kernel that a packet socket needs, and their numbers on LP64. */
@SuppressWarnings("restricted")
final class LinuxCalls {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int DATAGRAM_NON_BLOCKING = 2 | 0x80000 | 0x800;
  static final int EVENT_NON_BLOCKING = 0x80000 | 0x800;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;

  /** When the kernel received a packet, of its wall clock. */
  static final int SO_TIMESTAMPNS = 35;

  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;
  static final int MSG_DONTWAIT = 0x40;
  static final short POLLIN = 1;
  static final short POLLOUT = 4;
  static final int EINTR = 4;
  static final int EAGAIN = 11;

  /** {@code struct mmsghdr}: a msghdr of 56 bytes and the length, padded. */
  static final long MESSAGE_BYTES = 64;

  static final long NAME_AT = 0;
  static final long NAME_LENGTH_AT = 8;
  static final long VECTOR_AT = 16;
  static final long VECTOR_LENGTH_AT = 24;
  static final long CONTROL_AT = 32;
  static final long CONTROL_LENGTH_AT = 40;
  static final long RECEIVED_AT = 56;

  /** {@code struct iovec}. */
  static final long VECTOR_BYTES = 16;

  /** {@code struct cmsghdr} of 16 bytes with a {@code struct timespec}. */
  static final long CONTROL_BYTES = 32;

  static final long CONTROL_TYPE_AT = 12;
  static final long SECONDS_AT = 16;
  static final long NANOS_AT = 24;

  /** Room for {@code struct sockaddr_in6}, which has 28 bytes. */
  static final long NAME_BYTES = 32;

  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final Linker linker = Linker.nativeLinker();
  private final MemorySegment state;
  private final MethodHandle socket = handle("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private final MethodHandle setOption =
      handle("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle bind = handle("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private final MethodHandle name = handle("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
  private final MethodHandle receive =
      handle("recvmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private final MethodHandle send =
      handle("sendmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private final MethodHandle poll = handle("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private final MethodHandle event = handle("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
  private final MethodHandle read = handle("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private final MethodHandle close = handle("close", JAVA_INT, JAVA_INT);
  private final MethodHandle write;

  LinuxCalls(Arena arena) {
    state = arena.allocate(STATE);
    // Called by any thread, so it has no state to share.
    write =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("write"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  }

  /** Whether this platform has these calls, with these numbers. */
  static boolean available() {
    var architecture = System.getProperty("os.arch");
    return System.getProperty("os.name").equals("Linux")
        && Set.of("amd64", "aarch64").contains(architecture)
        && Linker.nativeLinker().defaultLookup().find("recvmmsg").isPresent();
  }

  private MethodHandle handle(String symbol, ValueLayout result, MemoryLayout... arguments) {
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(symbol),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** The error of the last call that returned -1. */
  int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  int socket(int family) {
    try {
      return (int) socket.invokeExact(state, family, DATAGRAM_NON_BLOCKING, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int setOption(int descriptor, int level, int option, MemorySegment value) {
    try {
      return (int) setOption.invokeExact(state, descriptor, level, option, value, 4);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int bind(int descriptor, MemorySegment address, int length) {
    try {
      return (int) bind.invokeExact(state, descriptor, address, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int name(int descriptor, MemorySegment address, MemorySegment length) {
    try {
      return (int) name.invokeExact(state, descriptor, address, length);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int receive(int descriptor, MemorySegment messages, int count) {
    try {
      return (int)
          receive.invokeExact(state, descriptor, messages, count, MSG_DONTWAIT, MemorySegment.NULL);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int send(int descriptor, MemorySegment messages, int count) {
    try {
      return (int) send.invokeExact(state, descriptor, messages, count, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int poll(MemorySegment descriptors, long count, int waitMillis) {
    try {
      return (int) poll.invokeExact(state, descriptors, count, waitMillis);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  int event() {
    try {
      return (int) event.invokeExact(state, 0, EVENT_NON_BLOCKING);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void read(int descriptor, MemorySegment to) {
    try {
      var _ = (long) read.invokeExact(state, descriptor, to, 8L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void write(int descriptor, MemorySegment from) {
    try {
      var _ = (long) write.invokeExact(descriptor, from, 8L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void close(int descriptor) {
    try {
      var _ = (int) close.invokeExact(state, descriptor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("A call of the kernel could not be made.", e);
  }
}
