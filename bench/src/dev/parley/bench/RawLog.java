package dev.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;

/** The least a durable store can do: append what waits, one fdatasync for all of it, then let everybody go on. */
final class RawLog implements Runnable {
  private record Waiting(byte[] record, CountDownLatch durable) {}

  private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(20_000);
  private final FileChannel file;

  RawLog(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    Thread.ofPlatform().daemon().name("raw-log").start(this);
  }

  /** Returns when the record is durable. */
  void append(byte[] record) throws InterruptedException {
    var waiting = new Waiting(record, new CountDownLatch(1));
    queue.put(waiting);
    waiting.durable().await();
  }

  @Override
  public void run() {
    var batch = new ArrayList<Waiting>();
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, 511);
        var bytes = ByteBuffer.allocate(batch.stream().mapToInt(one -> one.record().length).sum());
        batch.forEach(one -> bytes.put(one.record()));
        bytes.flip();
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(false);
        batch.forEach(one -> one.durable().countDown());
        batch.clear();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
