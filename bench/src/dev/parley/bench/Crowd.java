package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Many connections, opened a few at a time and closed together. */
record Crowd(List<AutoCloseable> members) implements AutoCloseable {
  private static final int AT_ONCE = 32;

  interface Opening {
    AutoCloseable open(int number) throws Exception;
  }

  static Crowd connect(int count, Opening opening) throws Exception {
    var gate = new Semaphore(AT_ONCE);
    var tasks = new ArrayList<Callable<AutoCloseable>>();
    for (var i = 0; i < count; i++) {
      var number = i;
      tasks.add(
          () -> {
            gate.acquire();
            try {
              return opening.open(number);
            } finally {
              gate.release();
            }
          });
    }
    var members = new ArrayList<AutoCloseable>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(tasks)) {
        members.add(done.get());
      }
    }
    return new Crowd(members);
  }

  @Override
  public void close() throws Exception {
    for (var member : members) {
      member.close();
    }
  }
}
