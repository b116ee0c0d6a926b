package dev.parley.base.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The moment by which something must happen on a connection. Putting it off is one assignment: the
 * one timer looks when it fires and waits for the rest. Event loop only.
 */
final class Deadline {
  private static final long NEVER = Long.MAX_VALUE;

  private final ChannelHandlerContext context;
  private final Runnable passed;
  private long at = NEVER;
  private @Nullable Future<?> timer;
  private long timerAt;

  Deadline(ChannelHandlerContext context, Runnable passed) {
    this.context = context;
    this.passed = passed;
  }

  /** From now on, that much time is left. */
  void in(Duration time) {
    at = System.nanoTime() + time.toNanos();
    if (timer != null && at - timerAt < 0) {
      timer.cancel(false);
      timer = null;
    }
    if (timer == null) {
      arm(time.toNanos());
    }
  }

  /** Nothing has to happen. */
  void off() {
    at = NEVER;
  }

  private void arm(long nanos) {
    timerAt = at;
    timer = context.executor().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    timer = null;
    if (at == NEVER || !context.channel().isOpen()) {
      return;
    }
    var left = at - System.nanoTime();
    if (left <= 0) {
      passed.run();
    } else {
      arm(left);
    }
  }
}
