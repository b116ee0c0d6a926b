package dev.parley.protocol.dtls;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** Two ends of a connection that loses what it is told to lose. */
final class TestPipes {
  private final BlockingQueue<byte[]> toServer = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final IntPredicate loses;

  /** The predicate gets the number of each datagram, from 0 on. */
  TestPipes(IntPredicate loses) {
    this.loses = loses;
  }

  DtlsPipe serverSide() {
    return pipe(toServer, toClient);
  }

  DtlsPipe clientSide() {
    return pipe(toClient, toServer);
  }

  private DtlsPipe pipe(BlockingQueue<byte[]> in, BlockingQueue<byte[]> out) {
    return new DtlsPipe() {
      @Override
      public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
        try {
          var got = in.poll(waitMillis, TimeUnit.MILLISECONDS);
          if (got == null) {
            return -1;
          }
          System.arraycopy(got, 0, bytes, offset, got.length);
          return got.length;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      @Override
      public void send(byte[] bytes, int offset, int length) {
        if (!loses.test(sent.getAndIncrement())) {
          out.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }
      }
    };
  }
}
