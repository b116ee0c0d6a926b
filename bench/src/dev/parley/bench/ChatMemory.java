package dev.parley.bench;

/** What an idle real-time connection costs in memory, once everybody is in and nothing moves. */
final class ChatMemory {
  private static final int CONNECTIONS = 10_000;
  private static final int SECURE_CONNECTIONS = 2_000;
  /** The classes and buffers that any crowd needs are there before the counting begins. */
  private static final int FIRST = 500;
  private static final long SETTLE_MILLIS = 500;
  private static final int SETTLE_TIMES = 30;

  /** Starts a server that has held no crowd before; what an earlier one gives back late would be counted against the next. */
  interface Fresh {
    ParleyChat start() throws Exception;
  }

  private final Table table;
  private final Ejabberd ejabberd;
  private final Fresh fresh;

  ChatMemory(Table table, Ejabberd ejabberd, Fresh fresh) {
    this.table = table;
    this.ejabberd = ejabberd;
    this.fresh = fresh;
  }

  void run() throws Exception {
    var theirs = perConnection(ejabberd);
    double ours;
    try (var parley = fresh.start()) {
      ours = perConnection(parley);
    }
    table.row("memory of an idle connection, ejabberd", "%.1f KB".formatted(theirs / 1024), "", "");
    table.row("memory of an idle connection, Parley", "%.1f KB".formatted(ours / 1024), "", "");
    table.row(
        "memory of an idle connection, Parley / ejabberd",
        "%.2f".formatted(ours / theirs),
        "<= 0.7, aim 0.45",
        Core.verdict(ours / theirs <= 0.7));
    table.row(
        "memory of an idle connection with TLS, Parley", "%.1f KB".formatted(secure() / 1024), "", "");
  }

  /** A smaller crowd, since the generator's own TLS is heavier than the server's. */
  private double secure() throws Exception {
    try (var parley = fresh.start()) {
      var factory = Core.trusting(parley.server());
      try (var _ = parley.secureIdle(FIRST, factory)) {
        var before = settled(parley::memoryBytes);
        try (var _ = parley.secureIdle(SECURE_CONNECTIONS, factory)) {
          return (settled(parley::memoryBytes) - before) / (double) SECURE_CONNECTIONS;
        }
      }
    }
  }

  private static double perConnection(ChatPeer peer) throws Exception {
    return perConnection(peer::idle, peer::memoryBytes, FIRST, CONNECTIONS);
  }

  /** Connects so many who say nothing. */
  interface Idle {
    AutoCloseable connect(int count) throws Exception;
  }

  /** Bytes of memory that a server holds now. */
  interface Memory {
    long bytes() throws Exception;
  }

  /** What each of a crowd costs, after a first one for which the server has made what any crowd needs. */
  static double perConnection(Idle idle, Memory memory, int first, int count) throws Exception {
    try (var _ = idle.connect(first)) {
      var before = settled(memory);
      try (var _ = idle.connect(count)) {
        return (settled(memory) - before) / (double) count;
      }
    }
  }

  /** The memory when it no longer shrinks: Erlang's processes tidy up a while after they fell silent. */
  private static long settled(Memory memory) throws Exception {
    var least = memory.bytes();
    var steady = 0;
    for (var i = 0; i < SETTLE_TIMES && steady < 6; i++) {
      Thread.sleep(SETTLE_MILLIS);
      var now = memory.bytes();
      steady = now < least - (256 << 10) ? 0 : steady + 1;
      least = Math.min(least, now);
    }
    return least;
  }
}
