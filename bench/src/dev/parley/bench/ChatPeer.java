package dev.parley.bench;

import java.util.List;

/** A chat server under load, as its clients see it. */
interface ChatPeer extends AutoCloseable {
  /** What a member's connection calls for each message that it received, on a reactor's thread. */
  interface Hearing {
    void delivered(int member, byte[] bytes, int from, int to);
  }

  /**
   * Sends one message of a member's; {@code mark} is written into it. The answer, if the protocol
   * has one, comes to {@code answered}.
   */
  interface Sender {
    void send(int slot, long due);

    /** Whether the protocol answers a send apart from delivering it. */
    boolean isAnswered();
  }

  /** A thread whose members are all connected. */
  interface Talk extends AutoCloseable {
    /** A way of sending for a member, used for one message at a time. */
    Sender sender(int member, java.util.function.IntConsumer answered) throws Exception;

    @Override
    void close();
  }

  String name();

  /** Makes threads of so many members each and connects everybody. */
  List<Talk> talks(int threads, int members, Hearing hearing) throws Exception;

  /** {@link #talks} of some peer. */
  interface Talks {
    List<Talk> talks(int threads, int members, Hearing hearing) throws Exception;
  }

  /** CPU seconds of the server so far. */
  double serverSeconds();

  /** CPU seconds of its database so far; 0 when it has none of its own. */
  double databaseSeconds();

  /**
   * Those of {@link #serverSeconds} that went into compiling the server's code; what was compiled
   * once stays.
   */
  double compilerSeconds();

  /** Connects so many users who say nothing. */
  AutoCloseable idle(int count) throws Exception;

  /**
   * Bytes of memory that the server holds now, nothing reclaimable counted where that can be told
   * apart.
   */
  long memoryBytes() throws Exception;

  @Override
  void close() throws Exception;
}
