package dev.parley.base.store;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Many small units at once, so that the store can gather them into one commit. */
public final class SideBySide {
  /** Longest list that {@link #each} is given. */
  public static final int ITEMS_MAX = 256;

  private SideBySide() {}

  /**
   * Does the work of every item on a virtual thread of its own; returns when all is done, throws
   * what the first failure threw.
   */
  public static <T> void each(List<T> items, Consumer<T> work) {
    var tasks =
        items.stream()
            .<Callable<Boolean>>map(item ->
                () -> {
                  work.accept(item);
                  return true;
                })
            .toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var task : threads.invokeAll(tasks)) {
        task.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted before all was done.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("A unit of work failed.", e);
    }
  }
}
