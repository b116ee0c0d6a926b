package dev.parley.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Closed-loop clients on virtual threads: each sends its next request when the last one is answered. */
final class Load {
  /**
   * What a run gave.
   *
   * @param micros waiting times of all counted requests, sorted
   */
  record Result(long count, double seconds, long failures, int[] micros) {
    double perSecond() {
      return count / seconds;
    }

    /** A percentile of the waiting times, milliseconds. */
    double millis(double percentile) {
      return micros.length == 0
          ? Double.NaN
          : micros[(int) Math.min(micros.length - 1, micros.length * percentile / 100)] / 1000.0;
    }
  }

  /** One client: a function that makes the next exchange, and says whether it went well. */
  interface Client extends AutoCloseable {
    boolean next() throws IOException;

    @Override
    void close() throws IOException;
  }

  private Load() {}

  /** Runs the clients side by side for so many seconds. */
  static Result run(List<? extends Client> clients, double seconds) throws Exception {
    var start = System.nanoTime();
    var end = start + (long) (seconds * 1e9);
    var tasks = new ArrayList<Callable<int[]>>();
    var failures = new java.util.concurrent.atomic.LongAdder();
    for (var client : clients) {
      tasks.add(() -> loop(client, end, failures));
    }
    var all = new ArrayList<int[]>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(tasks)) {
        all.add(done.get());
      }
    }
    var elapsed = (System.nanoTime() - start) / 1e9;
    var micros = all.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    return new Result(micros.length, elapsed, failures.sum(), micros);
  }

  private static int[] loop(
      Client client, long end, java.util.concurrent.atomic.LongAdder failures) throws IOException {
    var micros = new int[1024];
    var count = 0;
    for (var now = System.nanoTime(); now < end; ) {
      var well = client.next();
      var then = System.nanoTime();
      if (!well) {
        failures.increment();
      } else {
        if (count == micros.length) {
          micros = Arrays.copyOf(micros, count * 2);
        }
        micros[count++] = (int) TimeUnit.NANOSECONDS.toMicros(then - now);
      }
      now = then;
    }
    return Arrays.copyOf(micros, count);
  }
}
