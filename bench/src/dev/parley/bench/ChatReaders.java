package dev.parley.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A thread of 250 in which one member has stopped reading and one reads a byte a second: the others must not notice. */
final class ChatReaders {
  private static final int MEMBERS = 250;
  private static final int WINDOW = 2;
  private static final int DEAD = 248;
  private static final int SLOW = 249;
  private static final int PAIRS = 3;
  private static final double SECONDS = 3;

  private final Table table;
  private final ParleyChat parley;
  private final List<SocketChannel> bad = new ArrayList<>();

  ChatReaders(Table table, ParleyChat parley) {
    this.table = table;
    this.parley = parley;
  }

  void run() throws Exception {
    var rates = new ArrayList<Double>();
    var ratios = new ArrayList<Double>();
    try (var good = new ChatLoad(parley::talks, 1, MEMBERS, WINDOW);
        var mixed = new ChatLoad((t, m, hearing) -> parley.talks(t, m, hearing, this::join), 1, MEMBERS, WINDOW)) {
      good.full(SECONDS);
      for (var pair = 0; pair < PAIRS; pair++) {
        var without = good.full(SECONDS).deliveriesPerSecond();
        var with = mixed.full(SECONDS).deliveriesPerSecond();
        rates.add(with);
        ratios.add(with / without);
      }
    } finally {
      for (var channel : bad) {
        channel.close();
      }
    }
    var ratio = Core.median(ratios);
    table.row(
        "thread of 250 with a dead and a slow reader, and what it is of the speed without",
        "%,.0f deliveries/s, %.2f".formatted(Core.median(rates), ratio),
        ">= 0.9",
        Core.verdict(ratio >= 0.9));
  }

  private void join(int member, Trouter one, SocketChannel channel) throws IOException {
    if (member != DEAD && member != SLOW) {
      one.join(parley.reactor(member), channel);
      return;
    }
    bad.add(channel);
    if (member == SLOW) {
      Thread.ofVirtual().start(() -> sip(channel));
    }
  }

  /** A byte a second, until the server has enough of it. */
  private static void sip(SocketChannel channel) {
    var drop = ByteBuffer.allocate(1);
    try {
      while (channel.read(drop.clear()) >= 0) {
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (IOException | InterruptedException _) {
      // Cut by the server, or the run is over.
    }
  }
}
