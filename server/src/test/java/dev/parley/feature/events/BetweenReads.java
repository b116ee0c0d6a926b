package dev.parley.feature.events;

import dev.parley.base.store.JournalRow;
import dev.parley.base.store.PartitionKey;
import dev.parley.base.store.Query;
import dev.parley.base.store.Shard;
import dev.parley.base.store.Store;
import dev.parley.base.store.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store on which something happens once, as soon as a courier has looked at it. */
final class BetweenReads implements Store {
  private final Store inner;
  private final Runnable event;
  private final AtomicBoolean happened = new AtomicBoolean();

  BetweenReads(Store inner, Runnable event) {
    this.inner = inner;
    this.event = event;
  }

  @Override
  public <T> T read(Query<T> query) {
    var answer = inner.read(query);
    if (Thread.currentThread().getName().startsWith("courier-")
        && happened.compareAndSet(false, true)) {
      event.run();
    }
    return answer;
  }

  @Override
  public <T extends @Nullable Object> T write(PartitionKey partition, Unit<T> unit) {
    return inner.write(partition, unit);
  }

  @Override
  public List<JournalRow> journal(Shard shard, long after, int limit) {
    return inner.journal(shard, after, limit);
  }

  @Override
  public Map<Shard, Long> heads() {
    return inner.heads();
  }

  @Override
  public void onCommit(Consumer<List<JournalRow>> listener) {
    inner.onCommit(listener);
  }

  @Override
  public void backup(Path target) {
    inner.backup(target);
  }

  @Override
  public List<String> check() {
    return inner.check();
  }

  @Override
  public void close() {
    inner.close();
  }
}
