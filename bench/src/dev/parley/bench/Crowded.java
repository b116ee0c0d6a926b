package dev.parley.bench;

import dev.parley.media.RtcClient;
import dev.parley.media.RtcLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A room of a thousand listeners without video: of twenty senders one speaks at a time, for five
 * seconds, and the others send a packet of comfort noise every 400 ms, as Opus does.
 */
final class Crowded implements AutoCloseable {
  private static final int LISTENERS = 1_000;
  private static final int SENDERS = 20;
  private static final int HEARD_MAX = 3;
  private static final int SECONDS = 20;
  private static final int SPOKEN_PACKETS = 250;
  private static final int QUIET_EVERY = 20;
  private static final int VOICE_BYTES = 80;
  private static final int NOISE_BYTES = 24;
  private static final int JOINS_AT_A_TIME = 8;

  private final ParleyMedia parley;
  private final List<RtcClient> clients = new ArrayList<>();
  private final List<RtcLoad> senders = new ArrayList<>();
  private final List<RtcLoad> listeners = new ArrayList<>();
  private final RtcLoad.Transits transits = new RtcLoad.Transits();
  private double dueNanos;
  private int round;

  Crowded(ParleyMedia parley) {
    this.parley = parley;
  }

  void run(Table table) throws Exception {
    var paths = parley.room(SENDERS);
    for (var i = 0; i < SENDERS; i++) {
      var client = new RtcClient(MediaPeer.ADDRESS);
      clients.add(client);
      client.connect(parley.offer(paths.get(i), client.offer(true, 1, 0)));
      senders.add(client.load());
    }
    var begun = System.nanoTime();
    joinAll(paths.getLast());
    var joined = (System.nanoTime() - begun) / 1e9;
    send(3);
    transits.clear();
    var received = received();
    var cpu = parley.cpuSeconds();
    var worker = parley.workerSeconds();
    var start = System.nanoTime();
    send(SECONDS);
    var seconds = (System.nanoTime() - start) / 1e9;
    cpu = parley.cpuSeconds() - cpu;
    worker = parley.workerSeconds() - worker;
    LockSupport.parkNanos(500_000_000);
    var before = listeners.stream().mapToLong(RtcLoad::received).toArray();
    send(1);
    LockSupport.parkNanos(500_000_000);
    var hearing = 0;
    for (var i = 0; i < listeners.size(); i++) {
      hearing += listeners.get(i).received() > before[i] ? 1 : 0;
    }
    var perSecond = (received() - received) / (seconds + 1);
    table.row(
        "%,d listeners, %d voices: listeners who still hear at the end"
            .formatted(LISTENERS, SENDERS),
        "%,d, all joined in %.1f s".formatted(hearing, joined),
        "all",
        hearing == LISTENERS ? "reached" : "missed");
    table.row(
        "the same: packets to listeners, CPU of process and worker",
        "%,.0f/s, %.2f and %.2f cores".formatted(perSecond, cpu / seconds, worker / seconds),
        "",
        "");
    table.row(
        "the same: under way p50 / p99",
        "%.2f / %.2f ms".formatted(transits.millis(50), transits.millis(99)),
        "",
        "");
  }

  private void joinAll(String path) throws Exception {
    try (var pool = Executors.newFixedThreadPool(JOINS_AT_A_TIME)) {
      var tasks = new ArrayList<Future<?>>();
      for (var i = 0; i < LISTENERS; i++) {
        tasks.add(pool.submit((Callable<Void>) () -> join(path)));
      }
      while (!tasks.stream().allMatch(Future::isDone)) {
        send(1);
      }
      for (var task : tasks) {
        task.get();
      }
    }
  }

  private Void join(String path) throws Exception {
    var client = new RtcClient(MediaPeer.ADDRESS);
    client.connect(parley.offer(path, client.offer(false, HEARD_MAX, 0)));
    var load = client.load();
    synchronized (this) {
      clients.add(client);
      if (listeners.size() % 50 == 0) {
        load.time(transits);
      }
      listeners.add(load);
    }
    return null;
  }

  /** Every 20 ms, a packet of who speaks, and now and then one of the others. */
  private void send(int seconds) {
    dueNanos = Math.max(dueNanos, System.nanoTime() - 50e6);
    for (var i = 0; i < seconds * 50; i++) {
      dueNanos += 20e6;
      while (System.nanoTime() < dueNanos) {
        LockSupport.parkNanos((long) dueNanos - System.nanoTime());
      }
      round++;
      var speaker = round / SPOKEN_PACKETS % SENDERS;
      for (var j = 0; j < SENDERS; j++) {
        if (j == speaker) {
          senders.get(j).voice(VOICE_BYTES, 25);
        } else if ((round + j) % QUIET_EVERY == 0) {
          senders.get(j).voice(NOISE_BYTES, 127);
        }
      }
    }
  }

  private synchronized long received() {
    return listeners.stream().mapToLong(RtcLoad::received).sum();
  }

  @Override
  public void close() {
    clients.forEach(RtcClient::close);
    parley.close();
  }
}
